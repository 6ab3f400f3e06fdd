"""What a person was asked to do, and need not any more: they are reached, something newer is told, or it is over.

Each task says by itself why it ended (`Task.Ended`); nobody ticked it off. What still holds stays: a letter that was
not posted about something that nothing else has told.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from invitations.messages import letters
from invitations.messages.occasions import ABOUT_WHAT_WAS, CALLS_OFF, OF_MINUTES, TASKS, TELL_OF_MEETING
from invitations.models import Message, Occasion
from meetings.models import Status, Task

IN_ITS_STEAD: Final = (Task.Kind.SEND_LETTER, Task.Kind.CALL)
OF_THE_MEETING: Final = frozenset(Occasion) - ABOUT_WHAT_WAS
_CONCLUDED: Final = (Status.HELD, Status.NOT_HELD)
_ITSELF: Final = frozenset({Occasion.PEOPLE_CHANGED, Occasion.DETAILS_CHANGED})


def not_reached(messages: Iterable[UUID], of: Message, why: Task.Ended, at: datetime) -> None:
    """Nobody has to ring because these messages did not arrive."""
    causes = [letters.about(pk) for pk in messages]
    end(_open(of.meeting_id, [Task.Kind.NOT_REACHED]).filter(about__in=causes), why, at)


def arrived(message: Message, at: datetime) -> None:
    """A citizen has it: no letter and no call in its stead, nor about what it tells anew."""
    if message.participant.is_partner:
        return
    before = Q(_of(_told_anew_by(message.occasion)), made_at__lte=message.planned_at)
    waiting = _open(message.meeting_id, IN_ITS_STEAD)
    end(waiting.filter(_of_the_same(message) | before), Task.Ended.ARRIVED, at)


def overtaken(message: Message, at: datetime) -> None:
    """It is planned, for a citizen: what letters and calls were to say before it holds no more, or is told with it."""
    anew = _told_anew_by(message.occasion)
    if message.participant.is_partner or not anew:
        return
    older = _open(message.meeting_id, IN_ITS_STEAD).filter(_of(anew)).exclude(_of_the_same(message))
    end(older, Task.Ended.OVERTAKEN, at)


def heard(participant_id: UUID, messages: Iterable[UUID], at: datetime) -> None:
    """They have answered: these messages were read, and a citizen need not be rung about the meeting.

    A letter is posted all the same: it is theirs to keep.
    """
    waiting = Task.objects.filter(meeting__participants=participant_id, done_at=None)
    causes = [letters.about(pk) for pk in messages]
    end(waiting.filter(kind=Task.Kind.NOT_REACHED, about__in=causes), Task.Ended.ANSWERED, at)
    theirs = waiting.filter(meeting__participants__person__isnull=False, kind=Task.Kind.CALL)
    end(theirs.filter(_of(TELL_OF_MEETING)), Task.Ended.ANSWERED, at)


def end_about(meeting_id: UUID, occasions: Collection[str], at: datetime, *, but: Collection[str] = ()) -> None:
    """What letters and calls were to say of these holds no more; `but`: causes that do."""
    found = _open(meeting_id, IN_ITS_STEAD).filter(_of(occasions)).exclude(about__in=but)
    end(found, Task.Ended.OVERTAKEN, at)


def end_over(at: datetime) -> int:
    """Nobody rings or writes about a meeting that is over; how many were to. One statement.

    What was told after it, and the letter that it was called off, stay; and until the meeting is concluded, that
    somebody was never told when to come.
    """
    is_concluded = Q(meeting__status__in=_CONCLUDED)
    is_over = Q(meeting__ends_at__lte=at) | Q(meeting__ended_at__isnull=False) | is_concluded
    rings = Q(kind=Task.Kind.NOT_REACHED, tried__occasion__in=sorted(OF_THE_MEETING))
    rings &= is_concluded | ~Q(tried__contains={"is_late": True})
    rings |= Q(_of(OF_THE_MEETING), kind=Task.Kind.CALL)
    writes = Q(_of(OF_THE_MEETING - CALLS_OFF), kind=Task.Kind.SEND_LETTER)
    return end(Task.objects.filter(is_over, rings | writes), Task.Ended.OVER, at)


def end(tasks: QuerySet[Task], why: Task.Ended, at: datetime) -> int:
    """By nobody; how many that was."""
    return tasks.filter(done_at=None).update(done_at=at, done_by=None, ended=why)


def _told_anew_by(occasion: str) -> frozenset[str]:
    """What of before is told, or put right, by this."""
    if occasion in TASKS | CALLS_OFF:
        return OF_THE_MEETING
    if occasion in OF_MINUTES:
        return OF_MINUTES
    return frozenset({occasion}) & _ITSELF


def _open(meeting_id: UUID, kinds: Collection[str]) -> QuerySet[Task]:
    return Task.objects.filter(meeting=meeting_id, kind__in=kinds, done_at=None)


def _of(occasions: Iterable[str]) -> Q:
    """As letters.py names what such a task is about."""
    found = Q(pk__in=[])
    for occasion in occasions:
        found |= Q(about__startswith=f"{occasion}:")
    return found


def _of_the_same(message: Message) -> Q:
    """Whatever number of times it was asked for again."""
    cause = f"{message.occasion}:{message.about_number}"
    return Q(about=cause) | Q(about__startswith=f"{cause}:")
