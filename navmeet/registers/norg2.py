"""NORG2: which Nav office serves a place. Open inside Nav, so no token (contracts/registers.md § 5.3)."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from navmeet.exceptions import NotFound
from navmeet.registers.calls import Register, ask, unavailable

NORG2 = Register(key="norg2", words="oversikten over Nav-kontor")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalOffice:
    """An office: four digits and a name; `active` is NORG2's status Aktiv."""

    number: str
    name: str
    active: bool
    at: datetime


def office_for(geographic: str, *, at: datetime) -> LocalOffice:
    """The office for a municipality (four digits) or a city district (six). Raises NotFound, Unavailable."""
    if not re.fullmatch(r"[0-9]{4}([0-9]{2})?", geographic):
        raise _no_office()
    answer = ask(NORG2, "GET", f"{settings.NORG2_URL}/api/v1/enhet/navkontor/{geographic}")
    if answer.status == 404:
        raise _no_office()
    if answer.status != 200:
        raise unavailable(NORG2, f"status_{answer.status}")
    found = answer.json(NORG2)
    try:
        number, name, status = found["enhetNr"], found["navn"], found["status"]
    except (KeyError, TypeError):
        raise unavailable(NORG2, "odd_answer") from None
    if not isinstance(name, str) or not isinstance(number, str) or not re.fullmatch(r"[0-9]{4}", number):
        raise unavailable(NORG2, "odd_answer")
    return LocalOffice(number=number, name=name, active=status == "Aktiv", at=at)


def _no_office() -> NotFound:
    return NotFound("Vi finner ikke noe Nav-kontor for dette stedet.", code="office_unknown")
