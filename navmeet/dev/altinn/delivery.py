"""How a delivery goes, step by step, decided by the address: the last three digits of a number, or before the @.

| digits | e-mail | SMS |
|---|---|---|
| 001 | bounced | invalid recipient |
| 002 | recipient not identified | barred receiver |
| 003 | filtered as spam | expired |
| 004 | quarantined | undelivered |
| 005 | transient error | rejected |
| 006 | suppressed recipient | deleted |
| 007 | lived too long | lived too long |
| 008 | never confirmed | never confirmed |
| 009 | refused at once: 422 | refused at once: 422 |

A telephone number that is no mobile number is taken, and found invalid later. All others are delivered.
"""

import re
from typing import Literal

Kind = Literal["Email", "SMS"]

_NO_CONTACT = "009"
_NEVER_CONFIRMED = "008"
_EMAIL_FAILS = {
    "001": "Bounced",
    "002": "RecipientNotIdentified",
    "003": "FilteredSpam",
    "004": "Quarantined",
    "005": "TransientError",
    "006": "SuppressedRecipient",
    "007": "TTL",
}
_SMS_FAILS = {
    "001": "InvalidRecipient",
    "002": "BarredReceiver",
    "003": "Expired",
    "004": "Undelivered",
    "005": "Rejected",
    "006": "Deleted",
    "007": "TTL",
}
ORDER = {"New": "Order_Registered", "Sending": "Order_Processing", "Succeeded": "Order_Processed"}
ORDER |= {"Accepted": "Order_Processed"}


def has_no_contact(address: str) -> bool:
    """Whether the order is refused at once (422 NOT-00001)."""
    return _digits(address) == _NO_CONTACT


def steps(kind: Kind, address: str, *, fails_at_provider: bool = False) -> list[tuple[str, str]]:
    """(order's status, recipient's status) of each step, from registered to the end."""
    last = _end(kind, address, fails_at_provider)
    middle = "Succeeded" if kind == "Email" else "Accepted"
    words = ["New", "Sending"] if last == "Failed" else ["New", "Sending", middle]
    words += [last] if last else []
    return [(ORDER.get(word, "Order_Completed"), f"{kind}_{word}") for word in words]


def _end(kind: Kind, address: str, fails_at_provider: bool) -> str | None:
    if fails_at_provider:
        return "Failed"
    digits = _digits(address)
    if digits == _NEVER_CONFIRMED:
        return None
    if kind == "SMS" and re.match(r"(?:\+|00)47[235678]", address):
        return "Failed_InvalidRecipient"
    failed = (_EMAIL_FAILS if kind == "Email" else _SMS_FAILS).get(digits)
    return f"Failed_{failed}" if failed else "Delivered"


def _digits(address: str) -> str:
    return address.partition("@")[0][-3:]
