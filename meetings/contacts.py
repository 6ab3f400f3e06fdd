"""How somebody outside Nav is reached: what a number and an address must be, and whose they may not be."""

import re
from dataclasses import dataclass, field
from typing import Final

from navmeet.api.text import clean
from navmeet.exceptions import Invalid

NAME: Final = 100
LONGEST_ADDRESS: Final = 254
# Longer than anything that is a number, however it is spaced.
_LONGEST_NUMBER: Final = 40

# As people write numbers: with spaces (also unbreakable ones), hyphens, dots and brackets.
_BETWEEN_DIGITS: Final = re.compile(r"[ \u00a0\u2009\u202f().\u2010-\u2015-]")
_NORWEGIAN_MOBILE: Final = re.compile(r"\+47[49][0-9]{7}")
_ABROAD: Final = re.compile(r"\+(?!47)[1-9][0-9]{6,14}")
_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})"
)


@dataclass(frozen=True)
class CitizenContact:
    """How the citizen themselves is reached, as the contact register says now."""

    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


def mobile_number(written: str, *, field: str = "phone") -> str:
    """The number as "+4749000000": a Norwegian mobile number, or one abroad with its country code.

    One-time codes go to it by SMS. Raises Invalid at `field`.
    """
    number = _plain(written)
    if not is_mobile(number):
        raise Invalid(
            "Skriv et mobilnummer, fordi vi sender koder på SMS: et norsk nummer med 8 siffer som begynner med 4 "
            "eller 9, eller et utenlandsk nummer med + og landkode.",
            code="phone_not_mobile",
            field=field,
        )
    return number


def email_address(written: str, *, field: str = "email") -> str:
    """The address without spaces around it, its domain as mail servers write it. Raises Invalid at `field`."""
    local, at, domain = written.strip().rpartition("@")
    address = f"{local}{at}{_as_mail_servers_write(domain)}"
    if not is_email(address):
        raise Invalid("Skriv e-postadressen på formen navn@eksempel.no.", code="email_not_valid", field=field)
    return address


def is_mobile(number: str) -> bool:
    """Whether it is written as it is stored ("+4749000000"), and can receive an SMS."""
    return bool(_NORWEGIAN_MOBILE.fullmatch(number) or _ABROAD.fullmatch(number))


def is_email(address: str) -> bool:
    """Whether it is written as it is stored, its domain as mail servers write it."""
    local, _, domain = address.rpartition("@")
    is_short = len(address) <= LONGEST_ADDRESS and len(local) <= 64
    return is_short and bool(_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain))


def name_of(written: str, *, field: str = "name") -> str:
    """A name of at most 100 characters. Raises Invalid at `field`."""
    name = clean(written, field=field, longest=NAME)
    if not name:
        raise Invalid("Skriv navnet.", code="name_missing", field=field)
    return name


def same_email(one: str | None, other: str | None) -> bool:
    """Whether both lead to one mailbox, as far as can be told: no provider in use tells capitals apart."""
    return bool(one and other) and _folded(one) == _folded(other)


def same_phone(one: str | None, other: str | None) -> bool:
    """Whether both are one number, however they are written."""
    return bool(one and other) and _plain(one or "") == _plain(other or "")


def _plain(written: str) -> str:
    number = _BETWEEN_DIGITS.sub("", written.strip()) if len(written) <= _LONGEST_NUMBER else ""
    if number.startswith("00"):
        return f"+{number[2:]}"
    if re.fullmatch(r"[49][0-9]{7}", number):
        return f"+47{number}"
    if re.fullmatch(r"47[49][0-9]{7}", number):
        return f"+{number}"
    return number


def _folded(address: str | None) -> str:
    local, at, domain = (address or "").strip().rpartition("@")
    return f"{local}{at}{_as_mail_servers_write(domain)}".casefold()


def _as_mail_servers_write(domain: str) -> str:
    """ "blåbær.no" → "xn--blbr-roah.no"; what cannot be written so is left as it is, and found wrong."""
    if len(domain) > LONGEST_ADDRESS:
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
