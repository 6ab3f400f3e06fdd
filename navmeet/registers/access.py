"""The access machine (Tilgangsmaskinen): may this employee open this person? (contracts/access.md § 4.1)

Asked with our own machine token and the employee's Nav ident. What is not a clear yes is a no, or no answer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from navmeet.exceptions import NotPermitted
from navmeet.registers.calls import Register, ask, person_unknown, unavailable

ACCESS = Register(key="access", words="tilgangskontrollen")
MOST_AT_ONCE = 1000

GRANTED = "GRANTED"
PERSON_UNKNOWN = "PERSON_UNKNOWN"
NO_ANSWER = "NO_ANSWER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, and when. `code` is GRANTED, the machine's own AVVIST_…, PERSON_UNKNOWN or NO_ANSWER."""

    granted: bool
    code: str
    at: datetime


def may_open(nav_ident: str, number: str, *, at: datetime) -> Decision:
    """Ask about one person, by all rules.

    Raises Invalid (`person_unknown`), Unavailable, and NotPermitted for what is no Nav ident at all.
    """
    answer = ask(
        ACCESS,
        "POST",
        f"{settings.ACCESS_URL}/ccf/komplett/{_checked(nav_ident)}",
        target=settings.ACCESS_TARGET,
        json=number,
    )
    if answer.status == 204:
        return Decision(granted=True, code=GRANTED, at=at)
    if answer.status == 404:
        raise person_unknown()
    if answer.status == 403:
        return Decision(granted=False, code=_refusal(answer.json(ACCESS)), at=at)
    raise unavailable(ACCESS, f"status_{answer.status}")


def may_open_many(nav_ident: str, numbers: Iterable[str], *, at: datetime) -> dict[str, Decision]:
    """Ask about many at once: one decision for each number, in at most 1000 a call. Nothing asked, nothing sent.

    A number the answer leaves out, or answers twice in two ways, is not granted. Raises Unavailable, NotPermitted.
    """
    asked = list(dict.fromkeys(numbers))
    decisions: dict[str, Decision] = {}
    for first in range(0, len(asked), MOST_AT_ONCE):
        decisions |= _one_call(_checked(nav_ident), asked[first : first + MOST_AT_ONCE], at)
    return decisions


def _one_call(nav_ident: str, numbers: list[str], at: datetime) -> dict[str, Decision]:
    answer = ask(
        ACCESS,
        "POST",
        f"{settings.ACCESS_URL}/bulk/ccf/{nav_ident}",
        target=settings.ACCESS_TARGET,
        json=[{"brukerId": number, "type": "KOMPLETT_REGELTYPE"} for number in numbers],
    )
    if answer.status != 207:
        raise unavailable(ACCESS, f"status_{answer.status}")
    content = answer.json(ACCESS)
    codes: dict[str, set[str]] = {number: set() for number in numbers}
    try:
        if content["ansattId"] != nav_ident:
            raise unavailable(ACCESS, "another_employee")
        for result in content["resultater"]:
            if result["brukerId"] in codes:
                codes[result["brukerId"]].add(_code(result))
    except (KeyError, TypeError):
        raise unavailable(ACCESS, "odd_answer") from None
    return {number: _decision(found, at) for number, found in codes.items()}


def _code(result: dict[str, Any]) -> str:
    match result["status"]:
        case 204:
            return GRANTED
        case 404:
            return PERSON_UNKNOWN
        case 403:
            return _refusal(result["detaljer"])
        case _:
            return NO_ANSWER


def _decision(codes: set[str], at: datetime) -> Decision:
    code = codes.pop() if len(codes) == 1 else NO_ANSWER
    return Decision(granted=code == GRANTED, code=code, at=at)


def _refusal(problem: Any) -> str:
    """The AvvisningsKode. A 403 without one is a gateway's, about us and not about the person: no answer."""
    title = problem.get("title") if isinstance(problem, dict) else None
    if not isinstance(title, str) or not re.fullmatch(r"AVVIST_[A-ZÆØÅ_]{1,60}", title):
        raise unavailable(ACCESS, "odd_refusal")
    return title


def _checked(nav_ident: str) -> str:
    """The ident as it may stand in an address: a letter and six digits."""
    if not re.fullmatch(r"[A-Z][0-9]{6}", nav_ident):
        raise NotPermitted("Vi finner ikke Nav-identen din. Logg inn på nytt.", code="nav_ident_invalid")
    return nav_ident
