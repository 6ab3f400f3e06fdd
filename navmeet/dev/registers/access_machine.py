"""Tilgangsmaskinen: its rules in its order, as far as made-up people need them (contracts/access.md § 4.1)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from navmeet.dev.personas import (
    ADVISERS,
    CASEWORKERS,
    GROUP_CONFIDENTIAL,
    GROUP_OWN_EMPLOYEES,
    GROUP_STRICTLY_CONFIDENTIAL,
    GROUP_WHOLE_COUNTRY,
    Caseworker,
)
from navmeet.dev.registers.state import Known, State

_REASONS = {
    "AVVIST_STRENGT_FORTROLIG_ADRESSE": "Du har ikke tilgang til brukere med strengt fortrolig adresse",
    "AVVIST_STRENGT_FORTROLIG_UTLAND": "Du har ikke tilgang til brukere med strengt fortrolig adresse i utlandet",
    "AVVIST_FORTROLIG_ADRESSE": "Du har ikke tilgang til brukere med fortrolig adresse",
    "AVVIST_SKJERMING": "Du har ikke tilgang til Nav-ansatte og andre skjermede brukere",
    "AVVIST_HABILITET": "Du har ikke tilgang til data om deg selv eller dine nærmeste",
    "AVVIST_AVDØD": "Du har ikke tilgang til brukere som har vært døde i mer enn ett år",
    "AVVIST_GEOGRAFISK": "Du har ikke tilgang til brukerens geografiske område",
}
_OVERRIDABLE = {"AVVIST_AVDØD", "AVVIST_GEOGRAFISK"}
MOST_AT_ONCE = 1000


def single(state: State, nav_ident: str, number: Any) -> tuple[int, Any]:
    """`POST /ccf/komplett/{ansattId}` with the number as the body: 204, 403 with a problem, or 404."""
    known = state.find(number) if isinstance(number, str) else None
    if known is None:
        return 404, {"title": "Not Found", "status": 404}
    code = _refused(nav_ident, known)
    return (204, None) if code is None else (403, _problem(code, nav_ident, number))


def bulk(state: State, nav_ident: str, body: Any) -> tuple[int, Any]:
    """`POST /bulk/ccf/{ansattId}`: 207 with one result each, 413 above a thousand."""
    if not isinstance(body, list) or not all(isinstance(entry, dict) and "brukerId" in entry for entry in body):
        return 400, {"title": "Bad Request", "status": 400}
    if len(body) > MOST_AT_ONCE:
        return 413, {"title": "Payload Too Large", "status": 413}
    results = []
    for entry in body:
        status, details = single(state, nav_ident, entry["brukerId"])
        results.append(
            {"brukerId": entry["brukerId"], "status": status} | ({"detaljer": details} if status == 403 else {})
        )
    return 207, {"ansattId": nav_ident, "resultater": results}


def _refused(nav_ident: str, known: Known) -> str | None:
    employee = next((one for one in (*CASEWORKERS, *ADVISERS) if one.nav_ident == nav_ident), None)
    groups = set(employee.groups) if employee else set()
    return _refused_by_core(employee, groups, known) or _refused_by_complete(employee, groups, known)


def _refused_by_core(employee: Caseworker | None, groups: set[str], known: Known) -> str | None:
    citizen = known.citizen
    needs = {
        "STRENGT_FORTROLIG": (GROUP_STRICTLY_CONFIDENTIAL, "AVVIST_STRENGT_FORTROLIG_ADRESSE"),
        "STRENGT_FORTROLIG_UTLAND": (GROUP_STRICTLY_CONFIDENTIAL, "AVVIST_STRENGT_FORTROLIG_UTLAND"),
        "FORTROLIG": (GROUP_CONFIDENTIAL, "AVVIST_FORTROLIG_ADRESSE"),
    }.get(citizen.protection)
    if needs and needs[0] not in groups:
        return needs[1]
    if citizen.facts.shielded and GROUP_OWN_EMPLOYEES not in groups:
        return "AVVIST_SKJERMING"
    if employee is not None and citizen.number == employee.number:
        return "AVVIST_HABILITET"
    return None


def _refused_by_complete(employee: Caseworker | None, groups: set[str], known: Known) -> str | None:
    died = known.citizen.facts.deceased_on
    if died and date.fromisoformat(died) < datetime.now(UTC).date() - timedelta(days=365):
        return "AVVIST_AVDØD"
    if GROUP_WHOLE_COUNTRY not in groups and (employee is None or employee.office != known.citizen.office):
        return "AVVIST_GEOGRAFISK"
    return None


def _problem(code: str, nav_ident: str, number: str) -> dict[str, Any]:
    return {
        "type": "https://confluence.adeo.no/display/TM/Tilgangsmaskin+API+og+regelsett",
        "title": code,
        "status": 403,
        "instance": f"{nav_ident}/{number}",
        "brukerIdent": number,
        "navIdent": nav_ident,
        "begrunnelse": _REASONS[code],
        "traceId": "0" * 32,
        "kanOverstyres": code in _OVERRIDABLE,
    }
