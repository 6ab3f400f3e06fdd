"""The population register (PDL): name, protection, death, safety measures, and every number a person has had.

GraphQL over HTTP; errors come as 200 with `errors[].extensions.code` (contracts/registers.md § 5.2).
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from navmeet.exceptions import Invalid
from navmeet.registers.calls import Register, ask, person_unknown, unavailable

PDL = Register(key="pdl", words="folkeregisteret")

_OSLO = ZoneInfo("Europe/Oslo")
_QUERY = """
query($ident: ID!) {
  hentPerson(ident: $ident) {
    navn(historikk: false) { fornavn mellomnavn etternavn }
    adressebeskyttelse(historikk: false) { gradering }
    doedsfall { doedsdato }
    sikkerhetstiltak { tiltakstype gyldigFraOgMed gyldigTilOgMed }
  }
  hentIdenter(ident: $ident, historikk: true) { identer { ident historisk gruppe } }
  hentGeografiskTilknytning(ident: $ident) { gtType gtKommune gtBydel gtLand }
}
"""


class Protection(StrEnum):
    """PDL's gradering; the values are PDL's own."""

    STRICTLY_CONFIDENTIAL_ABROAD = "STRENGT_FORTROLIG_UTLAND"
    STRICTLY_CONFIDENTIAL = "STRENGT_FORTROLIG"
    CONFIDENTIAL = "FORTROLIG"
    NONE = "UGRADERT"

    @property
    def is_strict(self) -> bool:
        """Only the group for strictly confidential addresses may see this person."""
        return self in (Protection.STRICTLY_CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL_ABROAD)


# PDL takes a hundred numbers at once, and gives each a code of its own.
MOST_AT_ONCE = 100
_MANY = """
query($identer: [ID!]!) {
  hentPersonBolk(identer: $identer) {
    ident
    person { adressebeskyttelse(historikk: false) { gradering } doedsfall { doedsdato } }
    code
  }
}
"""
_MANY_TO_TELL = """
query($identer: [ID!]!) {
  hentPersonBolk(identer: $identer) {
    ident
    person { adressebeskyttelse(historikk: false) { gradering } doedsfall { doedsdato } }
    code
  }
  hentIdenterBolk(identer: $identer, historikk: true) { ident identer { ident historisk gruppe } code }
}
"""
_STRICTEST_FIRST = tuple(Protection)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNumber:
    """An identity number (fødselsnummer, d-nummer or NPID) of a person; `historic` means replaced by another."""

    number: str = field(repr=False)
    historic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What PDL says of one person at one time.

    `safety_measures` are the tiltakstype codes that hold on the day of `at`, as PDL writes them (FYUS, TFUS, FTUS,
    DIUS, TOAN; a code unknown to us is passed on). `geographic` is what NORG2 asks for: municipality or city
    district, None when there is none and always None for a strictly confidential address.
    """

    given_name: str = field(repr=False)
    middle_name: str | None = field(repr=False)
    family_name: str = field(repr=False)
    protection: Protection
    deceased: bool
    safety_measures: tuple[str, ...]
    numbers: tuple[KnownNumber, ...]
    geographic: str | None = field(repr=False)
    at: datetime

    @property
    def name(self) -> str:
        """All parts of the name in order."""
        return " ".join(part for part in (self.given_name, self.middle_name, self.family_name) if part)

    @property
    def current_number(self) -> str:
        """The number that holds now."""
        return next(known.number for known in self.numbers if not known.historic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The little of a person that hides them, or calls their meetings off."""

    protection: Protection
    deceased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBeTold(Standing):
    """As Standing, of somebody who is told something: by the number that holds now."""

    number: str = field(repr=False)


def standings(numbers: Iterable[str]) -> dict[str, Standing]:
    """Ask about many at once; who is missing is nobody to PDL. Nothing asked, nothing sent.

    Raises Unavailable for anything that is not a whole answer to each.
    """
    asked = list(dict.fromkeys(numbers))
    found: dict[str, Standing] = {}
    for first in range(0, len(asked), MOST_AT_ONCE):
        found |= _standings(asked[first : first + MOST_AT_ONCE])
    return found


def _standings(numbers: list[str]) -> dict[str, Standing]:
    content = _asked(_MANY, {"identer": numbers})
    found: dict[str, Standing] = {}
    try:
        _check_errors(content.get("errors") or [])
        results = {result["ident"]: result for result in content["data"]["hentPersonBolk"]}
        for number in numbers:
            result = results[number]
            if result["code"] == "ok":
                found[number] = Standing(**_standing(result["person"]))
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, Invalid):
        raise unavailable(PDL, "odd_answer") from None
    return found


def many_to_tell(numbers: Sequence[str]) -> dict[str, ToBeTold | None]:
    """Ask about at most MOST_AT_ONCE just before they are told something, by number; None is nobody to PDL.

    Who is missing has no whole answer, and the others have theirs. Raises Unavailable when nobody has.
    """
    content = _asked(_MANY_TO_TELL, {"identer": list(numbers)})
    found: dict[str, ToBeTold | None] = {}
    try:
        _check_errors(content.get("errors") or [])
        people = {result["ident"]: result for result in content["data"]["hentPersonBolk"]}
        identities = {result["ident"]: result for result in content["data"]["hentIdenterBolk"]}
    except (KeyError, TypeError, AttributeError, Invalid):
        raise unavailable(PDL, "odd_answer") from None
    for number in numbers:
        try:
            found[number] = _to_be_told(number, people[number], identities[number])
        except (KeyError, TypeError, AttributeError, ValueError, IndexError, StopIteration):
            continue
    if not found:
        raise unavailable(PDL, "odd_answer")
    return found


def _to_be_told(number: str, person: dict[str, Any], identities: dict[str, Any]) -> ToBeTold | None:
    if person["code"] == identities["code"] == "not_found":
        return None
    known = _numbers(identities["identer"])
    if number not in {one.number for one in known}:
        raise ValueError("another person")
    return ToBeTold(number=next(one.number for one in known if not one.historic), **_standing(person["person"]))


def _standing(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "protection": _protection(person["adressebeskyttelse"]),
        "deceased": len(_list(person["doedsfall"])) > 0,
    }


def person(number: str, *, at: datetime) -> PersonFacts:
    """Ask PDL about the person with this number, current or historic.

    Raises Invalid (`person_unknown`) when nobody has it, Unavailable for anything that is not a whole answer.
    """
    content = _asked(_QUERY, {"ident": number})
    try:
        _check_errors(content.get("errors") or [])
        facts = _read(content["data"], at)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError):
        raise unavailable(PDL, "odd_answer") from None
    if number not in {known.number for known in facts.numbers}:
        raise unavailable(PDL, "another_person")
    return facts


def _asked(query: str, variables: dict[str, Any]) -> Any:
    answer = ask(
        PDL,
        "POST",
        settings.PDL_URL,
        target=settings.PDL_TARGET,
        headers={"behandlingsnummer": settings.PDL_PROCESSING_NUMBER, "Nav-Call-Id": str(uuid.uuid4())},
        json={"query": query, "variables": variables},
        # PDL says so with a 200 too.
        refuses_token=lambda answer: answer.status == 401 or b'"unauthenticated"' in answer.body,
    )
    if answer.status != 200:
        raise unavailable(PDL, f"status_{answer.status}")
    return answer.json(PDL)


def _check_errors(errors: list[dict[str, Any]]) -> None:
    """A person without a known place is still a person; every other error stops."""
    codes = {
        error["extensions"]["code"]
        for error in errors
        if not (error.get("path") == ["hentGeografiskTilknytning"] and error["extensions"]["code"] == "not_found")
    }
    if codes == {"not_found"}:
        raise person_unknown()
    if codes:
        raise unavailable(
            PDL, "graphql_" + "_".join(sorted(code for code in codes if re.fullmatch(r"[a-z_]{1,40}", code)))
        )


def _read(data: dict[str, Any], at: datetime) -> PersonFacts:
    found = data["hentPerson"]
    name = found["navn"][0]
    protection = _protection(found["adressebeskyttelse"])
    return PersonFacts(
        given_name=_text(name["fornavn"]),
        middle_name=_text(name["mellomnavn"]) if name.get("mellomnavn") else None,
        family_name=_text(name["etternavn"]),
        protection=protection,
        deceased=len(_list(found["doedsfall"])) > 0,
        safety_measures=_safety_measures(found["sikkerhetstiltak"], at.astimezone(_OSLO).date()),
        numbers=_numbers(data["hentIdenter"]["identer"]),
        # Where somebody lives in hiding is not carried further, not even as a municipality.
        geographic=None if protection.is_strict else _geographic(data.get("hentGeografiskTilknytning")),
        at=at,
    )


def _protection(entries: list[dict[str, Any]]) -> Protection:
    """The strictest there is; no entry is an ordinary address. A gradering we do not know raises ValueError."""
    graded = {Protection(entry["gradering"]) for entry in _list(entries)}
    return next((protection for protection in _STRICTEST_FIRST if protection in graded), Protection.NONE)


def _safety_measures(entries: list[dict[str, Any]], today: date) -> tuple[str, ...]:
    """Those that hold today. One without dates holds: the safe reading."""
    holding = []
    for entry in _list(entries):
        begins, ends = entry.get("gyldigFraOgMed"), entry.get("gyldigTilOgMed")
        if (begins and date.fromisoformat(begins[:10]) > today) or (ends and date.fromisoformat(ends[:10]) < today):
            continue
        holding.append(_text(entry["tiltakstype"]))
    return tuple(sorted(set(holding)))


def _numbers(entries: list[dict[str, Any]]) -> tuple[KnownNumber, ...]:
    known = tuple(
        KnownNumber(number=_text(entry["ident"]), historic=bool(entry["historisk"]))
        for entry in _list(entries)
        if entry["gruppe"] in ("FOLKEREGISTERIDENT", "NPID")
    )
    if not any(not entry.historic for entry in known):
        raise ValueError("no current number")
    return known


def _geographic(found: dict[str, Any] | None) -> str | None:
    return (found.get("gtBydel") or found.get("gtKommune")) if found else None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("not a text")
    return value


def _list(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value
