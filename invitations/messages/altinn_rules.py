"""What we demand of an address and a text before it is planned, and again before it leaves for Altinn or SMTP.

Stricter than Altinn Notifications, which takes any valid telephone number, any length and any link: an SMS here fits
in one, carries no address, and goes to something that can receive it; an e-mail leads nowhere but to us.
"""

import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from invitations.messages.min_side_rules import link_like, utf16_length
from navmeet.exceptions import Invalid

LONGEST_SMS: Final = 160
LONGEST_SUBJECT: Final = 100
LONGEST_EMAIL: Final = 10_000
# Altinn's own limits (ShortMessageDeliveryDetailsValidator).
SHORTEST_LIFE: Final = 60
LONGEST_LIFE: Final = 172_800
LONGEST_ADDRESS: Final = 254

# As people write numbers: with spaces (also unbreakable ones), hyphens, dots and brackets.
_BETWEEN_DIGITS: Final = re.compile(r"[ \u00a0\u2009\u202f().\u2010-\u2015-]")
_NORWEGIAN_MOBILE: Final = re.compile(r"\+47[49][0-9]{7}")
_ABROAD: Final = re.compile(r"\+(?!47)[1-9][0-9]{6,14}")
_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"']*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a message does not leave. It never repeats what stood in the field."""

    code: str
    field: str


def mobile_number(written: str, *, field: str = "phone") -> str:
    """The number as "+4749000000". Takes a Norwegian mobile number, or one abroad with its country code.

    Raises Invalid, naming `field`.
    """
    number = _BETWEEN_DIGITS.sub("", written.strip())
    if number.startswith("00"):
        number = f"+{number[2:]}"
    elif re.fullmatch(r"[49][0-9]{7}", number):
        number = f"+47{number}"
    elif re.fullmatch(r"47[49][0-9]{7}", number):
        number = f"+{number}"
    if not _can_receive_sms(number):
        raise Invalid(
            "Skriv et norsk mobilnummer med åtte sifre, eller et utenlandsk nummer med + og landkode.",
            code="phone_not_mobile",
            field=field,
        )
    return number


def email_address(written: str, *, field: str = "email") -> str:
    """The address without spaces around it, its domain in the form that mail servers use. Raises Invalid."""
    local, at, domain = written.strip().rpartition("@")
    address = f"{local}{at}{_as_mail_servers_write(domain)}"
    if not _is_email(address):
        raise Invalid("Skriv e-postadressen på formen navn@eksempel.no.", code="email_not_valid", field=field)
    return address


def problems_with_sms(phone: str, body: str, time_to_live: int) -> list[Problem]:
    """Everything that keeps this SMS from leaving; empty when nothing does. `time_to_live` is in seconds."""
    found = []
    if not _can_receive_sms(phone):
        found.append(Problem("not_a_mobile_number", "phone"))
    if not body.strip() or utf16_length(body) > LONGEST_SMS:
        found.append(Problem("blank_or_too_long", "body"))
    if _CONTROL.search(body):
        found.append(Problem("control_character", "body"))
    if link_like(body):
        found.append(Problem("link_in_sms", "body"))
    if not SHORTEST_LIFE <= time_to_live <= LONGEST_LIFE:
        found.append(Problem("life_too_short_or_long", "time_to_live"))
    return found


def problems_with_email(address: str, subject: str, body: str) -> list[Problem]:
    """Everything that keeps this e-mail from leaving; empty when nothing does."""
    found = []
    if not _is_email(address):
        found.append(Problem("not_an_address", "address"))
    if not subject.strip() or utf16_length(subject) > LONGEST_SUBJECT:
        found.append(Problem("blank_or_too_long", "subject"))
    if _CONTROL.search(subject) or "\n" in subject or "\t" in subject:
        found.append(Problem("control_character", "subject"))
    if link_like(subject):
        found.append(Problem("link_in_subject", "subject"))
    if not body.strip() or utf16_length(body) > LONGEST_EMAIL:
        found.append(Problem("blank_or_too_long", "body"))
    if _CONTROL.search(body):
        found.append(Problem("control_character", "body"))
    ours = f"{settings.PUBLIC_BASE_URL}/"
    if not all(link.startswith(ours) for link in _ADDRESS.findall(body)):
        found.append(Problem("link_elsewhere", "body"))
    return found


def _can_receive_sms(number: str) -> bool:
    return bool(_NORWEGIAN_MOBILE.fullmatch(number) or _ABROAD.fullmatch(number))


def _is_email(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    is_short = len(address) <= LONGEST_ADDRESS and len(local) <= 64
    return is_short and bool(_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain))


def _as_mail_servers_write(domain: str) -> str:
    """ "blåbær.no" → "xn--blbr-roah.no"; what cannot be written so is left as it is, and found wrong."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
