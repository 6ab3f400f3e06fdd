"""SMS that Min side is still to send to one who has become strictly protected: they do not go.

Those that wait for the morning (put_off.py), and Min side's own reminder of an open oppgave, which sends again what was
sent a week before. The same stands on the page alone, and takes the place of what has the SMS: a short overlap, never a
gap. Where its words rest on what was told before, or it would wait for a day with room, plain words do (plain.py). And
somebody is to ring, as always where no SMS may reach them; not where one is known to have come, or somebody is asked to
already.

What waits for the morning is looked for by each sweep. What is to be reminded of, a week ahead, is looked for when the
protection is learned, and of everybody whom the registers are asked about (regular_look.py).

Where what takes the place of an SMS in the morning has not left shortly before (a register is away), the other goes all
the same: the SMS is worse than an hour without the link.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from invitations.messages import foretold, letters, overtake, plain, wake
from invitations.messages.occasions import OF_MINUTES, TASKS
from invitations.messages.told import OF_BEFORE
from invitations.models import Channel, Message, MessageState, Retraction, Step
from navmeet.people.models import STRICT

AT_LAST: Final = timedelta(minutes=5)
_STAYS: Final = Q(retraction__isnull=True) | Q(retraction__state=Retraction.State.NOT_NEEDED)
# An SMS that failed is sent again too.
_SHOWN: Final = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED})


def people(at: datetime) -> set[UUID]:
    """Who is strictly protected, and has an SMS to come that nothing takes the place of. One query, mostly all.

    Where something does, and has not left shortly before, the SMS is taken back without it.
    """
    found = list(_to_come(at).values_list("participant__person", "sms_at", "retraction__state"))
    giving_place = [sms_at for _, sms_at, state in found if state == Retraction.State.PLANNED]
    if any(sms_at is not None and sms_at <= at + AT_LAST for sms_at in giving_place):
        _at_last(at)
    return {person_id for person_id, _, state in found if state in {None, Retraction.State.NOT_NEEDED}}


def to_be_reminded(people: Collection[UUID], at: datetime) -> set[UUID]:
    """Who of them is strictly protected, and is still to be reminded by SMS of what nothing takes the place of. One
    query.
    """
    return {one.participant.person_id for one in _to_remind_of(people, at) if one.participant.person_id is not None}


def hold_back(person_id: UUID, at: datetime) -> int:
    """What takes the place is planned, due now; of how many. Inside a change. Doing it twice is doing it once."""
    waiting = _to_come(at).filter(_STAYS, participant__person=person_id).values_list("pk", flat=True)
    wanted = {*waiting, *(one.pk for one in _to_remind_of([person_id], at))}
    rows = Message.objects.filter(_STAYS, pk__in=wanted).select_related("meeting")
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for message in found:
        overtake.give_place(message, _on_the_page_alone(message, at), at)
        if message.state == MessageState.SENT:
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


def _to_remind_of(people: Collection[UUID], at: datetime) -> list[Message]:
    """Open oppgaver that Min side has sent an SMS or e-mail of, and is to send it again. On the page alone there is
    nothing to send again.
    """
    shown = Message.objects.filter(
        _STAYS,
        participant__person__in=people,
        participant__person__protection__in=STRICT,
        channel=Channel.DITT_NAV,
        occasion__in=TASKS,
        state__in=_SHOWN,
        text_sent__isnull=False,
    )
    to_come = shown.filter(Q(active_until__isnull=True) | Q(active_until__gt=at)).select_related("participant")
    return [one for one in to_come if _is_to_be_reminded_of(one, at)]


def _is_to_be_reminded_of(message: Message, at: datetime) -> bool:
    by_sms = bool(json.loads(message.text_sent or "{}").get("sms"))
    reminds_at = foretold.min_side_reminds_at(message, by_sms=by_sms)
    return reminds_at is not None and at < reminds_at


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
