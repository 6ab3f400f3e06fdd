"""What did not reach somebody and has not been repaired: by cause, the newest trouble first.

One row a participant: the newest that did not arrive, while it still matters. It goes when something newer reached
them, they answered, somebody rang or got in touch, or the letter was sent. A letter that may come too late
is not enough: the row stays until they are rung too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Coalesce, Concat, Replace

from invitations.messages import causes, letters, log_words, next_try, nothing_left
from invitations.messages.letters import WORTH_A_LETTER
from invitations.messages.log_words import ON_ITS_WAY
from invitations.messages.next_try import NextTry
from invitations.messages.occasions import ABOUT_WHAT_WAS, NOT_SENT
from invitations.models import NOT_DIGITALLY, Answer, Channel, Message, MessageState, Occasion, Retraction, Step, Why
from meetings.models import Meeting, Status, Task
from navmeet.accounts.actor import Actor
from navmeet.exceptions import Invalid

HANGS: Final = "HANGS"
# The word of the ledger on why, and that it hangs: in the order in which they are told apart.
CAUSES: Final[Mapping[str, str]] = {
    HANGS: "Kommer ikke av gårde",
    Why.NOT_DELIVERED: "Kom ikke fram",
    Why.NOT_CONFIRMED: "Vi vet ikke om det kom fram",
    Why.TAKEN_AWAY: "Fjernet fra Min side av andre enn oss",
    Why.REFUSED_BY_RULES: "Mottakssystemet tok det ikke imot",
    Why.NO_WORDS: "Vi har ingen tekst på skriftspråket",
    Why.RESERVED: "Reservert mot digital kontakt",
    Why.CANNOT_BE_TOLD: "Mangler e-post og mobil i kontaktregisteret",
    Why.BROKER: "Vi fikk ikke kontakt med systemet som sender",
    Why.TOO_LATE: "Det ble for sent å sende",
}
_CALLS_OFF: Final = frozenset({Occasion.CANCELLED, Occasion.REMOVED})
# Minutes that nobody could be told of are news for a month.
_LOOKED_BACK: Final = timedelta(days=30)
# Of which a receipt says more.
_SAID_MORE: Final = frozenset({Why.REFUSED_BY_RULES, Why.TAKEN_AWAY})
_ASKED: Final = (Task.Kind.SEND_LETTER, Task.Kind.CALL, Task.Kind.NOT_REACHED)
# What is known by nobody's answer.
_NOT_ANSWERED: Final = _CALLS_OFF | ABOUT_WHAT_WAS
# As letters.py names what a task is about.
_CONTACT_ABOUT: Final = Concat(Value("message:"), Replace(Cast("pk", CharField()), Value("-"), Value("")))
_LETTER_ABOUT: Final = Concat(F("occasion"), Value(":"), Cast("about_number", CharField()), output_field=CharField())


class Repair(StrEnum):
    """What can be done about it."""

    SEND_AGAIN = "SEND_AGAIN"
    CORRECT_CONTACT = "CORRECT_CONTACT"
    SEND_LETTER = "SEND_LETTER"
    CALL = "CALL"


@dataclass(frozen=True)
class Trouble:
    """One row. `letter` is the open task of sending one, `call` that of ringing because it may come too late, `contact`
    that of getting in touch, with what was tried. `is_on_its_way`: something is under way, or is planned by the house
    itself, `next_try` says when. `may_go`: it is not too late for their part of the meeting.
    `is_urgent`: sent now, a letter may come too late.
    """

    message: Message
    words: str
    cause: str
    trouble_at: datetime
    is_on_its_way: bool
    next_try: NextTry | None
    letter: Task | None
    call: Task | None
    contact: Task | None
    may_go: bool
    is_urgent: bool

    @property
    def cause_words(self) -> str:
        return CAUSES.get(self.cause, CAUSES[Why.NOT_DELIVERED])

    @property
    def attempts(self) -> int:
        return causes.attempts(self.message)

    @property
    def _may_be_corrected(self) -> bool:
        """While an e-mail is to go there once more, nothing says that the address is wrong."""
        is_held_right = self.next_try is not None and self.next_try.is_to_the_same_address
        return self.may_go and not is_held_right and self.message.participant.removed_at is None

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """In the order in which they are offered."""
        partner = self.message.participant.is_partner
        found = {
            Repair.SEND_LETTER: self.letter is not None,
            Repair.CORRECT_CONTACT: partner and self._may_be_corrected,
            Repair.SEND_AGAIN: self.may_go and self.cause != HANGS and not self.is_on_its_way,
            Repair.CALL: True,
        }
        return tuple(repair for repair, is_offered in found.items() if is_offered)


def visible_to(by: Actor, *, at: datetime, cause: str | None = None) -> QuerySet[Message]:
    """The office's list, and of the meetings one leads oneself; only of those that `by` may know of.

    `cause`: by that alone. Raises Invalid.
    """
    if cause is not None and cause not in CAUSES:
        raise Invalid("Vi kjenner ikke årsaken.", code="cause", field="cause")
    seen = Meeting.objects.visible_to(by).filter(Q(office_id=by.known_office) | Q(host_id=by.known_id))
    return of(Message.objects.filter(meeting__in=seen), at, cause)


def of_meeting(meeting: Meeting, at: datetime) -> dict[UUID, Trouble]:
    """By message. Two queries."""
    return {one.message.pk: one for one in rows(of(Message.objects.filter(meeting=meeting), at), at=at)}


def of(messages: QuerySet[Message], at: datetime, cause: str | None = None) -> QuerySet[Message]:
    """Those of the messages that are rows at `at`, with `cause`, `trouble_at`, `is_on_its_way` and what the house tries
    next; the newest first.
    """
    hangs, trouble = _hangs(at), _trouble(at)
    later = Message.objects.filter(participant=OuterRef("participant")).filter(
        Q(due_at__gt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__gt=OuterRef("pk"))
    )
    # Plain words stand on the page alone: nobody is reached by them.
    words = later.exclude(step=Step.PLAIN)
    reached = words.filter(Q(state=MessageState.DELIVERED) | Q(state=MessageState.SENT, known_by=None))
    on_its_way = words.filter(
        Q(state=MessageState.SENT, known_by__isnull=False) | Q(state__in=NOT_SENT, due_at__lte=at) & ~hangs
    )
    found = messages.filter(trouble, _still_matters(at)).exclude(channel=Channel.SMS)
    found = found.exclude(Exists(later.exclude(channel=Channel.SMS).filter(trouble)))
    found = found.alias(contact_about=_CONTACT_ABOUT, letter_about=_LETTER_ABOUT)
    found = found.filter(Exists(_contacts(done_at=None)) | ~Exists(reached) & ~Exists(_contacts(done_at__isnull=False)))
    found = found.exclude(Q(why__in=NOT_DIGITALLY) & Exists(_letters_sent()) & ~Exists(_calls_open()))
    found = found.exclude(~Q(occasion__in=_NOT_ANSWERED) & Exists(_answers()))
    found = next_try.annotate(found, at)
    found = found.select_related("meeting", "participant__invitation").annotate(
        cause=Case(When(hangs, then=Value(HANGS)), default=F("why"), output_field=CharField()),
        trouble_at=Coalesce("settled_at", "due_at", output_field=DateTimeField()),
        is_on_its_way=Exists(on_its_way),
    )
    found = found.order_by("-trouble_at", "-pk")
    return found if cause is None else found.filter(cause=cause)


def rows(messages: Iterable[Message], *, at: datetime) -> list[Trouble]:
    """Of messages of `of`, in their order. One query more; two, where a receiver has said something of one."""
    found: list[Any] = list(messages)
    answered = [one for one in found if one.channel != Channel.DITT_NAV or one.why in _SAID_MORE]
    prefetch_related_objects(answered, "receipts")
    meetings = {one.meeting_id for one in found}
    asked = Task.objects.filter(meeting__in=meetings, done_at=None, kind__in=_ASKED) if found else ()
    tasks = {(task.meeting_id, task.kind, _cause_of(task)): task for task in asked}

    def in_its_stead(one: Any, kind: Task.Kind) -> Task | None:
        cause = f"{one.occasion}:{one.about_number}"
        return tasks.get((one.meeting_id, kind, cause)) if one.why in NOT_DIGITALLY else None

    return [
        Trouble(
            message=one,
            words=log_words.of_message(one, at),
            cause=one.cause,
            trouble_at=one.trouble_at,
            is_on_its_way=one.is_on_its_way or one.next_at is not None,
            next_try=next_try.of(one),
            letter=in_its_stead(one, Task.Kind.SEND_LETTER),
            call=in_its_stead(one, Task.Kind.CALL),
            contact=tasks.get((one.meeting_id, Task.Kind.NOT_REACHED, letters.about(one.pk))),
            may_go=nothing_left.may_be_sent_again(one, at),
            is_urgent=letters.may_come_too_late(one.meeting, one.occasion, at),
        )
        for one in found
    ]


def _cause_of(task: Task) -> str:
    """Without how many times it was asked for again."""
    return ":".join(task.about.split(":")[:2])


def _hangs(at: datetime) -> Q:
    return Q(state__in=NOT_SENT, due_at__lte=at - ON_ITS_WAY, planned_at__lte=at - ON_ITS_WAY)


def _trouble(at: datetime) -> Q:
    worth = Q(occasion__in=WORTH_A_LETTER)
    return (
        Q(state=MessageState.FAILED)
        | worth & Q(state=MessageState.SKIPPED, why__in=[*NOT_DIGITALLY, Why.TOO_LATE])
        | _hangs(at)
    )


def _still_matters(at: datetime) -> Q:
    """Could somebody still be told, and should they?"""
    alive = Q(participant__person=None) | Q(participant__person__deceased_known_at=None)
    to_come = Q(meeting__ends_at__gt=at)
    takes_part = Q(participant__removed_at=None, participant__invitation__closed_at=None)
    of_it = ~Q(occasion__in=[*_CALLS_OFF, *ABOUT_WHAT_WAS])
    taken_back = Retraction.objects.filter(message=OuterRef("pk"), after=None).exclude(
        state=Retraction.State.NOT_NEEDED
    )
    matters: Q = (
        to_come & takes_part & of_it & Q(meeting__status=Status.SCHEDULED)
        | to_come & Q(meeting__status=Status.CANCELLED, occasion=Occasion.CANCELLED)
        | to_come & Q(meeting__status=Status.SCHEDULED, occasion=Occasion.REMOVED)
        | Q(~Exists(taken_back), occasion__in=ABOUT_WHAT_WAS, planned_at__gt=at - _LOOKED_BACK)
    )
    return alive & matters


def _contacts(**which: Any) -> QuerySet[Task]:
    """What was asked of a person about this message: to ring, or to get in touch."""
    kinds = (Task.Kind.NOT_REACHED, Task.Kind.CALL)
    tasks = Task.objects.filter(meeting=OuterRef("meeting"), kind__in=kinds, about=OuterRef("contact_about"))
    return tasks.filter(**which)


def _letters_sent() -> QuerySet[Task]:
    """Or rung to, in place of a letter that would come too late."""
    return _in_its_stead(kind__in=(Task.Kind.SEND_LETTER, Task.Kind.CALL), done_at__gte=OuterRef("planned_at"))


def _calls_open() -> QuerySet[Task]:
    return _in_its_stead(kind=Task.Kind.CALL, done_at=None)


def _in_its_stead(**which: Any) -> QuerySet[Task]:
    tasks = Task.objects.filter(meeting=OuterRef("meeting"), **which)
    again = Concat(OuterRef("letter_about"), Value(":"))
    return tasks.filter(Q(about=OuterRef("letter_about")) | Q(about__startswith=again))


def _answers() -> QuerySet[Answer]:
    """They know of it: they have answered since."""
    return Answer.objects.filter(
        invitation__participant=OuterRef("participant"), is_known=True, given_at__gte=OuterRef("planned_at")
    )
