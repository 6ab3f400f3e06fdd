"""What Altinn says became of e-mails and SMS: followed from their feed, kept once, and the message moved forwards.

The reference is the message's id. What a sender left behind when it died is told here too: an e-mail that was void and
left all the same says so, and its receiver is told what is true.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DataError, transaction

from invitations.messages import altinn_feed, causes, ladder, plan_partners
from invitations.messages.altinn_feed import Delivery, NoFeed
from invitations.models import TO_PARTNERS, FeedPosition, Message, MessageState, Receipt, Why

FEED = altinn_feed.NAME
# The event that receipts of the feed are kept under.
EVENT = causes.ALTINN
MOST_PAGES = 20
PAGE_SIZES = (altinn_feed.MOST_ON_A_PAGE, 20, 1)
UNSTORABLE = (DataError, OverflowError, ValueError)
_STATUS = 40
_DOUBTS = frozenset({Why.NOT_DELIVERED, Why.NOT_CONFIRMED})

_log = structlog.get_logger(__name__)


def follow(at: datetime) -> int:
    """Read on from where we were, until there is no more; how many deliveries of ours. Nothing for SMTP.

    Two at once do no harm: what is kept is kept once, and the position only grows.
    """
    if settings.PARTNER_CHANNEL != "ALTINN":
        return 0
    kept = 0
    for _ in range(MOST_PAGES):
        position, _is_new = FeedPosition.objects.get_or_create(name=FEED, defaults={"at": at})
        try:
            page = _page(position.sequence)
        except NoFeed as error:
            _log.warning("feed_not_read", cause=str(error))
            return kept
        if not page:
            # Heard all there is by now: what nobody spoke of, nobody has spoken of.
            FeedPosition.objects.filter(name=FEED, at__lt=at).update(at=at)
            break
        kept += keep(page, at)
        last = max(one.sequence for one in page)
        FeedPosition.objects.filter(name=FEED, sequence__lt=last).update(sequence=last, at=at)
    return kept


def _page(after: int) -> list[Delivery]:
    """The next page; a smaller one where it is too long to be read whole: one long entry must not stop all others."""
    for size in PAGE_SIZES:
        try:
            return altinn_feed.feed(after, size)
        except NoFeed as error:
            if str(error) != altinn_feed.TOO_LONG or size == PAGE_SIZES[-1]:
                raise
    return []


def keep(deliveries: Sequence[Delivery], at: datetime) -> int:
    """Keep what is about messages of ours, and move them; how many that was. What cannot be kept is logged."""
    by_message: dict[UUID, list[Delivery]] = {}
    for delivery in deliveries:
        message_id = _uuid(delivery.reference)
        if message_id is not None:
            by_message.setdefault(message_id, []).append(delivery)
    return sum(_kept(message_id, of_it, at) for message_id, of_it in sorted(by_message.items()))


def apply(message: Message, at: datetime) -> None:
    """Move the message, locked by the caller, to what the feed has said of it, if it has said anything."""
    statuses = set(message.receipts.filter(event=EVENT).values_list("status", flat=True))
    if not statuses:
        return
    if message.state == MessageState.VOID and message.sent_at is None:
        # They had it, whatever became of who sent it.
        message.state, message.sent_at = MessageState.SENT, at
        message.save(update_fields=["state", "sent_at"])
        plan_partners.left_all_the_same(message, at)
    if message.sent_at is None:
        return
    if statuses & altinn_feed.DELIVERED:
        if message.state in {MessageState.SENT, MessageState.FAILED}:
            # `why` stays where it says that the message should not have left.
            _move(message, MessageState.DELIVERED, Why.NONE if message.why in _DOUBTS else message.why, at)
            ladder.arrived(message, at)
    elif any(status.startswith(altinn_feed.NOT_DELIVERED) or status in altinn_feed.ORDER_ENDED for status in statuses):
        was_given_up = message.state == MessageState.FAILED and message.why == Why.NOT_CONFIRMED
        if message.state == MessageState.SENT or was_given_up:
            matters = was_given_up or ladder.still_matters(message, at)
            _move(message, MessageState.FAILED, Why.NOT_DELIVERED, at)
            if matters:
                ladder.did_not_arrive(message, at)


def _move(message: Message, state: MessageState, why: str, at: datetime) -> None:
    message.state, message.why, message.settled_at = state, why, at
    message.save(update_fields=["state", "settled_at", "why"])


def _kept(message_id: UUID, deliveries: Sequence[Delivery], at: datetime) -> int:
    """All; if one of them cannot be stored at all (a year 9999, half a character), all the others."""
    try:
        return _keep(message_id, deliveries, at)
    except UNSTORABLE as error:
        if len(deliveries) == 1:
            _log.warning("delivery_unstorable", cause=type(error).__name__)
            return 0
        return sum(_kept(message_id, [one], at) for one in deliveries)


def _keep(message_id: UUID, deliveries: Sequence[Delivery], at: datetime) -> int:
    with transaction.atomic():
        # The lock makes either us see that it was sent, or the sender see this receipt.
        message = (
            Message.objects.select_for_update(of=("self",))
            .select_related("meeting", "participant__person")
            .filter(pk=message_id, channel__in=TO_PARTNERS)
            .first()
        )
        if message is None:
            return 0
        Receipt.objects.bulk_create(
            (
                Receipt(
                    message=message,
                    event=EVENT,
                    status=one.status[:_STATUS],
                    via=one.channel,
                    happened_at=one.at or message.planned_at,
                    kept_at=at,
                )
                for one in deliveries
            ),
            ignore_conflicts=True,
        )
        apply(message, at)
    return len(deliveries)


def _uuid(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
