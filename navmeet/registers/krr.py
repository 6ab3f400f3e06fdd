"""The contact register (KRR, through digdir-krr-proxy): may this person be told digitally, and in which language?

contracts/registers.md § 5.1. A register that is down is never the same as a person who is reserved.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from django.conf import settings

from navmeet.registers.calls import Register, ask, unavailable

KRR = Register(key="krr", words="kontakt- og reservasjonsregisteret")

Language: TypeAlias = Literal["nb", "nn", "en"]
# What the proxy is asked about at once.
MOST_AT_ONCE = 100
_LANGUAGES: dict[str, Language] = {"nb": "nb", "nn": "nn", "en": "en", "no": "nb"}
# What comes after the language in a tag: `nb-NO`.
_AFTER_LANGUAGE = re.compile(r"[-_].*", re.DOTALL)
_CODE = re.compile(r"[a-z]{2,8}")
# ISO 639's own code for a language that is not known which.
_UNDETERMINED = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What KRR says of one person at one time.

    `can_be_told` is KRR's kanVarsles (not reserved, and an address verified within 18 months). A person who has
    never registered anything cannot be told, and is not reserved. `language` is the code of the one they chose there,
    also where we have no texts in it; None where they have chosen none.
    """

    can_be_told: bool
    reserved: bool
    language: str | None
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    at: datetime

    @property
    def written(self) -> Language:
        """The one we write to them in: theirs, else bokmål."""
        return _LANGUAGES.get(self.language or "nb", "nb")

    @property
    def no_texts_in(self) -> str:
        """The one they chose, where we have no texts in it; "" where we have, and where they chose none."""
        return "" if self.language is None or self.language in _LANGUAGES else self.language


def contact(number: str, *, at: datetime) -> Contact:
    """Ask KRR about the person with this identity number. Raises Unavailable.

    Whether the person exists is PDL's to say: not being in KRR only means that a letter is the way.
    """
    return contacts([number], at=at)[number]


def contacts(numbers: Sequence[str], *, at: datetime) -> dict[str, Contact]:
    """As `contact`, of at most MOST_AT_ONCE, by number. Who is missing has no clear answer; raises when nobody has."""
    answer = ask(
        KRR,
        "POST",
        f"{settings.KRR_URL}/rest/v1/personer",
        target=settings.KRR_TARGET,
        json={"personidenter": list(numbers)},
    )
    if answer.status != 200:
        raise unavailable(KRR, f"status_{answer.status}")
    content = answer.json(KRR)
    found = {}
    for number in numbers:
        try:
            found[number] = _of(number, content, at)
        except (KeyError, TypeError, AttributeError, ValueError):
            continue
    if not found:
        raise unavailable(KRR, "odd_answer")
    return found


def _of(number: str, content: dict[str, Any], at: datetime) -> Contact:
    """Raises KeyError, TypeError, AttributeError or ValueError for what is no clear answer."""
    found: Any = (content.get("personer") or {}).get(number)
    refused = (content.get("feil") or {}).get(number)
    if found is None and refused == "person_ikke_funnet":
        return _never_registered(at)
    if refused is not None or found["personident"] != number:
        raise ValueError("another answer")
    return _read(found, at)


def _read(found: dict[str, Any], at: datetime) -> Contact:
    if not _flag(found, "aktiv"):
        return _never_registered(at)
    reserved = _flag(found, "reservert")
    return Contact(
        can_be_told=_flag(found, "kanVarsles") and not reserved,
        reserved=reserved,
        language=_language(_text(found, "spraak") or ""),
        email=_text(found, "epostadresse"),
        phone=_text(found, "mobiltelefonnummer"),
        at=at,
    )


def _language(tag: str) -> str | None:
    code = _AFTER_LANGUAGE.sub("", tag.strip().lower())
    if not code:
        return None
    return _LANGUAGES.get(code, code if _CODE.fullmatch(code) else _UNDETERMINED)


def _never_registered(at: datetime) -> Contact:
    return Contact(can_be_told=False, reserved=False, language=None, email=None, phone=None, at=at)


def _flag(found: dict[str, Any], name: str) -> bool:
    value = found[name]
    if not isinstance(value, bool):
        raise ValueError(name)
    return value


def _text(found: dict[str, Any], name: str) -> str | None:
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(name)
    return value or None
