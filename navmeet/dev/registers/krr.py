"""digdir-krr-proxy's two calls (contracts/registers.md § 5.1)."""

from typing import Any

from navmeet.dev.registers.state import Known, State

_UPDATED = "2026-03-02T08:15:00Z"


def persons(state: State, body: Any) -> tuple[int, Any]:
    """`POST /rest/v1/personer {"personidenter": […]}`."""
    if not isinstance(body, dict) or not isinstance(body.get("personidenter"), list):
        return 400, {"melding": "personidenter mangler"}
    found: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for number in body["personidenter"]:
        known = state.find(number)
        if known is None:
            refused[number] = "person_ikke_funnet"
        else:
            found[number] = _described(number, known)
    return 200, {"personer": found, "feil": refused}


def person(state: State, number: str) -> tuple[int, Any]:
    """`GET /rest/v1/person` with the number in the header Nav-Personident."""
    known = state.find(number)
    return (404, {"melding": "person_ikke_funnet"}) if known is None else (200, _described(number, known))


def _described(number: str, known: Known) -> dict[str, Any]:
    citizen = known.citizen
    if not known.active:
        return {"personident": number, "aktiv": False}
    described: dict[str, Any] = {
        "personident": number,
        "aktiv": known.active,
        "kanVarsles": known.kan_varsles,
        "reservert": citizen.reserved,
        "reservasjonOppdatert": _UPDATED,
        "spraak": citizen.language,
        "spraakOppdatert": _UPDATED,
    }
    for name, value in (("epostadresse", citizen.email), ("mobiltelefonnummer", citizen.phone)):
        if value:
            described |= {name: value, f"{name}Oppdatert": _UPDATED, f"{name}Verifisert": _UPDATED}
    return described
