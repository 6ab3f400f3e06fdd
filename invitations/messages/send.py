"""The sender: claim, look again, send with no transaction open, settle. Any number of them may run at once.

What dies between any two lines leaves rows whose lease runs out; the same key goes out again, and Min side drops
the second. A broker or a register that is away costs time, never a message.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog

from invitations import deaths, protection
from invitations.messages import (
    claim,
    ditt_nav,
    emails,
    hanging,
    look_again,
    notification,
    partner_sms,
    perhaps_twice,
    pulse,
    registers_now,
    retract,
    settle,
    standing,
    texts,
    told,
)
from invitations.messages.claim import Claim
from invitations.messages.crash import crash_point
from invitations.messages.look_again import Verdict
from invitations.messages.notification import Ready
from invitations.messages.outcomes import Accepted, Refused
from invitations.messages.registers_now import Known, NobodyThere
from invitations.models import TO_PARTNERS, Channel, Hang, Message, MessageState

# The broker's part of the lease. What it has not confirmed by then goes out again with the same key.
BROKER_SECONDS = 20.0
# So many rows are written down by one statement.
SETTLED_AT_ONCE = 50

_log = structlog.get_logger(__name__)


@dataclass
class Swept:
    """What one sweep did; counts only. `claimed` 0 and `retractions` 0: nothing was due."""

    claimed: int = 0
    sent: int = 0
    not_sent: int = 0
    later: int = 0
    moved: int = 0
    overtaken: int = 0
    retractions: int = 0
    retracted: int = 0
    taken_back: int = 0

    @property
    def is_idle(self) -> bool:
        return self.claimed == 0 and self.retractions == 0

    @property
    def is_stuck(self) -> bool:
        """There was work, and none of it got anywhere."""
        return not self.is_idle and not (self.sent or self.not_sent or self.moved or self.overtaken or self.retracted)


@dataclass
class _Batch:
    held: Claim
    at: datetime
    messages: list[Message]
    swept: Swept
    revisions: look_again.Revisions = field(default_factory=dict)
    known: dict[UUID, Known] = field(default_factory=dict)
    ready: dict[UUID, Ready | emails.Ready] = field(default_factory=dict)

    def without(self, verdicts: Mapping[UUID, Verdict]) -> list[Message]:
        """Settle those with a verdict; the rest."""
        for message in self.messages:
            if message.pk in verdicts:
                settle.not_sent(message, self.held, verdicts[message.pk], self.at)
                self.swept.not_sent += 1
        return [message for message in self.messages if message.pk not in verdicts]


def sweep(at: datetime) -> Swept:
    """Send one batch of what is due at `at`, then one batch of retractions. Outside any transaction."""
    protection.catch_up(at)
    deaths.catch_up(at)
    swept = Swept()
    if claim.is_anything_due(at):
        _work(swept, at)
    pulse.beat("sweep", at)
    if not swept.is_idle:
        _log.info("swept", **vars(swept))
    return swept


def _work(swept: Swept, at: datetime) -> None:
    swept.taken_back = claim.take_back_expired()
    held = claim.claim_messages(at)
    swept.claimed = len(held.rows)
    if held.rows:
        crash_point("after_claim")
        _send(_Batch(held, at, _load(held), swept))
    swept.retractions, swept.retracted = retract.send_retractions(at, _to_broker)


def _load(held: Claim) -> list[Message]:
    """Those still in hand, with the meeting as it is now."""
    mine = Message.objects.filter(claim=held.id, state=MessageState.CLAIMED)
    with_all = mine.select_related("meeting", "participant__person", "participant__invitation")
    # Few have a contact, and many are of one type: asked for beside, not joined to each row.
    messages = list(with_all.prefetch_related("meeting__type", "participant__contact").order_by("due_at"))
    for message in messages:
        message.participant.meeting = message.meeting
    return messages


def _send(batch: _Batch) -> None:
    _look_at_our_own(batch)
    _ask_registers(batch)
    _make_ready(batch)
    _within_the_cap(batch)
    _to_ditt_nav(batch)
    _to_partners(batch)


def _going(batch: _Batch, channels: Collection[Channel]) -> list[Message]:
    """The last look, as late as can be: what a change voided while the registers answered stays here."""
    ready = [message for message in batch.messages if message.channel in channels]
    held = claim.still_held(batch.held) if ready else set()
    return [message for message in ready if message.pk in held]


def _to_ditt_nav(batch: _Batch) -> None:
    going = _going(batch, {Channel.DITT_NAV})
    ready = {message.pk: batch.ready[message.pk] for message in going}
    events = [(str(one.key), ditt_nav.encode(ready[one.pk].event)) for one in going]  # type: ignore[union-attr]
    results = _to_broker(events) if events else {}
    if going:
        crash_point("after_accepted")
    problems = {message.pk: results.get(str(message.key), "NO_ANSWER") for message in going}
    for message in going:
        problem = problems[message.pk]
        if problem in hanging.NEVER_TAKEN:
            settle.refused(message, batch.held, batch.at, str(problem))
            batch.swept.not_sent += 1
    tried = [one for one in going if problems[one.pk] is not None and problems[one.pk] not in hanging.NEVER_TAKEN]
    settle.tried(tried, batch.held, batch.at, Hang.BROKER)
    batch.swept.later += len(tried)
    _settled(batch, [message for message in going if problems[message.pk] is None])


def _to_partners(batch: _Batch) -> None:
    """After Ditt NAV, in what is left of the lease; what was not begun in time was not tried.

    One at a time where the receiver knows no key: a sender that dies has left one at the most unwritten.
    """
    going = _going(batch, TO_PARTNERS)
    keyed = [message for message in going if not emails.goes_without_key(message)]
    if keyed:
        _hand_over(batch, keyed, emails.ALL_WITHIN)
    deadline = time.monotonic() + emails.ALL_WITHIN
    for message in going:
        if emails.goes_without_key(message) and perhaps_twice.begin(message, batch.held):
            _hand_over(batch, [message], deadline - time.monotonic())


def _hand_over(batch: _Batch, going: list[Message], within: float) -> None:
    ready = {message.pk: batch.ready[message.pk] for message in going}
    outcomes = emails.send([one for one in ready.values() if isinstance(one, emails.Ready)], within)
    crash_point("after_accepted")
    for number, message in enumerate(going):
        if number == len(going) // 2:
            crash_point("before_settled")
        outcome = outcomes[message.key]
        if isinstance(outcome, Accepted):
            _settle_sent(batch, [settle.Gone(message, batch.ready[message.pk].kept, outcome.shipment_id)])
        elif isinstance(outcome, Refused):
            settle.refused(message, batch.held, batch.at, outcome.cause)
            batch.swept.not_sent += 1
        elif emails.was_not_tried(outcome):
            not_before = emails.try_again(message, outcome, batch.at)
            settle.later([message], {message.pk: not_before}, batch.held, batch.at, emails.hangs_on(outcome))
            batch.swept.later += 1
        else:
            settle.tried([message], batch.held, batch.at, emails.hangs_on(outcome))
            batch.swept.later += 1
        perhaps_twice.end(message, outcome)


def _settled(batch: _Batch, gone: Sequence[Message]) -> None:
    """Written down some at a time, at least in two halves, so that a crash point can lie between them."""
    size = max(1, min(SETTLED_AT_ONCE, len(gone) // 2))
    for first in range(0, len(gone), size):
        if first <= len(gone) // 2 < first + size:
            crash_point("before_settled")
        some = gone[first : first + size]
        _settle_sent(batch, [settle.Gone(message, batch.ready[message.pk].kept) for message in some])


def _settle_sent(batch: _Batch, gone: Sequence[settle.Gone]) -> None:
    ours = settle.sent(gone, batch.held, batch.at)
    batch.swept.sent += ours
    batch.swept.overtaken += len(gone) - ours


def _look_at_our_own(batch: _Batch) -> None:
    unanswered = look_again.unanswered(batch.messages)
    batch.revisions = look_again.revisions_of(batch.messages)
    verdicts = {
        message.pk: look_again.by_our_own(
            message, at=batch.at, unanswered=message.participant_id in unanswered, revisions=batch.revisions
        )
        for message in batch.messages
    }
    batch.messages = batch.without({pk: verdict for pk, verdict in verdicts.items() if verdict})
    by_hour = {message.pk: settle.by_the_hour(message, batch.held, batch.at) for message in batch.messages}
    batch.messages = [message for message in batch.messages if by_hour[message.pk] is None]
    batch.swept.moved = sum(1 for one in by_hour.values() if one is not None and one.instead is not None)
    batch.swept.not_sent += sum(1 for one in by_hour.values() if one is not None and one.instead is None)


def _ask_registers(batch: _Batch) -> None:
    """Who could not be asked waits; the longer they have waited, the less often they are tried."""
    about = look_again.people_of(batch.messages)
    known = registers_now.ask({person.pk: person for person in about.values()}, batch.at)
    # What was learned just now closes what must close before anything leaves.
    protection.catch_up(batch.at)
    answered, verdicts, unanswered = [], {}, {}
    for message in batch.messages:
        facts = known.get(about[message.pk].pk) if message.pk in about else NobodyThere()
        if facts is None:
            unanswered[message.pk] = batch.at + claim.wait_unattempted(message, batch.at)
            continue
        answered.append(message)
        verdict = look_again.by_registers(message, facts)
        if verdict:
            verdicts[message.pk] = verdict
        elif isinstance(facts, Known):
            batch.known[message.pk] = facts
    settle.later(batch.messages, unanswered, batch.held, batch.at, Hang.REGISTERS)
    batch.swept.later += len(unanswered)
    batch.messages = answered
    batch.messages = batch.without(verdicts)
    # After that: what was in hand surely did not leave, so that nobody is told of the end of what they never heard of.
    deaths.catch_up(batch.at)


def _make_ready(batch: _Batch) -> None:
    """The words, from what is stored now. What Min side would drop without a word fails here, and is a task."""
    revisions = batch.revisions
    before, now = told.before(batch.messages), told.pictures(batch.messages, revisions)
    refused, asking = {}, standing.waiting(batch.messages)
    for message in batch.messages:
        waits, was, picture = message.participant_id in asking, before.get(message.pk), now.get(message.pk)
        facts = notification.facts_for(message, revisions, was, waits=waits)
        try:
            if message.channel == Channel.EMAIL:
                batch.ready[message.pk] = emails.build(message, facts, picture)
            elif message.channel == Channel.SMS:
                batch.ready[message.pk] = partner_sms.build(message, facts, batch.at, picture)
            else:
                known = batch.known[message.pk]
                batch.ready[message.pk] = notification.build(message, facts, known, batch.at, picture, was)
        except texts.CannotBeSaid as error:
            _log.error("cannot_be_said", message=str(message.pk), cause=str(error))
            refused[message.pk] = Verdict(error.why, MessageState.FAILED)
    batch.messages = batch.without(refused)


def _within_the_cap(batch: _Batch) -> None:
    """Last, so that what does not leave for another reason takes no room."""
    verdicts = settle.by_the_cap(batch.messages, batch.held, batch.at)
    moved = sum(1 for verdict in verdicts.values() if verdict.instead is not None)
    batch.swept.moved += moved
    batch.swept.not_sent += len(verdicts) - moved
    batch.messages = [message for message in batch.messages if message.pk not in verdicts]


def _to_broker(events: list[tuple[str, bytes]]) -> dict[str, str | None]:
    results = ditt_nav.notifications().send_batch(events, BROKER_SECONDS)
    problems = sorted({problem for problem in results.values() if problem is not None})
    if problems:
        _log.warning("broker_refused", problems=problems, count=sum(1 for one in results.values() if one))
    return results
