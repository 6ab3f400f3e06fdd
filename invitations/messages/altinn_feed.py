"""What became of SMS and e-mail sent through Altinn: their feed of all our shipments, in order.

Statuses and fields that we do not know are no error: a new word is kept as it is named, and is not taken for an end.
`destination` is not read: the shipment says whose it is.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from invitations.messages import altinn
from invitations.messages.altinn_http import NoAnswer
from navmeet.registers.tokens import NoToken

WITHIN_SECONDS: Final = 10.0
MOST_ON_A_PAGE: Final = 500

# What the position in it is kept under.
NAME: Final = "altinn"
DELIVERED: Final = frozenset({"Email_Delivered", "SMS_Delivered"})
# All of these are final by their documentation, those with a reason behind (Email_Failed_Bounced) and those to come.
NOT_DELIVERED: Final = ("Email_Failed", "SMS_Failed")
# A whole order that never came to sending.
ORDER_ENDED: Final = frozenset({"Order_Cancelled", "Order_SendConditionNotMet"})
_CHANNELS: Final = {"email": "EMAIL", "sms": "SMS"}
_LONGEST = 60
_HIGHEST: Final = 2**63 - 1
# The cause where a page is too long to be read whole.
TOO_LONG: Final = "DecodingError"


class NoFeed(Exception):
    """The feed could not be read now: nothing is known, and asking again is safe. The text is the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is known of one shipment from `sequence` on. `channel` is SMS, EMAIL or, of the order itself, empty.

    `at` is None where they did not say it, or not as a time with a zone.
    """

    sequence: int
    shipment_id: str
    reference: str
    channel: str
    status: str
    is_final: bool
    is_delivered: bool
    at: datetime | None


def feed(after: int, page_size: int = MOST_ON_A_PAGE) -> list[Delivery]:
    """One page of what came after the sequence number `after`, the oldest first; empty when there is no more.

    Ask again with the last one's `sequence`. An entry may give several of one sequence number: keep them together.
    Raises NoFeed.
    """
    try:
        deadline = time.monotonic() + WITHIN_SECONDS
        path = f"future/shipment/feed?seq={after}&pageSize={page_size}"
        answer = altinn.ask("GET", path, deadline=deadline)
        if answer.status == 200:
            return sorted(_deliveries(answer.json(), after), key=lambda delivery: delivery.sequence)
        cause = f"status_{answer.status}"
    except NoAnswer as failed:
        cause = str(failed)
    except NoToken as refused:
        cause = f"no_token:{refused}"
    except ValueError:
        cause = "odd_answer"
    raise NoFeed(cause)


def _deliveries(entries: Any, after: int) -> Iterator[Delivery]:
    if not isinstance(entries, list):
        raise ValueError("not a list")
    for entry in entries:
        number = entry.get("sequenceNumber") if isinstance(entry, Mapping) else None
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= _HIGHEST:
            # Without its number we could neither pass it by nor know whether we had it.
            raise ValueError("an entry without a number")
        if number > after:
            yield from _of_entry(entry, number)


def _of_entry(entry: Mapping[str, Any], number: int) -> Iterator[Delivery]:
    recipients = entry.get("recipients")
    rows = [row for row in recipients if isinstance(row, Mapping)] if isinstance(recipients, list) else []
    for row in rows or [entry]:
        status = _word(row, "status")
        yield Delivery(
            sequence=number,
            shipment_id=_word(entry, "shipmentId"),
            reference=_word(entry, "sendersReference"),
            channel=_CHANNELS.get(_word(row, "type").lower(), ""),
            status=status,
            is_final=status in DELIVERED | ORDER_ENDED or status.startswith(NOT_DELIVERED),
            is_delivered=status in DELIVERED,
            at=_instant(row) or _instant(entry),
        )


def _word(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name)
    return value[:_LONGEST].replace("\x00", "") if isinstance(value, str) else ""


def _instant(of: Mapping[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(_word(of, "lastUpdate"))
    except ValueError:
        return None
    return at if at.utcoffset() is not None else None
