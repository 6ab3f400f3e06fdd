"""SMS that wait for the morning (put_off.py), to one who has become strictly protected meanwhile: they do not go.

The same stands on the page alone, and takes the place of what has the SMS: a short overlap, never a gap. Where its
words rest on what was told before, or it would wait for a day with room, plain words do (plain.py). And somebody is to
ring, as always where no SMS may reach them.

Where what takes the place has not left shortly before (a register is away), the other goes all the same: the SMS is
worse than an hour without the link.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from invitations.messages import letters, overtake, plain, wake
from invitations.messages.occasions import OF_MINUTES
from invitations.messages.told import OF_BEFORE
from invitations.models import Message, MessageState, Retraction, Step
from navmeet.people.models import STRICT

AT_LAST: Final = timedelta(minutes=5)


def people(at: datetime) -> set[UUID]:
    """Who is strictly protected, and has an SMS to come. One query, by an index of what waits."""
    return set(_waiting(at).values_list("participant__person", flat=True))


def hold_back(person_id: UUID, at: datetime) -> int:
    """What takes the place is planned, due now; of how many. Inside a change. Doing it twice is doing it once."""
    waiting = _waiting(at).filter(participant__person=person_id).select_related("meeting")
    found = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    for message in found:
        overtake.give_place(message, _on_the_page_alone(message, at), at)
        letters.ask_to_ring(message.meeting, message.occasion, message.about_number, at)
    if found:
        wake.on_commit()
    return len(found)


def at_last(at: datetime) -> int:
    """Retractions wait no longer for what has not left; how many. One statement."""
    late = Message.objects.filter(sms_at__gt=at, sms_at__lte=at + AT_LAST, participant__person__protection__in=STRICT)
    waiting = Retraction.objects.filter(message__in=late, state=Retraction.State.PLANNED, after__isnull=False)
    return waiting.update(after=None, due_at=at)


def _waiting(at: datetime) -> QuerySet[Message]:
    stays = Q(retraction__isnull=True) | Q(retraction__state=Retraction.State.NOT_NEEDED)
    waiting = Message.objects.filter(stays, sms_at__gt=at, state=MessageState.SENT)
    return waiting.filter(participant__person__protection__in=STRICT)


def _on_the_page_alone(message: Message, at: datetime) -> Message:
    if message.occasion in plain.OCCASIONS & (OF_BEFORE | OF_MINUTES):
        said = plain.instead_of(message, at)
        if said is not None:
            return said
    same = Message.objects.filter(
        participant=message.participant_id,
        occasion=message.occasion,
        step=Step.ONCE,
        about_id=message.about_id,
        about_number=message.about_number,
        channel=message.channel,
    )
    # Told again by the house, under a new key: what the sender looks at before any of the same it looks at now.
    anew = Message(
        meeting_id=message.meeting_id,
        participant_id=message.participant_id,
        occasion=message.occasion,
        about_id=message.about_id,
        about_number=message.about_number,
        channel=message.channel,
        repeat=(same.aggregate(last=Max("repeat"))["last"] or 0) + 1,
        language=message.language,
        due_at=at,
        not_after=message.not_after,
        active_until=message.active_until,
        planned_at=at,
    )
    anew.save(force_insert=True)
    return anew
