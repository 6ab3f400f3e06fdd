"""Reminders of one meeting that would come within twelve hours of each other: who gives way, and who stands in.

Which of them go is decided last, of what can be said and has room on its day. What fell for the sake of another goes
after all where that one, at its own time, does not.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from invitations.messages import reminders
from invitations.messages.occasions import NOT_SENT
from invitations.messages.own import own
from invitations.models import Message, MessageState, Occasion, Why

# Against one of them alone, and not against telling this participant of this meeting.
_ITS_OWN: Final = frozenset({Why.DAY_IS_FULL, Why.QUIET_TIME, Why.TOO_CLOSE, Why.REFUSED_BY_RULES, Why.NO_WORDS})


def going(participants: Iterable[UUID]) -> dict[tuple[UUID, int], list[datetime]]:
    """When each of them is reminded of each revision, or was. One query."""
    found = Message.objects.filter(participant__in=participants, occasion=Occasion.REMINDER)
    found = found.filter(Q(sent_at__isnull=False) | Q(state__in=NOT_SENT))
    when: dict[tuple[UUID, int], list[datetime]] = {}
    for participant_id, number, due_at, sent_at in found.values_list(
        "participant_id", "about_number", "due_at", "sent_at"
    ):
        when.setdefault((participant_id, number), []).append(sent_at or due_at)
    return when


def others(message: Message) -> list[datetime]:
    """When they are reminded of the same by others than this, which is in hand, or does not go."""
    when = going([message.participant_id]).get((message.participant_id, message.about_number), [])
    if message.state in NOT_SENT:
        when.remove(message.due_at)
    return when


def giving_way(unsaid: Iterable[Message]) -> set[UUID]:
    """Of reminders that can be said after all: those too close to one that goes, or to a later one of them."""
    again = sorted(
        (one for one in unsaid if one.occasion == Occasion.REMINDER), key=lambda one: one.due_at, reverse=True
    )
    when = going({one.participant_id for one in again}) if again else {}
    found = set()
    for one in again:
        theirs = when.setdefault((one.participant_id, one.about_number), [])
        if reminders.is_too_close(one.due_at, theirs):
            found.add(one.pk)
        else:
            theirs.append(one.due_at)
    return found


def stand_in(fallen: Message, why: Why, at: datetime) -> None:
    """A reminder does not go, for a reason of its own: what gave way to it goes, if it still helps and is apart.

    The sender looks at it again as at any other. Inside the transaction in which the other is settled.
    """
    if fallen.occasion != Occasion.REMINDER or why not in _ITS_OWN:
        return
    gave_way = Message.objects.filter(
        participant=fallen.participant_id,
        occasion=Occasion.REMINDER,
        state=MessageState.SKIPPED,
        why=Why.TOO_CLOSE,
        about_number=fallen.about_number,
    ).exclude(pk=fallen.pk)
    for one in gave_way.select_related("meeting", "participant").order_by("due_at", "pk"):
        starts_at = own(one.participant, one.meeting).starts_at
        moment = reminders.later(now=max(at, one.due_at), starts_at=starts_at, not_after=one.not_after)
        if moment is not None and not reminders.is_too_close(moment.due_at, others(one)):
            one.state, one.why, one.settled_at = MessageState.PLANNED, Why.NONE, None
            one.due_at, one.not_after = moment.due_at, moment.not_after
            one.save(update_fields=["state", "why", "settled_at", "due_at", "not_after"])
