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
    """Who is strictly protected, and has an SMS to come that nothing takes the place of. One query, mostly all.

    Where something does, and has not left shortly before, the SMS is taken back without it.
    """
    found = list(_to_come(at).values_list("participant__person", "sms_at", "retraction__state"))
    giving_place = [sms_at for _, sms_at, state in found if state == Retraction.State.PLANNED]
    if any(sms_at is not None and sms_at <= at + AT_LAST for sms_at in giving_place):
        _at_last(at)
    return {person_id for person_id, _, state in found if state in {None, Retraction.State.NOT_NEEDED}}


def hold_back(person_id: UUID, at: datetime) -> int:
    """What takes the place is planned, due now; of how many. Inside a change. Doing it twice is doing it once."""
    stays = Q(retraction__isnull=True) | Q(retraction__state=Retraction.State.NOT_NEEDED)
    waiting = _to_come(at).filter(stays, participant__person=person_id).select_related("meeting")
    found = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    for message in found:
        overtake.give_place(message, _on_the_page_alone(message, at), at)
        letters.ask_to_ring(message.meeting, message.occasion, message.about_number, at)
    if found:
        wake.on_commit()
    return len(found)


def _at_last(at: datetime) -> None:
    late = _to_come(at).filter(sms_at__lte=at + AT_LAST).values("pk")
    waiting = Retraction.objects.filter(message__in=late, state=Retraction.State.PLANNED, after__isnull=False)
    waiting.update(after=None, due_at=at)


def _to_come(at: datetime) -> QuerySet[Message]:
    """By an index of what waits."""
    return Message.objects.filter(sms_at__gt=at, state=MessageState.SENT, participant__person__protection__in=STRICT)


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
