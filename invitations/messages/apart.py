"""Reminders of one meeting that would come within twelve hours of each other: when they go, and who gives way.

Which of them go is decided last, of what can be said and has room on its day. What fell for the sake of another goes
after all where that one, at its own time, does not (yielding.py).
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from invitations.messages import reminders
from invitations.messages.occasions import NOT_SENT
from invitations.models import Message, Occasion


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
