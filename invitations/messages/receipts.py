"""What Min side says became of a message: kept once for each event, and the message's state moved.

What the words come to is said in by_min_side.py: sent → not delivered → delivered, and what was sent may yet fail; and
what asks for an answer may be taken away by somebody else (taken_away.py). A receipt may come before the sender has
written that it sent: the sender looks again when it has.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from invitations.messages import by_min_side, ladder, taken_away
from invitations.messages.receipts_format import EXTERNAL, INACTIVATED, StatusEvent
from invitations.models import Message, MessageState, Receipt, Why

MAY_MOVE = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED})
_SAYS_WHAT_BECAME = frozenset({EXTERNAL, INACTIVATED})
# Rows of one transaction: a lock on each message is held until it ends.
BATCH = 200


def keep(events: Sequence[StatusEvent], at: datetime) -> int:
    """Keep what is about messages of ours, and move them. How many events that was; the rest is nobody's."""
    kept = 0
    for start in range(0, len(events), BATCH):
        kept += _keep(events[start : start + BATCH], at)
    return kept


def apply_receipts(message_id: UUID, at: datetime) -> None:
    """Move the message to what its receipts say, if they say anything."""
    receipts = list(Receipt.objects.filter(message=message_id, event__in=_SAYS_WHAT_BECAME))
    became, gone_at = by_min_side.became(receipts), by_min_side.gone_at(receipts)
    if became.is_called_off:
        # Nobody waits for a word of what is not sent. The row stays: it was shown.
        Message.objects.filter(pk=message_id, state=MessageState.SENT).update(known_by=None)
    if gone_at is None and not (became.is_arrived or became.is_failed):
        return
    message = Message.objects.select_related("meeting", "participant__person").get(pk=message_id)
    if message.sent_at is None or message.state not in MAY_MOVE:
        return
    if message.why == Why.TAKEN_AWAY or (gone_at is not None and taken_away.by_others(message, gone_at)):
        _was_taken_away(message, at)
    elif became.is_arrived:
        if message.state != MessageState.DELIVERED:
            _move(message, MessageState.DELIVERED, Why.NONE, at)
            ladder.arrived(message, at)
    elif became.is_failed and (message.state != MessageState.FAILED or message.why == Why.NOT_CONFIRMED):
        matters = message.state == MessageState.FAILED or ladder.still_matters(message, at)
        _move(message, MessageState.FAILED, Why.NOT_DELIVERED, at)
        if matters:
            ladder.did_not_arrive(message, at)


def _was_taken_away(message: Message, at: datetime) -> None:
    """Whatever came by SMS or e-mail: those carry no link. What is said of them later, the task says."""
    matters = ladder.still_matters(message, at)
    if message.why != Why.TAKEN_AWAY:
        _move(message, MessageState.FAILED, Why.TAKEN_AWAY, at)
    if matters:
        ladder.did_not_arrive(message, at)


def _move(message: Message, state: MessageState, why: Why, at: datetime) -> None:
    message.state, message.why, message.settled_at = state, why, at
    message.save(update_fields=["state", "why", "settled_at"])


def _keep(events: Sequence[StatusEvent], at: datetime) -> int:
    with transaction.atomic():
        # The lock makes either us see that it was sent, or the sender see this receipt. Ordered: two consumers
        # at once (a rebalance) must not wait for each other.
        keys = {event.key for event in events}
        locked = Message.objects.select_for_update().filter(key__in=keys).order_by("pk")
        messages = {message.key: message for message in locked.only("pk", "key")}
        ours = [event for event in events if event.key in messages]
        Receipt.objects.bulk_create(
            (
                Receipt(
                    message=messages[event.key],
                    event=event.event,
                    status=event.status,
                    via=event.via,
                    is_renotification=event.is_renotification,
                    happened_at=event.happened_at,
                    kept_at=at,
                )
                for event in ours
            ),
            ignore_conflicts=True,
        )
        for message_id in {messages[event.key].pk for event in ours if event.event in _SAYS_WHAT_BECAME}:
            apply_receipts(message_id, at)
    return len(ours)
