"""What an ID token must say before somebody is let in. The signature was checked before this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from navmeet.accounts.actor import ActorKind, Level
from navmeet.accounts.issuer import LoginRefused

# ID-porten's own names, and those that TokenX still maps them to.
LEVELS = {
    "idporten-loa-substantial": Level.SUBSTANTIAL,
    "Level3": Level.SUBSTANTIAL,
    "idporten-loa-high": Level.HIGH,
    "Level4": Level.HIGH,
}
# A partner's code says nothing of who somebody is at ID-porten: a doctor who logs in as a citizen begins anew.
RANKS = {Level.NONE: 0, Level.CODE: 0, Level.SUBSTANTIAL: 1, Level.HIGH: 2}


class NotForYou(LoginRefused):
    """Logged in at the issuer, and not among those this service is for. Starting again does not help."""

    code = "not_for_you"


def is_enough(level: Level, asked: Level) -> bool:
    """Is the level at least what is asked for?"""
    return RANKS[level] >= RANKS[asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """What Entra says of an employee; `groups` only those that mean something here."""

    nav_ident: str
    name: str
    kind: ActorKind
    offices: tuple[str, ...]
    groups: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhabitant:
    """What ID-porten says of a person. The number goes no further than the search for who it is."""

    number: str
    level: Level
    language: str

    def __repr__(self) -> str:
        return f"Inhabitant({self.level})"


def employee(claims: Mapping[str, Any]) -> Employee:
    """Raises LoginRefused for a token that is no employee's, NotForYou for one without a group of ours."""
    if claims.get("idtyp") == "app":
        raise LoginRefused("Dette er innlogging for mennesker, ikke for systemer.")
    nav_ident, name, groups = claims.get("NAVident"), claims.get("name"), claims.get("groups")
    if not (isinstance(nav_ident, str) and 0 < len(nav_ident) <= 7 and nav_ident.isalnum() and _is_uuid(claims)):
        raise LoginRefused("Innloggingen sier ikke hvem du er i Nav. Ta kontakt med den som gir deg tilganger.")
    held = frozenset(group for group in groups if isinstance(group, str)) if isinstance(groups, list) else frozenset()
    if settings.GROUP_CASEWORKER in held:
        kind = ActorKind.CASEWORKER
    elif settings.GROUP_ADVISER in held:
        kind = ActorKind.ADVISER
    else:
        raise NotForYou("Du har ikke tilgang til møter i Nav. Be lederen din om tilgang.")
    offices = tuple(number for group, number in settings.OFFICE_GROUPS.items() if group in held)
    if not offices:
        raise NotForYou("Vi ser ikke hvilket kontor du hører til. Be lederen din om tilgang til kontoret ditt.")
    known = {settings.GROUP_CASEWORKER, settings.GROUP_ADVISER, settings.GROUP_STRICTLY_CONFIDENTIAL}
    return Employee(
        nav_ident=nav_ident.upper(),
        name=name if isinstance(name, str) and name.strip() else nav_ident,
        kind=kind,
        offices=offices,
        groups=held & known,
    )


def inhabitant(claims: Mapping[str, Any], *, asked: Level) -> Inhabitant:
    """Raises LoginRefused where the number or the level is missing, or the level is lower than asked for."""
    number, level = claims.get("pid"), LEVELS.get(str(claims.get("acr")))
    if not (isinstance(number, str) and len(number) == 11 and number.isascii() and number.isdigit()):
        raise LoginRefused(_("ID-porten sa ikke hvem du er. Prøv igjen."))
    if level is None or not is_enough(level, asked):
        raise LoginRefused(_("Du må logge inn på et høyere nivå for å se dette, for eksempel med BankID."))
    locale = claims.get("locale")
    return Inhabitant(number=number, level=level, language=locale if isinstance(locale, str) else "")


def _is_uuid(claims: Mapping[str, Any]) -> bool:
    try:
        UUID(str(claims.get("oid")))
    except ValueError:
        return False
    return True
