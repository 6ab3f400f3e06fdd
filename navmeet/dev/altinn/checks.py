"""What Altinn Notifications checks of an order, and says when something is wrong.

Written from its documentation and validators alone, and on purpose not shared with our own rules: the one stands for
us, the other for them. One difference is meant: they know which Norwegian series are in use, and here every number
that begins with 4 or 9 is; so that tests and the demo can use numbers that belong to nobody (+47 49 …).
"""

import re
import string
from typing import Any

Errors = dict[str, list[str]]

_SHORTEST_LIFE, _LONGEST_LIFE = 60, 172_800
# As their validator searches for it: somewhere in the text, not the whole of it.
_ATOM = r"[a-zA-Z0-9!#$%&'*+\-=?^_`{|}~]+"
_LABEL = r"[a-zA-Z0-9æøåÆØÅ](?:[a-zA-Z0-9\-æøåÆØÅ]{0,61}[a-zA-Z0-9æøåÆØÅ])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:(?:{_LABEL}\.){{1,9}}[a-zA-Z]{{2,14}}|(?:\d{{1,3}}\.){{3}}\d{{1,3}})")


def sms(order: Any) -> Errors:
    """What is wrong with an order of an SMS, by field; empty when it is taken."""
    found: Errors = {}
    _common(order, found)
    recipient = _object(order, "recipientSms", "", found)
    if recipient is None:
        return found
    phone = _text(recipient, "phoneNumber", "recipientSms.", found)
    if phone is not None and not is_valid_number(phone):
        _add(found, "recipientSms.phoneNumber", "Recipient phone number is not a valid mobile number.")
    life = recipient.get("timeToLiveInSeconds")
    if not isinstance(life, int) or isinstance(life, bool) or not _SHORTEST_LIFE <= life <= _LONGEST_LIFE:
        _add(
            found, "recipientSms.timeToLiveInSeconds", "Time-to-live must be between 60 and 172800 seconds (48 hours)."
        )
    settings = _object(recipient, "smsSettings", "recipientSms.", found)
    if settings is not None:
        _text(settings, "body", "recipientSms.smsSettings.", found)
        _optional_text(settings, "sender", "recipientSms.smsSettings.", found)
    return found


def email(order: Any) -> Errors:
    """What is wrong with an order of an e-mail, by field; empty when it is taken."""
    found: Errors = {}
    _common(order, found)
    recipient = _object(order, "recipientEmail", "", found)
    if recipient is None:
        return found
    address = _text(recipient, "emailAddress", "recipientEmail.", found)
    if address is not None and not _EMAIL.search(address):
        _add(found, "recipientEmail.emailAddress", "Invalid email address format.")
    settings = _object(recipient, "emailSettings", "recipientEmail.", found)
    if settings is None:
        return found
    where = "recipientEmail.emailSettings."
    for name in ("subject", "body"):
        _text(settings, name, where, found)
    sender = _optional_text(settings, "senderEmailAddress", where, found)
    if sender is not None and not _EMAIL.search(sender):
        _add(found, f"{where}senderEmailAddress", "Invalid email address format.")
    kind = settings.get("contentType", "Plain")
    if not isinstance(kind, str) or kind.lower() not in ("plain", "html"):
        _add(found, f"{where}contentType", "Email content type must be either Plain or HTML.")
    return found


def is_valid_number(phone: str) -> bool:
    """A number with its country code that could be somebody's; of Norwegian ones, those of eight digits from 2 on."""
    number = f"+{phone[2:]}" if phone.startswith("00") else phone
    digits = "".join(character for character in number[1:] if character not in " -()")
    if number[:1] != "+" or not digits or set(digits) - set(string.digits) or digits[0] == "0":
        return False
    if digits.startswith("47"):
        return len(digits) == 10 and digits[2] in "2345679"
    return 7 <= len(digits) <= 15


def _common(order: Any, found: Errors) -> None:
    if not isinstance(order, dict):
        _add(found, "$", "The JSON value could not be converted.")
        return
    _text(order, "idempotencyId", "", found)
    _optional_text(order, "sendersReference", "", found)


def _object(of: Any, name: str, where: str, found: Errors) -> dict[str, Any] | None:
    value = of.get(name) if isinstance(of, dict) else None
    if isinstance(value, dict):
        return value
    if isinstance(of, dict):
        _add(found, where + name, f"The {name} field is required.")
    return None


def _text(of: dict[str, Any], name: str, where: str, found: Errors) -> str | None:
    value = of.get(name)
    if isinstance(value, str) and value.strip():
        return value
    _add(found, where + name, f"The {name} field is required.")
    return None


def _optional_text(of: dict[str, Any], name: str, where: str, found: Errors) -> str | None:
    value = of.get(name)
    if value is not None and not isinstance(value, str):
        _add(found, where + name, "The JSON value could not be converted.")
    return value if isinstance(value, str) else None


def _add(found: Errors, field: str, message: str) -> None:
    found.setdefault(field, []).append(message)
