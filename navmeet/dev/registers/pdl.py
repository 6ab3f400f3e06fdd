"""PDL's GraphQL, as far as navmeet asks: only the fields that were asked for, errors as 200 (contract § 5.2)."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from navmeet.dev.personas import OFFICES
from navmeet.dev.registers.state import Known, State

# A selection is a field's name and, for objects, what was selected in it.
Selection: TypeAlias = dict[str, "Selection"]


class NotGraphQL(ValueError):
    """The query cannot be read, or asks for a field there is not."""


def graphql(state: State, body: Any) -> dict[str, Any]:
    """Answer one request body. Never anything but an answer: what is wrong stands in `errors`."""
    try:
        query, variables = body["query"], body["variables"]
        wanted = _parsed(query)
        if set(wanted) <= set(_MANY):
            return {"data": {name: _many(name, state, variables["identer"], wanted[name]) for name in wanted}}
        number = variables["ident"]
        known = state.find(number)
        data, errors = {}, []
        for name, selection in wanted.items():
            if name not in _ROOTS:
                raise NotGraphQL(f"Field '{name}' in type 'Query' is undefined")
            data[name] = None if known is None else _picked(_ROOTS[name](known), selection)
            if known is None:
                errors.append(_error("Fant ikke person", "not_found", [name]))
    except (NotGraphQL, KeyError, TypeError) as wrong:
        return {"errors": [_error(f"Validation error: {wrong}", "bad_request", None)], "data": None}
    return {"data": data, **({"errors": errors} if errors else {})}


def _many(root: str, state: State, numbers: list[str], selection: Selection) -> list[Any]:
    """One result each, with a code of its own; more than a hundred at once are refused."""
    if len(numbers) > 100:
        raise NotGraphQL("at most 100 identer")
    name, described = _MANY[root]
    results = []
    for number in numbers:
        known = state.find(number)
        found = _picked(described(known), selection[name]) if known else None
        results.append({"ident": number, name: found, "code": "ok" if known else "not_found"})
    return results


def unauthenticated() -> dict[str, Any]:
    """PDL answers a missing or wrong token as it answers all errors: 200, with the error inside."""
    return {"errors": [_error("Ikke autentisert", "unauthenticated", ["hentPerson"])], "data": None}


def _error(message: str, code: str, path: list[str] | None) -> dict[str, Any]:
    classification = "ExecutionAborted" if path else "ValidationError"
    error: dict[str, Any] = {"message": message, "extensions": {"code": code, "classification": classification}}
    return error | ({"path": path} if path else {})


def _person(known: Known) -> dict[str, Any]:
    citizen = known.citizen
    protected = citizen.protection != "UGRADERT"
    return {
        "navn": [
            {
                "fornavn": citizen.given_name,
                "mellomnavn": citizen.facts.middle_name,
                "etternavn": citizen.family_name,
                "forkortetNavn": citizen.name,
            }
        ],
        "adressebeskyttelse": [{"gradering": citizen.protection}] if protected else [],
        "doedsfall": [{"doedsdato": citizen.facts.deceased_on}] if citizen.facts.deceased_on else [],
        "sikkerhetstiltak": [
            {
                "tiltakstype": kind,
                "beskrivelse": "Oppdiktet tiltak",
                "gyldigFraOgMed": "2026-01-01",
                "gyldigTilOgMed": "2099-12-31",
            }
            for kind in citizen.facts.safety_measures
        ],
        "tilrettelagtKommunikasjon": [],
        "vergemaalEllerFremtidsfullmakt": [],
        "foreldreansvar": [],
    }


def _idents(known: Known) -> dict[str, Any]:
    citizen = known.citizen
    return {
        "identer": [
            {"ident": citizen.number, "historisk": False, "gruppe": "FOLKEREGISTERIDENT"},
            # An aktørid is thirteen digits; this one is made from the number and belongs to nobody.
            {"ident": f"99{citizen.number}", "historisk": False, "gruppe": "AKTORID"},
            *(
                {"ident": number, "historisk": True, "gruppe": "FOLKEREGISTERIDENT"}
                for number in citizen.facts.historic_numbers
            ),
        ]
    }


def _geographic(known: Known) -> dict[str, Any]:
    code = next(office.geographic for office in OFFICES if office.number == known.citizen.office)
    return {"gtType": "KOMMUNE", "gtKommune": code, "gtBydel": None, "gtLand": None}


_MANY: dict[str, tuple[str, Callable[[Known], Any]]] = {
    "hentPersonBolk": ("person", _person),
    "hentIdenterBolk": ("identer", lambda known: _idents(known)["identer"]),
}
_ROOTS = {"hentPerson": _person, "hentIdenter": _idents, "hentGeografiskTilknytning": _geographic}


def _picked(value: Any, selection: Selection) -> Any:
    if isinstance(value, list):
        return [_picked(entry, selection) for entry in value]
    if not selection:
        return value
    if value is None:
        return None
    if unknown := set(selection) - set(value):
        raise NotGraphQL(f"Field '{sorted(unknown)[0]}' is undefined")
    return {name: _picked(value[name], inner) for name, inner in selection.items()}


def _parsed(query: str) -> Selection:
    """The selection sets of one query; arguments are passed over."""
    tokens = re.findall(r"\([^)]*\)|[{}]|[A-Za-z_][A-Za-z0-9_]*", query)
    names = [token for token in tokens if not token.startswith("(")]
    if "{" not in names:
        raise NotGraphQL("no selection")
    selection, rest = _selection(names[names.index("{") + 1 :])
    if rest or not selection:
        raise NotGraphQL("unbalanced braces")
    return selection


def _selection(names: list[str]) -> tuple[Selection, list[str]]:
    selection: Selection = {}
    last = ""
    while names:
        name, names = names[0], names[1:]
        if name == "}":
            return selection, names
        if name == "{":
            selection[last], names = _selection(names)
        else:
            selection[name], last = {}, name
    raise NotGraphQL("unbalanced braces")
