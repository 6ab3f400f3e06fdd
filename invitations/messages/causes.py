"""Through what a message was tried, and what became of it there: codes for a task, a list, a log. About nobody."""

from enum import StrEnum
from typing import Final

from invitations.messages import by_min_side
from invitations.models import Channel, Message, MessageState, Receipt, Why

# What the receiver answered when it was handed over, and would not take: a receipt of our own.
REFUSED: Final = "refused"
ALTINN: Final = "altinn"


class Via(StrEnum):
    """Through what. `SMS_OR_EMAIL`: Min side chose, and did not say which."""

    DITT_NAV = "DITT_NAV"
    SMS = "SMS"
    EMAIL = "EMAIL"
    SMS_OR_EMAIL = "SMS_OR_EMAIL"


class Cause(StrEnum):
    """What became of it there."""

    NOT_DELIVERED = "NOT_DELIVERED"
    NOT_NOW = "NOT_NOW"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    NOT_TRIED = "NOT_TRIED"
    NO_SUCH_RECEIVER = "NO_SUCH_RECEIVER"
    BOUNCED = "BOUNCED"
    FILTERED = "FILTERED"
    BLOCKED = "BLOCKED"
    EXPIRED = "EXPIRED"
    REFUSED = "REFUSED"
    NO_WORDS = "NO_WORDS"
    NO_CONTACT = "NO_CONTACT"
    TOO_LATE = "TOO_LATE"
    TAKEN_AWAY = "TAKEN_AWAY"
    DELIVERED = "DELIVERED"


Way = tuple[Via, Cause]
# The same would go wrong again, whoever sends it: a person has to correct the address or the number.
LASTING: Final = frozenset({Cause.BOUNCED, Cause.NO_SUCH_RECEIVER, Cause.BLOCKED, Cause.REFUSED, Cause.FILTERED})

_MIN_SIDE: Final = {"SMS": Via.SMS, "EPOST": Via.EMAIL}
# By how their statuses end; one that is new to us did not arrive, and that is all we know.
_ALTINN: Final = {
    "TransientError": Cause.NOT_NOW,
    "Bounced": Cause.BOUNCED,
    "InvalidFormat": Cause.NO_SUCH_RECEIVER,
    "InvalidRecipient": Cause.NO_SUCH_RECEIVER,
    "RecipientNotIdentified": Cause.NO_SUCH_RECEIVER,
    "FilteredSpam": Cause.FILTERED,
    "Quarantined": Cause.FILTERED,
    "SuppressedRecipient": Cause.BLOCKED,
    "RecipientReserved": Cause.BLOCKED,
    "BarredReceiver": Cause.BLOCKED,
    "TTL": Cause.EXPIRED,
    "Expired": Cause.EXPIRED,
}
_NEVER_LEFT: Final = {
    # It hangs: a person is asked while it is still being tried.
    Why.NONE: Cause.NO_CONTACT,
    Why.REFUSED_BY_RULES: Cause.REFUSED,
    Why.NO_WORDS: Cause.NO_WORDS,
    Why.BROKER: Cause.NO_CONTACT,
    Why.TOO_LATE: Cause.TOO_LATE,
    Why.NOT_DELIVERED: Cause.NO_SUCH_RECEIVER,
}


def ways(message: Message) -> list[Way]:
    """What was tried with this message, in the order that a person would tell it. One query, or none where fetched."""
    via = Via(message.channel)
    if message.state == MessageState.DELIVERED:
        return [(via, Cause.DELIVERED)]
    if message.sent_at is None:
        return [(via, _NEVER_LEFT.get(Why(message.why), Cause.NOT_DELIVERED))]
    receipts = sorted(message.receipts.all(), key=lambda one: (one.happened_at, one.pk))
    if via == Via.DITT_NAV:
        return _taken_away(receipts) if message.why == Why.TAKEN_AWAY else _by_min_side(receipts)
    return [(via, _by_altinn(receipts))]


def attempts(message: Message) -> int:
    """How often it was handed over. What was refused surely never left, and is an attempt all the same.

    A query for each that was refused, where its receipts are not fetched.
    """
    if message.why != Why.REFUSED_BY_RULES:
        return message.attempts
    return message.attempts + sum(receipt.event == REFUSED for receipt in message.receipts.all())


def _by_min_side(receipts: list[Receipt]) -> list[Way]:
    failed = by_min_side.became(receipts).failed
    if not failed:
        return [(Via.SMS_OR_EMAIL, Cause.NOT_CONFIRMED)]
    vias = [_MIN_SIDE.get(via, Via.SMS_OR_EMAIL) for via in sorted(failed, reverse=True)]
    found = [(via, Cause.NOT_DELIVERED) for via in vias]
    if set(vias) == {Via.SMS}:
        found.append((Via.EMAIL, Cause.NOT_TRIED))
    return found


def _taken_away(receipts: list[Receipt]) -> list[Way]:
    """What is said of its SMS and e-mail besides; nothing where they never went, or nobody spoke of them."""
    became = by_min_side.became(receipts)
    found = [(Via.DITT_NAV, Cause.TAKEN_AWAY)]
    found += [(_MIN_SIDE.get(via, Via.SMS_OR_EMAIL), Cause.DELIVERED) for via in sorted(became.by, reverse=True)]
    failed = sorted(became.failed - became.by, reverse=True)
    return found + [(_MIN_SIDE.get(via, Via.SMS_OR_EMAIL), Cause.NOT_DELIVERED) for via in failed]


def _by_altinn(receipts: list[Receipt]) -> Cause:
    for one in reversed(receipts):
        _, failed, ending = one.status.partition("_Failed")
        if one.event == ALTINN and failed:
            return _ALTINN.get(ending.removeprefix("_"), Cause.NOT_DELIVERED)
        if one.event == ALTINN and one.status.startswith("Order_") and one.status.endswith(("Cancelled", "NotMet")):
            return Cause.NOT_DELIVERED
    return Cause.NOT_CONFIRMED


def is_wrong_address(message: Message) -> bool:
    """Would the same go wrong again, whoever sends it?"""
    return message.channel != Channel.DITT_NAV and any(cause in LASTING for _, cause in ways(message))


def is_for_now(message: Message) -> bool:
    """Did it fail in a way that a new order may not?"""
    return message.channel == Channel.EMAIL and any(cause == Cause.NOT_NOW for _, cause in ways(message))
