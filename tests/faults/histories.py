"""Random histories of meetings, told by the verbs alone: booked, answered, changed in every way, and at last over."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from invitations import links, repairing, wishes
from invitations.answers import answer
from invitations.messages import tell_now
from invitations.models import Answer, Because, Invitation
from meetings import changes, details, formats, handing_over, outcome, reinstating, staff
from meetings.models import Format, Meeting, Participant, Status
from meetings.places import Place
from meetings.texts import CitizenTexts
from meetings.times import slot
from navmeet.accounts.models import User
from navmeet.exceptions import DomainError
from tests import make
from tests.faults.figures import PEOPLE
from tests.faults.min_side import Truth
from tests.faults.planning import known
from tests.meetings.setting import changing, colleague, given

# Each has an hour of its own, so that none of them stands in another's way.
AT_ONCE = 10
FIRST_HOUR, DAYS = 8, range(1, 6)
# Many acts are nothing to do just then: so often another is tried.
TRIES = 4
PLACES = {
    Format.VIDEO: Place(),
    Format.PHONE: Place(caller="NAV", phone="99112233"),
    Format.IN_PERSON: Place(address="Prøvegata 1"),
}


@dataclass
class History:
    """One meeting, what is true of it, and what was done to it."""

    number: int
    meeting: Meeting
    citizen: Participant
    hour: int
    luck: Random
    truths: list[Truth]
    acts: list[str] = field(default_factory=list)

    @property
    def link(self) -> str:
        return links.address(Invitation.objects.get(participant=self.citizen).pk)

    @property
    def is_cancelled(self) -> bool:
        return Meeting.objects.get(pk=self.meeting.pk).status == Status.CANCELLED


class Cast:
    """Who books and takes part: hosts of their own for each history that goes on at once."""

    def __init__(self) -> None:
        self.hosts = [make.caseworker() for _ in range(AT_ONCE)]
        self.spare = [make.caseworker() for _ in range(AT_ONCE)]
        self.done: Counter[str] = Counter()

    def begin(self, number: int, at: datetime) -> History:
        luck, hour = Random(number), number % AT_ONCE
        held = luck.choice(list(PLACES))
        meeting = make.meeting(
            self.hosts[hour],
            known(PEOPLE[number % len(PEOPLE)]),
            day=_day(at, luck),
            clock=time(FIRST_HOUR + hour),
            at=at,
            format=held,
            place=PLACES[held],
        )
        return History(number, meeting, meeting.citizen(), hour, luck, [Truth(at, meeting.ends_at)], [f"{at} booked"])

    def act(self, history: History, at: datetime, wanted: "Act | None" = None) -> None:
        """What is wanted happens to it, or something, if it can."""
        for _ in range(TRIES):
            act = wanted or history.luck.choice(ACTS)
            try:
                act(Turn(self, history, history.meeting, at))
            except DomainError as refused:
                history.acts.append(f"{at} not {act.__name__}: {refused.code}")
                continue
            history.acts.append(f"{at} {act.__name__}")
            self.done[act.__name__] += 1
            history.meeting.refresh_from_db()
            history.truths.append(Truth(at, history.meeting.ends_at))
            return


@dataclass(frozen=True)
class Turn:
    """What an act is given."""

    cast: Cast
    history: History
    meeting: Meeting
    at: datetime

    @property
    def luck(self) -> Random:
        return self.history.luck

    @property
    def changing(self) -> dict[str, Any]:
        return changing(self.meeting, at=self.at)

    def of_changing(self, *names: str) -> dict[str, Any]:
        arguments = self.changing
        return {name: arguments[name] for name in names}

    @property
    def invitation(self) -> Invitation:
        return Invitation.objects.get(participant=self.history.citizen)

    @property
    def as_citizen(self) -> dict[str, Any]:
        person = self.history.citizen.person
        assert person is not None
        return {"invitation_id": self.invitation.pk, "by": make.citizen_actor(person), "at": self.at}

    def say(self, kind: Answer.Kind) -> None:
        number = self.meeting.revision_number
        answer(revision_number=number, kind=kind, words="", **self.as_citizen)

    def spare(self) -> User:
        return self.cast.spare[self.history.hour]


def _day(at: datetime, luck: Random) -> date:
    return (at + timedelta(days=luck.choice(DAYS))).date()


def _comes(turn: Turn) -> None:
    turn.say(Answer.Kind.COMING)


def _does_not_come(turn: Turn) -> None:
    turn.say(Answer.Kind.NOT_COMING)


def _wishes(turn: Turn) -> None:
    turn.say(turn.luck.choice([Answer.Kind.OTHER_TIME, Answer.Kind.OTHER_FORMAT]))


def _takes_the_wish_back(turn: Turn) -> None:
    wishes.withdraw(**turn.as_citizen)


def _is_told_that_it_stands(turn: Turn) -> None:
    more = turn.of_changing("by", "clearance", "at")
    for wish in wishes.open_in(turn.meeting, turn.at):
        wishes.stands(answer_id=wish.pk, sentence="Vi har ingen annen tid.", can_be_told=True, **more)


def to_another_day(turn: Turn) -> dict[str, Any]:
    """What moving it there takes."""
    clock = time(FIRST_HOUR + turn.history.hour)
    to = slot(day=_day(turn.at, turn.luck), clock=clock, minutes=45, fold=None, at=turn.at)
    return turn.changing | {"to": to, "place": None, "overrule": make.ANYHOW}


def _moves(turn: Turn) -> None:
    changes.move(**to_another_day(turn))


def _changes_format(turn: Turn) -> None:
    to = turn.luck.choice(list(PLACES))
    more: dict[str, Any] = {"safety_measures": frozenset(), "overrule": make.ANYHOW}
    formats.change_format(to=to, place=PLACES[to], **turn.changing, **more)


def _says_more(turn: Turn) -> None:
    texts = CitizenTexts(theme=f"Veien videre {turn.luck.randint(1, 9)}", purpose="", preparations="")
    wanted = details.Details(texts=texts, language=turn.history.citizen.language, check_identity=False)
    details.change_details(details=wanted, is_correction=False, can_be_told=True, **given(turn.meeting, at=turn.at))


def _adds_a_colleague(turn: Turn) -> None:
    staff.add_staff(colleague=colleague(turn.meeting, turn.spare(), turn.at), overrule=make.ANYHOW, **turn.changing)


def _hands_over(turn: Turn) -> None:
    to = colleague(turn.meeting, turn.luck.choice([turn.spare(), turn.cast.hosts[turn.history.hour]]), turn.at)
    handing_over.hand_over(to=to, stays=turn.luck.random() < 0.5, overrule=make.ANYHOW, **turn.changing)


def _tells_now(turn: Turn) -> None:
    tell_now.tell_now(**turn.of_changing("meeting_id", "by", "clearance", "at"))


def _sends_again(turn: Turn) -> None:
    more = turn.of_changing("by", "clearance", "at")
    repairing.send_again(invitation_id=turn.invitation.pk, because=Because.ASKED, can_be_told=True, **more)


def _cancels(turn: Turn) -> None:
    changes.cancel(**turn.changing)


def _reinstates(turn: Turn) -> None:
    reinstating.reinstate(safety_measures=frozenset(), overrule=make.ANYHOW, **turn.changing)


def _ends(turn: Turn) -> None:
    outcome.end_meeting(**given(turn.meeting, at=turn.at))


Act = Callable[[Turn], object]
# What happens more often in life stands here more often.
ACTS: tuple[Act, ...] = (
    *(_comes, _comes, _does_not_come, _wishes, _takes_the_wish_back, _is_told_that_it_stands),
    *(_moves, _moves, _changes_format, _says_more, _adds_a_colleague, _hands_over, _tells_now),
    *(_sends_again, _sends_again, _cancels, _cancels, _reinstates, _reinstates, _reinstates, _ends),
)
