"""When a message did not arrive, or nobody says in time that it did: the next channel, and in the end a person.

| told through                    | next                                          | then            |
|---------------------------------|-----------------------------------------------|-----------------|
| Ditt NAV, with SMS or e-mail    |                                               | a task to ring  |
| e-mail to a partner             | SMS, where a number is kept (partner_sms.py)  | a task to ring  |

An e-mail that failed just then is ordered anew before that (ordered_anew.py). An SMS says when, and carries no link:
where no e-mail has brought that either, a person is told.

Whatever is asked twice is done once. A word that comes later, and better, ends what it makes needless: the SMS that has
not left, and the task. All of it under the lock of the message's row, which receipts take too: of a receipt and the
time that runs out in the same instant, one comes first, and the other sees it.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce

from invitations.messages import altinn_feed, causes, letters, no_longer, ordered_anew, partner_sms
from invitations.messages.causes import Cause, Via
from invitations.messages.occasions import ABOUT_WHAT_WAS, CALLS_OFF, NOT_SENT, TASKS
from invitations.messages.overtake import MAY_BE_OUT
from invitations.models import (
    TO_PARTNERS,
    Answer,
    Channel,
    FeedPosition,
    Message,
    MessageState,
    Occasion,
    Pulse,
    Retraction,
    Why,
)
from meetings.models import PartnerContact, Status, Task

MOST_AT_ONCE = 200
# Which of our ears hears of what: the consumer of Min side's events, and the reader of Altinn's feed.
DITT_NAV, PARTNERS = frozenset({Channel.DITT_NAV}), TO_PARTNERS


def did_not_arrive(message: Message, at: datetime) -> None:
    """The message is settled as failed, or as too late; its row is locked, and what is known of it is kept.

    Who was rung about it meanwhile has been told, and is told no more.
    """
    if letters.was_rung(partner_sms.first(message)):
        return
    if message.channel == Channel.EMAIL and _goes_otherwise(message, at):
        return
    ask_a_person(message, at)


def ask_a_person(message: Message, at: datetime) -> None:
    """No channel is left: one task for the message and all that was tried after it, whichever failed last."""
    first = partner_sms.first(message)
    rungs = [first, *partner_sms.after(first)]
    ways = [way for rung in rungs for way in causes.ways(rung)]
    if first.channel == Channel.EMAIL and len(rungs) == 1 and not partner_sms.number(first):
        ways.append((Via.SMS, Cause.NOT_TRIED))
    letters.not_reached(first, at, ways)
    # Whoever rings tells what is true now, once.
    no_longer.not_reached(_told_anew_by(first), first, Task.Ended.OVERTAKEN, at)


def arrived(message: Message, at: datetime) -> None:
    """It is known to have arrived. Nobody need ring or write about it, nor about what it tells anew; its row is locked.

    An SMS says when, and that an e-mail was written: where that cannot have brought the link, somebody still has to.
    """
    first = partner_sms.first(message)
    if message.pk != first.pk and (causes.is_wrong_address(first) or _lacks_link(first)):
        ask_a_person(first, at)
        return
    partner_sms.not_needed(first, Why.AS_TOLD, at)
    no_longer.not_reached([first.pk, *_told_anew_by(first)], message, Task.Ended.ARRIVED, at)
    no_longer.arrived(message, at)


def heard(participant_id: UUID, at: datetime) -> None:
    """They have answered: what was sent to them before was read, by whatever way. Inside a change."""
    sent = Message.objects.filter(participant=participant_id).exclude(occasion__in=ABOUT_WHAT_WAS)
    no_longer.heard(participant_id, sent.filter(MAY_BE_OUT).values_list("pk", flat=True), at)


def catch_up(at: datetime) -> int:
    """What nobody has spoken of in time goes on; how many. One query for each ear when there is none.

    An ear that was shut has heard nothing: until it has listened past the time, only what has waited twice as long.
    """
    late = list(_late(DITT_NAV, _heard_until("consumer"), at)) + list(_late(PARTNERS, _read_until(), at))
    return sum(_goes_on(message_id, at) for message_id in late)


def still_matters(message: Message, at: datetime) -> bool:
    """Would somebody ring about it now? Not about what was overtaken, taken back, answered, or is over."""
    participant, meeting = message.participant, message.meeting
    is_doubted = message.state == MessageState.FAILED
    is_dead = participant.person is not None and participant.person.deceased_known_at is not None
    if is_dead or (message.why and not is_doubted):
        return False
    if Retraction.objects.filter(message=message).exclude(state=Retraction.State.NOT_NEEDED).exists():
        return False
    if message.occasion in ABOUT_WHAT_WAS:
        return True
    if at >= meeting.ends_at or not _is_so(message):
        return False
    return not (_was_followed(message) or was_answered(message))


def was_answered(message: Message) -> bool:
    """Have they answered since it was sent, as somebody known?"""
    if message.occasion in CALLS_OFF:
        return False
    given = Answer.objects.filter(invitation__participant=message.participant_id, is_known=True)
    return given.filter(given_at__gte=message.sent_at or message.planned_at).exists()


def _late(channels: frozenset[Channel], listened_until: datetime | None, at: datetime) -> QuerySet[Message, UUID]:
    began = Coalesce("sms_at", "sent_at")
    waited = ExpressionWrapper(F("known_by") + (F("known_by") - began), output_field=DateTimeField())
    unheard = Q(waited_until__lte=at)
    if listened_until is not None:
        unheard |= Q(known_by__lte=listened_until)
    late = Message.objects.filter(state=MessageState.SENT, known_by__lte=at, channel__in=channels)
    return (
        late.annotate(waited_until=waited)
        .filter(unheard)
        .order_by("known_by")
        .values_list("pk", flat=True)[:MOST_AT_ONCE]
    )


def _heard_until(pulse: str) -> datetime | None:
    return Pulse.objects.filter(name=pulse).values_list("at", flat=True).first()


def _read_until() -> datetime | None:
    return FeedPosition.objects.filter(name=altinn_feed.NAME).values_list("at", flat=True).first()


def _goes_on(message_id: UUID, at: datetime) -> bool:
    with transaction.atomic():
        # Who holds the lock is keeping a receipt: what it says is seen the next time.
        late = Message.objects.filter(pk=message_id, state=MessageState.SENT, known_by__lte=at)
        message = (
            late.select_for_update(of=("self",), skip_locked=True)
            .select_related("meeting", "participant__person")
            .first()
        )
        if message is None:
            return False
        message.known_by = None
        if not still_matters(message, at) or _may_go_unconfirmed(message):
            message.save(update_fields=["known_by"])
            return False
        message.state, message.why, message.settled_at = MessageState.FAILED, Why.NOT_CONFIRMED, at
        message.save(update_fields=["known_by", "state", "why", "settled_at"])
        did_not_arrive(message, at)
    return True


def _may_go_unconfirmed(message: Message) -> bool:
    """A reminder to one who is known to have been reached about the meeting as it is."""
    if message.occasion != Occasion.REMINDER:
        return False
    told = Message.objects.filter(participant=message.participant_id, occasion__in=TASKS)
    return told.filter(state=MessageState.DELIVERED, about_number=message.about_number).exists()


def _is_so(message: Message) -> bool:
    """Does what it says hold, of the meeting and of whom it was for?"""
    participant, status = message.participant, message.meeting.status
    if message.occasion == Occasion.CANCELLED:
        return status == Status.CANCELLED
    if message.occasion == Occasion.REMOVED:
        return True
    return status == Status.SCHEDULED and participant.removed_at is None


def _goes_otherwise(email: Message, at: datetime) -> bool:
    """Is there another way that is not at its end? An SMS that left before this was known may have been the last."""
    followed = partner_sms.after(email)
    if not followed and ordered_anew.may_follow(email, at):
        ordered_anew.follow(email, at)
        return True
    if not followed and partner_sms.may_follow(email, at):
        partner_sms.follow(email, at)
        return True
    for sms in followed:
        if sms.state == MessageState.DELIVERED:
            arrived(sms, at)
    return any(sms.state in NOT_SENT | {MessageState.SENT, MessageState.DELIVERED} for sms in followed)


def _lacks_link(email: Message) -> bool:
    """Is it known that it did not arrive, and has no other e-mail brought the link to where they are reached now?"""
    is_lost = email.state == MessageState.FAILED and email.why != Why.NOT_CONFIRMED
    if not is_lost or email.occasion in CALLS_OFF:
        return False
    contact = PartnerContact.objects.filter(participant=email.participant_id).first()
    reached = Message.objects.filter(participant=email.participant_id, channel=Channel.EMAIL).exclude(
        occasion__in=CALLS_OFF
    )
    reached = reached.filter(Q(state=MessageState.DELIVERED) | Q(state=MessageState.SENT, known_by=None))
    if contact is not None and contact.changed_at is not None:
        reached = reached.filter(sent_at__gte=contact.changed_at)
    return not reached.exists()


def _was_followed(message: Message) -> bool:
    """Has something newer, or is it about to, told them how the meeting is? That has a ladder of its own."""
    newer = Message.objects.filter(
        participant=message.participant_id, occasion__in=TASKS | CALLS_OFF, planned_at__gt=message.planned_at
    ).exclude(channel=Channel.SMS)
    return newer.filter(MAY_BE_OUT | Q(state__in=NOT_SENT)).exists()


def _told_anew_by(message: Message) -> list[UUID]:
    """What was to tell them of the meeting before this did."""
    if message.occasion not in TASKS | CALLS_OFF:
        return []
    before = Message.objects.filter(participant=message.participant_id, planned_at__lt=message.planned_at)
    return list(before.exclude(occasion__in=ABOUT_WHAT_WAS).values_list("pk", flat=True))
