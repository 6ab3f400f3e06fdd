"""What became of a row, written by compare-and-set on the claim: who lost the claim does not overwrite who has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from invitations.messages import (
    at_once,
    cap,
    causes,
    claim,
    delivered,
    hanging,
    known_by,
    ladder,
    letters,
    look_again,
    no_longer,
    plain,
    plan_partners,
    yielding,
)
from invitations.messages.claim import Claim
from invitations.messages.look_again import Verdict
from invitations.messages.receipts import apply_receipts
from invitations.messages.reminders import Moment
from invitations.models import (
    NOT_DIGITALLY,
    TO_PARTNERS,
    Hang,
    Message,
    MessageState,
    Occasion,
    Receipt,
    Retraction,
    Why,
)
from meetings.models import Meeting, Task
from navmeet.protect.columns import seal


@dataclass(frozen=True)
class Gone:
    """One that was accepted: what is kept of it, and the receiver's name for it, if there is one."""

    message: Message
    kept: str = field(repr=False)
    shipment: str = ""

    def written(self, at: datetime) -> at_once.Written:
        """What is written down of it."""
        text = seal(self.kept, table=Message._meta.db_table, column="text_sent", row=self.message.pk)
        heard_by = known_by.known_by(self.message, self.kept, at)
        return at_once.Written(text, self.shipment, heard_by, self.message.sms_at)


def sent(gone: Sequence[Gone], held: Claim, at: datetime) -> int:
    """They were accepted; how many were still ours. What a change voided meanwhile says that it is out, and is taken
    back; an e-mail cannot be: its receiver is told what is true. Receipts may have come before this: they are looked at
    again.
    """
    written = {one.message.pk: one.written(at) for one in gone}
    with transaction.atomic():
        ours = at_once.sent(held, written, at)
        told_of = set(Receipt.objects.filter(message__in=ours).values_list("message", flat=True)) if ours else set()
        for one in gone:
            if one.message.pk in told_of:
                _apply_receipts(one.message, at)
    for one in gone:
        if one.message.pk not in ours:
            _overtaken(one.message, written[one.message.pk], at)
        elif one.message.hangs_on and written[one.message.pk].known_by is None:
            # Nobody will say that it has arrived: who was asked to ring meanwhile need not any more.
            no_longer.not_reached([one.message.pk], one.message, Task.Ended.LEFT, at)
    return len(ours)


def _apply_receipts(message: Message, at: datetime) -> None:
    if message.channel in TO_PARTNERS:
        row = Message.objects.select_related("meeting", "participant__person").select_for_update(of=("self",))
        delivered.apply(row.get(pk=message.pk), at)
    else:
        apply_receipts(message.pk, at)


def not_sent(message: Message, held: Claim, verdict: Verdict, at: datetime) -> bool:
    """Looked at again, it should not go out, and surely did not; what a person must do instead becomes a task."""
    return _give_up(message, held, verdict, at, attempts=F("attempts") - 1)


def by_the_hour(message: Message, held: Claim, at: datetime) -> Verdict | None:
    """A reminder in quiet time is moved, or falls: what became of it. None for what may go now, and stays in hand."""
    if not look_again.is_disturbing(message, at):
        return None
    with transaction.atomic():
        verdict = look_again.by_the_hour(message, at=at)
        if verdict.instead is not None:
            when = {"due_at": verdict.instead.due_at, "not_after": verdict.instead.not_after, "not_before": None}
            _settle(message, held, state=MessageState.PLANNED, attempts=F("attempts") - 1, **when)
        else:
            not_sent(message, held, verdict, at)
    return verdict


def by_the_cap(messages: Sequence[Message], held: Claim, at: datetime) -> dict[UUID, Verdict]:
    """What is too much today goes another day, or falls: what became of each. All others stay in hand, and count."""
    if all(cap.is_exempt(message) for message in messages):
        return {}
    verdicts = {}
    with transaction.atomic():
        places = cap.reserve(messages, held.id, at)
        for message in messages:
            place = places.get(message.pk)
            if place is None:
                continue
            verdicts[message.pk] = verdict = Verdict(Why.DAY_IS_FULL)
            if place.due_at is None:
                not_sent(message, held, verdict, at)
            else:
                when = {"due_at": place.due_at, "not_before": None, "counted_on": None, "attempts": F("attempts") - 1}
                _settle(message, held, state=MessageState.PLANNED, why=Why.DAY_IS_FULL, **when)
                verdicts[message.pk] = replace(verdict, instead=Moment(place.due_at, message.not_after))
    return verdicts


def refused(message: Message, held: Claim, at: datetime, cause: str) -> bool:
    """The receiver will never take it, by its answer: the next channel, or a person, has to see to it."""
    with transaction.atomic():
        Receipt.objects.create(
            message=message,
            event=causes.REFUSED,
            status=cause[:40],
            via=message.channel,
            happened_at=at,
            kept_at=at,
        )
        return not_sent(message, held, Verdict(Why.REFUSED_BY_RULES, MessageState.FAILED), at)


def tried(messages: Sequence[Message], held: Claim, at: datetime, hangs_on: Hang) -> None:
    """They were not confirmed: the same keys again later (hanging.py), at the latest when their time is over."""
    times = {}
    for message in messages:
        if hanging.is_enough(message):
            _give_up(message, held, Verdict(Why.BROKER, MessageState.FAILED), at)
        else:
            times[message.pk] = min(at + claim.wait(message.key, message.attempts - 1), max(at, message.not_after))
    later(messages, times, held, at, hangs_on, was_attempt=True)


def later(
    messages: Sequence[Message],
    times: Mapping[UUID, datetime],
    held: Claim,
    at: datetime,
    hangs_on: Hang,
    *,
    was_attempt: bool = False,
) -> None:
    """They are planned again, each not before its time; somebody rings those who cannot wait so long."""
    waiting = at_once.try_again(held, times, hangs_on, was_attempt=was_attempt)
    hanging.ask_persons([message for message in messages if message.pk in waiting], at)


def _give_up(message: Message, held: Claim, verdict: Verdict, at: datetime, **values: object) -> bool:
    with transaction.atomic():
        is_ours = _settle(message, held, state=verdict.state, why=verdict.why, settled_at=at, not_before=None, **values)
        if is_ours:
            _ask_a_person(message, verdict, at)
            yielding.did_not_go(message, verdict.why, at)
            if plain.is_wanted(verdict.why):
                plain.take_over(message, verdict.why, at)
    return is_ours


def _settle(message: Message, held: Claim, **values: object) -> bool:
    ours = Message.objects.filter(pk=message.pk, claim=held.id, state=MessageState.CLAIMED)
    return ours.update(claim=None, claimed_until=None, **values) == 1


@transaction.atomic
def _overtaken(message: Message, written: at_once.Written, at: datetime) -> None:
    """Another sender may have it in hand (the lease ran out, the same key goes again), or a change voided it."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    if row.state != MessageState.VOID:
        return
    out = {"state": MessageState.SENT, "sent_at": at, "settled_at": at, "not_before": None}
    kept = {"text_sent": written.text, "shipment": written.shipment, "sms_at": written.sms_at}
    Message.objects.filter(pk=row.pk).update(**out, **kept)
    if row.channel in TO_PARTNERS:
        plan_partners.left_all_the_same(row, at)
        return
    retraction, is_new = Retraction.objects.get_or_create(message=row, defaults={"due_at": at})
    if not is_new:
        # It may have gone out before the message did, and done nothing.
        Retraction.objects.filter(pk=retraction.pk).update(
            state=Retraction.State.PLANNED, due_at=at, claim=None, claimed_until=None
        )


def _ask_a_person(message: Message, verdict: Verdict, at: datetime) -> None:
    meeting = Meeting.objects.get(pk=message.meeting_id)
    if verdict.why in NOT_DIGITALLY:
        letters.ask_for_letter(meeting, message.occasion, message.about_number, at)
    elif _is_for_a_person(message, verdict, at):
        rows = Message.objects.select_related("meeting", "participant__person")
        ladder.did_not_arrive(rows.get(pk=message.pk), at)
    elif verdict.why == Why.DAY_IS_FULL and message.occasion in letters.WORTH_A_LETTER:
        letters.not_reached(message, at)
    if message.occasion == Occasion.ANSWERED:
        # The task on Ditt NAV stays, and with it the link: nothing surely took its place. (After a change, what it
        # would have replaced waits for the message of that change, not for this one.)
        waiting = Retraction.objects.filter(after=message, state=Retraction.State.PLANNED)
        waiting.update(state=Retraction.State.NOT_NEEDED)


def _is_for_a_person(message: Message, verdict: Verdict, at: datetime) -> bool:
    """Nobody rings to remind of a meeting that has begun."""
    is_worth_a_letter = message.occasion in letters.WORTH_A_LETTER
    if verdict.state == MessageState.FAILED:
        return is_worth_a_letter or at < message.meeting.starts_at
    return verdict.why == Why.TOO_LATE and is_worth_a_letter
