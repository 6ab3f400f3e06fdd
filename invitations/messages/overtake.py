"""What a change does to messages of before: those not sent are void, those on Ditt NAV are taken back.

A row that a sender has in hand is void too: the sender finds that out when it settles (settle.py). Since it may die
before that, whatever a sender has ever had in hand gets its retraction here, due when the lease must have ended:
taking back what was never sent does nothing (Min side knows no such varselId).
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from invitations.models import Message, MessageState, Occasion, Retraction, Why
from meetings.models import Meeting

# What speaks of the meeting to come, and so is overtaken when that changes.
OF_THE_MEETING = frozenset({Occasion.INVITED, Occasion.MOVED, Occasion.ANSWERED, Occasion.REMINDER})
TASKS = frozenset({Occasion.INVITED, Occasion.MOVED})
NOT_SENT = frozenset({MessageState.PLANNED, MessageState.CLAIMED})
MAY_BE_OUT = Q(sent_at__isnull=False) | Q(attempts__gt=0)


def void_unsent(meeting: Meeting, why: Why, at: datetime) -> int:
    """No message about the meeting to come leaves any more; how many that was. In the change's transaction."""
    unsent = _of(meeting, OF_THE_MEETING).filter(state__in=NOT_SENT)
    in_hand = list(unsent.filter(Q(attempts__gt=0) | Q(state=MessageState.CLAIMED)).select_for_update().order_by("pk"))
    for message in in_hand:
        _take_back(message, after=None, due_at=message.claimed_until or at)
    return unsent.update(
        state=MessageState.VOID, why=why, claim=None, claimed_until=None, not_before=None, settled_at=at
    )


def replace(meeting: Meeting, by: Message, at: datetime) -> None:
    """Take back what may be on Ditt NAV about the meeting, once `by` is there: a short overlap, never a gap."""
    _replace(meeting, by, at, OF_THE_MEETING)


def replace_tasks(meeting: Meeting, by: Message, at: datetime) -> None:
    """Take back what asks for an answer, once `by` is there."""
    _replace(meeting, by, at, TASKS)


def _replace(meeting: Meeting, by: Message, at: datetime, occasions: Collection[str]) -> None:
    there = (
        _of(meeting, occasions)
        .filter(MAY_BE_OUT, participant=by.participant_id)
        .filter(Q(active_until__isnull=True) | Q(active_until__gt=at))
        .exclude(pk=by.pk)
    )
    for message in there:
        _take_back(message, after=by, due_at=at)
    # What still waits for a message that will now never go out waits for this one instead.
    Retraction.objects.filter(
        message__meeting=meeting,
        message__participant=by.participant_id,
        state=Retraction.State.PLANNED,
        after__state=MessageState.VOID,
    ).update(after=by)


def _of(meeting: Meeting, occasions: Collection[str]) -> QuerySet[Message]:
    return Message.objects.filter(meeting=meeting, occasion__in=occasions)


def _take_back(message: Message, *, after: Message | None, due_at: datetime) -> None:
    retraction, is_new = Retraction.objects.get_or_create(message=message, defaults={"after": after, "due_at": due_at})
    if is_new or after is None:
        return
    # One that waits for something older waits for this instead; one that was let be is wanted again.
    Retraction.objects.filter(pk=retraction.pk, state=Retraction.State.PLANNED).update(after=after)
    Retraction.objects.filter(pk=retraction.pk, state=Retraction.State.NOT_NEEDED).update(
        state=Retraction.State.PLANNED, after=after, due_at=due_at
    )
