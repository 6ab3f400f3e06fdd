"""Meetings driven at random by their verbs, and held against a model after every step.

Runs inside one transaction, each run rolled back to where it began. The real sender tells what is due.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from invitations.answers import answer
from invitations.messages import send
from invitations.messages.told import differs, last_told, picture_now
from invitations.models import Answer, Invitation, Message, MessageState, Occasion, Step
from meetings import booking, changes, formats, handing_over, reinstating, staff
from meetings.models import Format, Meeting, Participant, Role, Room
from meetings.places import Place
from meetings.times import slot
from navmeet.accounts.models import User
from navmeet.exceptions import DomainError
from navmeet.people.models import Person
from tests import make
from tests.meetings.setting import changing, colleague
from tests.races import truth
from tests.races.model import Meet, Model

# Weekdays more than three weeks on, so that all reminders are due in time; the first three, and the last two, overlap.
STARTS = [(date(2027, 2, 10), time(11, 0)), (date(2027, 2, 10), time(11, 30)), (date(2027, 2, 10), time(12, 0))]
STARTS += [(date(2027, 2, 17), time(13, 0)), (date(2027, 2, 17), time(13, 15))]
OVERLAPPING = frozenset(map(frozenset, [{0}, {1}, {2}, {3}, {4}, {0, 1}, {1, 2}, {3, 4}]))
SLOTS, PEOPLE, CITIZENS, MOST = st.integers(0, 4), st.integers(0, 2), st.integers(0, 1), 4
FORMATS = st.sampled_from(Format.values)
ALWAYS, BEFORE_A_CALL = {Step.DAYS_7, Step.DAY_1}, {Step.HOUR_1}
WAITS = timedelta(minutes=11)
RESERVED = 1


@dataclass(frozen=True)
class World:
    """Who there is, whatever happens: the second citizen cannot be told digitally."""

    hosts: list[User]
    citizens: list[Person]
    room: Room


class Meetings(RuleBasedStateMachine):
    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.at = make.NOW
        self.model = Model(OVERLAPPING)
        self.ids: dict[int, Any] = {}

    @initialize(host=PEOPLE, when=SLOTS)
    def one_is_booked(self, host: int, when: int) -> None:
        self.book(host=host, citizen=0, when=when, held=Format.VIDEO)

    @precondition(lambda self: len(self.ids) < MOST)
    @rule(host=PEOPLE, citizen=CITIZENS, when=SLOTS, held=FORMATS)
    def book(self, host: int, citizen: int, when: int, held: str) -> None:
        by, person = make.actor(self.world.hosts[host]), self.world.citizens[citizen]
        number = len(self.ids)
        expected = self.model.book(number, Meet(when, held, host, citizen))
        wanted = make.wanted(person, format=Format(held), place=self._place(held))
        wanted = booking.Booking(**{**vars(wanted), "slot": self._slot(when)})
        made = self._do(
            expected,
            booking.book,
            wanted=wanted,
            can_be_told=citizen != RESERVED,
            by=by,
            clearance=make.clearance(person, by, self.at),
            at=self.at,
            overrule=make.ANYHOW,
        )
        if made is not None:
            self.ids[number] = made.pk

    @rule(number=SLOTS, when=SLOTS)
    def move(self, number: int, when: int) -> None:
        self._change(number, lambda one: self.model.move(one, when), changes.move, to=self._slot(when), place=None)

    @rule(number=SLOTS, held=FORMATS)
    def change_format(self, number: int, held: str) -> None:
        more = {"to": Format(held), "place": self._place(held), "safety_measures": frozenset()}
        self._change(number, lambda one: self.model.change_format(one, held), formats.change_format, **more)

    @rule(number=SLOTS)
    def cancel(self, number: int) -> None:
        self._change(number, self.model.cancel, changes.cancel, overrule=None)

    @rule(number=SLOTS)
    def reinstate(self, number: int) -> None:
        self._change(number, self.model.reinstate, reinstating.reinstate, safety_measures=frozenset())

    @rule(number=SLOTS, to=PEOPLE, stays=st.booleans())
    def hand_over(self, number: int, to: int, stays: bool) -> None:
        whom = {"to": colleague(self._meeting(number), self.world.hosts[to], self.at), "stays": stays}
        self._change(number, lambda one: self.model.hand_over(one, to, stays=stays), handing_over.hand_over, **whom)

    @rule(number=SLOTS, who=PEOPLE)
    def add_staff(self, number: int, who: int) -> None:
        whom = {"colleague": colleague(self._meeting(number), self.world.hosts[who], self.at)}
        self._change(number, lambda one: self.model.add_staff(one, who), staff.add_staff, **whom)

    @rule(number=SLOTS, who=PEOPLE)
    def remove_staff(self, number: int, who: int) -> None:
        user = self.world.hosts[who]
        found = Participant.objects.filter(meeting=self._meeting(number), user=user).first()
        whom = {"participant_id": found.pk if found else user.pk, "overrule": None}
        self._change(number, lambda one: self.model.remove_staff(one, who), staff.remove_staff, **whom)

    @rule(number=SLOTS)
    def change_what_is_another_by_now(self, number: int) -> None:
        arguments = changing(self._meeting(number), at=self.at)
        arguments["version"] += 1
        self._do("stale", changes.cancel, **arguments)

    @rule(number=SLOTS, kind=st.sampled_from([Answer.Kind.COMING, Answer.Kind.NOT_COMING]))
    def answer(self, number: int, kind: Answer.Kind) -> None:
        meeting, meet = self._meeting(number), self.model.meetings[self._known(number)]
        by = make.citizen_actor(self.world.citizens[meet.citizen])
        about = Invitation.objects.get(participant=meeting.citizen())
        self._do(
            "wrong_state" if meet.is_cancelled else "",
            answer,
            invitation_id=about.pk,
            revision_number=meet.revision,
            kind=kind,
            words="",
            by=by,
            at=self.at,
        )

    @rule()
    def time_passes(self) -> None:
        """All that is due is told."""
        self.at += WAITS
        send.sweep(self.at)
        for meet in self.model.meetings.values():
            if meet.citizen != RESERVED:
                meet.told, meet.again = meet.picture, False

    @invariant()
    def nobody_is_in_two_places_and_the_calendars_are_the_meetings(self) -> None:
        assert truth.faults() == {}

    @invariant()
    def meetings_are_as_the_model_has_them(self) -> None:
        found = {one.pk: one for one in Meeting.objects.all()}
        assert len(found) == len(self.ids)
        employees = Participant.objects.filter(user__isnull=False, removed_at=None)
        present = set(employees.values_list("meeting_id", "user_id", "role"))
        wanted = set()
        for number, pk in self.ids.items():
            one, meet = found[pk], self.model.meetings[number]
            numbers = (one.version, one.revision_number, one.sequence)
            assert numbers == (meet.version, meet.revision, meet.sequence)
            assert (one.status == "CANCELLED") == meet.is_cancelled
            assert (one.starts_at, one.format) == (self._slot(meet.when).starts_at, meet.held)
            assert one.host_id == self.world.hosts[meet.host].pk
            wanted |= {(pk, self.world.hosts[who].pk, Role.STAFF) for who in meet.staff}
            wanted.add((pk, one.host_id, Role.HOST))
        assert present == wanted

    @invariant()
    def what_waits_to_be_told_is_what_is_untold(self) -> None:
        waiting: dict[Any, list[Message]] = {}
        for message in Message.objects.filter(state=MessageState.PLANNED):
            waiting.setdefault(message.meeting_id, []).append(message)
        for number, pk in self.ids.items():
            self._check_waiting(self.model.meetings[number], waiting.get(pk, []))

    def teardown(self) -> None:
        try:
            if connection.needs_rollback:
                return
            self.time_passes()
            for number, pk in self.ids.items():
                self._check_told(self.model.meetings[number], Meeting.objects.get(pk=pk))
        finally:
            transaction.savepoint_rollback(self.before)
            connection.run_on_commit.clear()

    def _check_waiting(self, meet: Meet, waits: list[Message]) -> None:
        if meet.citizen == RESERVED:
            assert not waits
            return
        occasions = Counter(one.occasion for one in waits)
        reminders = [one.step for one in waits if one.occasion == Occasion.REMINDER]
        news = set(occasions) - {Occasion.REMINDER, Occasion.ANSWERED}
        if meet.is_cancelled:
            assert set(occasions) <= {Occasion.CANCELLED}
        else:
            assert Occasion.CANCELLED not in occasions
            assert {one.about_number for one in waits} == {meet.revision}
            assert sorted(reminders) == sorted(ALWAYS | (set() if meet.held == Format.IN_PERSON else BEFORE_A_CALL))
        assert occasions.total() - len(reminders) == len(news | (set(occasions) & {Occasion.ANSWERED}))
        assert len(news) <= 1
        if meet.told == meet.picture:
            assert news <= ({Occasion.REINSTATED} if meet.again else set())
        else:
            assert set(occasions) - {Occasion.REMINDER}, "they are to hear of it, and nothing waits"

    def _check_told(self, meet: Meet, meeting: Meeting) -> None:
        citizen = meeting.citizen()
        last = last_told(citizen)
        if meet.citizen == RESERVED:
            assert last is None
            return
        assert last is not None
        assert (last.occasion == Occasion.CANCELLED) == meet.is_cancelled
        if not meet.is_cancelled:
            assert last.picture is not None
            assert differs(last.picture, picture_now(citizen, meeting)) == set()

    def _change(self, number: int, expected: Callable[[int], str], verb: Callable[..., Any], **more: Any) -> None:
        one, meeting = self._known(number), self._meeting(number)
        meet = self.model.meetings[one]
        told = {"can_be_told": meet.citizen != RESERVED, "overrule": make.ANYHOW}
        arguments = changing(meeting, at=self.at, **(told | more))
        if arguments["overrule"] is None:
            del arguments["overrule"]
        self._do(expected(one), verb, **arguments)

    def _do(self, expected: str, verb: Callable[..., Any], **arguments: Any) -> Any:
        """A minute later than the last. It is done, or refused with the code the model says."""
        try:
            made, said = verb(**arguments), ""
        except DomainError as error:
            made, said = None, error.code
        assert said == expected
        self.at += timedelta(minutes=1)
        return made

    def _known(self, number: int) -> int:
        return number % len(self.ids)

    def _meeting(self, number: int) -> Meeting:
        return Meeting.objects.get(pk=self.ids[self._known(number)])

    def _slot(self, when: int) -> Any:
        day, clock = STARTS[when]
        return slot(day=day, clock=clock, minutes=45, fold=None, at=self.at)

    def _place(self, held: str) -> Place:
        if held == Format.PHONE:
            return Place(caller="NAV", phone="99112233")
        return Place(room_id=self.world.room.pk) if held == Format.IN_PERSON else Place()
