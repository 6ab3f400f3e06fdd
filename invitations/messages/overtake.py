"""What a change does to messages of before: those not sent are void, those on Ditt NAV are taken back.

An e-mail cannot be taken back: one that left all the same is told as it is, and corrected by the next (emails.py).

A row that a sender has in hand is void too: the sender finds that out when it settles (settle.py). Since it may die
before that, whatever a sender has ever had in hand gets its retraction here, due when the lease must have ended:
taking back what was never sent does nothing (Min side knows no such varselId).
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from invitations.messages import plain, yielding
from invitations.messages.occasions import CHANGES, NOT_SENT, OF_MINUTES, TASKS, TELL_OF_MEETING
from invitations.models import TO_PARTNERS, Channel, Message, MessageState, Occasion, Retraction, Why
from meetings.models import Meeting, Participant, Status
from navmeet.outbox.publish import Consequences, Overtaken, gather

# What speaks of the meeting to come, and so is overtaken when that changes.
OF_THE_MEETING = TELL_OF_MEETING | {Occasion.ANSWERED, Occasion.ANSWER_SETTLED, Occasion.REMINDER}
# What is told otherwise, or was taken back before it was told.
LATER_PLAN = frozenset({Why.MOVED, Why.TOGETHER, Why.AS_TOLD, Why.RUNG, Why.REINSTATED, Why.CORRECTED, Why.NEW_ADDRESS})
MAY_BE_OUT = Q(sent_at__isnull=False) | Q(attempts__gt=0)


def void_unsent(meeting: Meeting, why: Why, at: datetime) -> int:
    """No notification about the meeting to come leaves any more; how many that was. In the change's transaction."""
    unsent = _of(meeting, OF_THE_MEETING).filter(state__in=NOT_SENT)
    in_hand = list(unsent.filter(Q(attempts__gt=0) | Q(state=MessageState.CLAIMED)).select_for_update().order_by("pk"))
    for message in in_hand:
        _take_back(message, after=None, due_at=message.claimed_until or at)
    return _void(unsent, why, at)


def void_of_deceased(citizen: Participant, at: datetime) -> int:
    """Nothing leaves to them any more, and what is on Ditt NAV goes: Min side would remind of it by SMS; how many."""
    unsent = Message.objects.filter(participant=citizen, state__in=NOT_SENT)
    there = Message.objects.filter(MAY_BE_OUT, participant=citizen, channel=Channel.DITT_NAV)
    for message in (
        there.filter(Q(active_until__isnull=True) | Q(active_until__gt=at)).select_for_update().order_by("pk")
    ):
        _take_back(message, after=None, due_at=message.claimed_until or at)
    theirs = Retraction.objects.filter(message__participant=citizen)
    theirs.filter(state=Retraction.State.PLANNED).update(after=None)
    theirs.filter(state=Retraction.State.NOT_NEEDED).update(state=Retraction.State.PLANNED, after=None, due_at=at)
    return _void(unsent, Why.DECEASED, at)


def void_question(citizen: Participant, at: datetime) -> int:
    """Nobody is asked what happened where it does not stand that they did not meet; how many do not leave."""
    asked = Message.objects.filter(participant=citizen, occasion=Occasion.WHAT_HAPPENED)
    for message in asked.filter(MAY_BE_OUT).select_for_update().order_by("pk"):
        _take_back(message, after=None, due_at=message.claimed_until or at)
    return _void(asked.filter(state__in=NOT_SENT), Why.CORRECTED, at)


def void_minutes(of: QuerySet[Message], why: Why, at: datetime) -> int:
    """Of these messages of minutes none leaves any more; how many were to."""
    unsent = of.filter(state__in=NOT_SENT)
    in_hand = unsent.filter(Q(attempts__gt=0) | Q(state=MessageState.CLAIMED))
    for message in in_hand.select_for_update().order_by("pk"):
        _take_back(message, after=None, due_at=message.claimed_until or at)
    return _void(unsent, why, at)


def void_emails(partner: Participant, why: Why, at: datetime, occasions: Collection[str] = OF_THE_MEETING) -> int:
    """No e-mail or SMS about the meeting to come leaves to this partner, nor those in a sender's hand; how many."""
    unsent = Message.objects.filter(
        participant=partner, channel__in=TO_PARTNERS, state__in=NOT_SENT, occasion__in=occasions
    )
    return _void(unsent, why, at)


def void_changes(participant: Participant, why: Why, at: datetime) -> int:
    """No message of a change leaves to them any more: it is told otherwise, or not at all; how many."""
    unsent = Message.objects.filter(participant=participant, occasion__in=CHANGES, state__in=NOT_SENT)
    in_hand = unsent.filter(channel=Channel.DITT_NAV).filter(Q(attempts__gt=0) | Q(state=MessageState.CLAIMED))
    for message in in_hand.select_for_update().order_by("pk"):
        _take_back(message, after=None, due_at=message.claimed_until or at)
    return _void(unsent, why, at)


def may_know(partner: Participant) -> bool:
    """Has, or may have, anything been told to them?"""
    return Message.objects.filter(MAY_BE_OUT, participant=partner, channel__in=TO_PARTNERS).exists()


def void_cancellation(meeting: Meeting, at: datetime) -> int:
    """Nobody is told any more that it is cancelled; how many were to be. What has left is taken back by `replace`."""
    unsent = Message.objects.filter(meeting=meeting, occasion=Occasion.CANCELLED, state__in=NOT_SENT)
    in_hand = unsent.filter(channel=Channel.DITT_NAV).filter(Q(attempts__gt=0) | Q(state=MessageState.CLAIMED))
    for message in in_hand.select_for_update().order_by("pk"):
        _take_back(message, after=None, due_at=message.claimed_until or at)
    return _void(unsent, Why.REINSTATED, at)


def shown(meeting: Meeting, participant: Participant) -> QuerySet[Message]:
    """What surely is, or was, on Ditt NAV to them of the meeting to come: what `replace` takes back."""
    return _of(meeting, OF_THE_MEETING).filter(participant=participant).exclude(sent_at=None)


def _void(unsent: QuerySet[Message], why: Why, at: datetime) -> int:
    found = list(unsent.select_related("participant").order_by("due_at", "pk"))
    gather(Consequences(overtaken=[_as_overtaken(one) for one in found]))
    voided = unsent.update(
        state=MessageState.VOID, why=why, claim=None, claimed_until=None, not_before=None, settled_at=at
    )
    yielding.fill(found, at)
    return voided


def replace(meeting: Meeting, by: Message, at: datetime) -> None:
    """Take back what may be on Ditt NAV about the meeting, once `by` is there: a short overlap, never a gap.

    Where `by` does not leave, plain words take the place (plain.py), or all stays.
    """
    _replace(meeting, by, at, OF_THE_MEETING)


def replace_tasks(meeting: Meeting, by: Message, at: datetime) -> None:
    """Take back what asks for an answer, once `by` is there."""
    _replace(meeting, by, at, TASKS)


def replace_all(meeting: Meeting, by: Message, at: datetime) -> None:
    """As `replace`, and what says that it is cancelled goes too."""
    _replace(meeting, by, at, OF_THE_MEETING | {Occasion.CANCELLED})


def replace_minutes(meeting: Meeting, by: Message, at: datetime) -> None:
    """Take back what may be on Ditt NAV about minutes, once `by` is there."""
    _replace(meeting, by, at, OF_MINUTES)


def replace_same(meeting: Meeting, by: Message, at: datetime) -> None:
    """Take back what may be on Ditt NAV of the same occasion, once `by` is there."""
    _replace(meeting, by, at, {by.occasion})


def give_place(message: Message, by: Message, at: datetime) -> None:
    """Take this one back, and nothing else, once `by` is there."""
    _take_back(message, after=by, due_at=at)


def is_overtaken(message: Message) -> bool:
    """Did a later plan take its place before it left? A cancellation does where the meeting is held after all."""
    if message.sent_at is not None:
        return False
    is_held = message.meeting.status != Status.CANCELLED and message.participant.removed_at is None
    if message.state == MessageState.VOID:
        return message.why in LATER_PLAN or (message.why == Why.CANCELLED and is_held)
    is_of_before = message.about_number < message.meeting.revision_number and not message.participant.is_partner
    fell = message.state == MessageState.SKIPPED and message.occasion == Occasion.REMINDER
    return fell and is_of_before and is_held


def stays(meeting: Meeting, participant: Participant) -> None:
    """What only waited for a message that will not go out stays on Ditt NAV: nothing takes its place."""
    Retraction.objects.filter(
        message__meeting=meeting,
        message__participant=participant,
        state=Retraction.State.PLANNED,
        after__state=MessageState.VOID,
    ).update(state=Retraction.State.NOT_NEEDED)


def _replace(meeting: Meeting, by: Message, at: datetime, occasions: Collection[str]) -> None:
    there = (
        _of(meeting, occasions)
        .filter(MAY_BE_OUT, participant=by.participant_id)
        .filter(Q(active_until__isnull=True) | Q(active_until__gt=at))
        .exclude(pk=by.pk)
    )
    if plain.leaves_gap(by) and there.exists():
        said = plain.instead_of(by, at)
        if said is None:
            stays(meeting, by.participant)
            return
        # Of what stands alone it is said as it is planned (rows.py).
        is_new = by.state == MessageState.FAILED and not plain.stands_alone(by, by.why)
        gather(Consequences(lacks=[plain.PLAIN_ONLY] if is_new else []))
        by = said
    for message in there.exclude(pk=by.pk):
        _take_back(message, after=by, due_at=at)
    # What still waits for a message that will now never go out waits for this one instead.
    Retraction.objects.filter(
        message__meeting=meeting,
        message__participant=by.participant_id,
        state=Retraction.State.PLANNED,
        after__state=MessageState.VOID,
    ).update(after=by)


def _as_overtaken(message: Message) -> Overtaken:
    return Overtaken(
        participant_id=message.participant_id,
        role=message.participant.role,
        occasion=message.occasion,
        step=message.step,
        due_at=message.due_at,
    )


def _of(meeting: Meeting, occasions: Collection[str]) -> QuerySet[Message]:
    return Message.objects.filter(meeting=meeting, channel=Channel.DITT_NAV, occasion__in=occasions)


def _take_back(message: Message, *, after: Message | None, due_at: datetime) -> None:
    retraction, is_new = Retraction.objects.get_or_create(message=message, defaults={"after": after, "due_at": due_at})
    if is_new or after is None:
        return
    # One that waits for something older waits for this instead; one that was let be is wanted again.
    Retraction.objects.filter(pk=retraction.pk, state=Retraction.State.PLANNED).update(after=after)
    Retraction.objects.filter(pk=retraction.pk, state=Retraction.State.NOT_NEEDED).update(
        state=Retraction.State.PLANNED, after=after, due_at=due_at
    )
