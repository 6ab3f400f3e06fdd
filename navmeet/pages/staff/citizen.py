"""The citizen of a booking: found by number, carried by the form as a signed id, asked about again at each step."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

from meetings import fitting
from navmeet.accounts.actor import Actor
from navmeet.exceptions import NotFound
from navmeet.pages.staff import words
from navmeet.people import clearance, meet
from navmeet.people.clearance import Clearance
from navmeet.people.meet import Found
from navmeet.people.models import Person, Protection
from navmeet.protect.columns import new_id

_BOKMAL = "skriver vi bokmål om du ikke velger noe annet"
GOOD_FOR = timedelta(hours=2)


class TokenOld(Exception):
    """What the form carried is too old, altered, or somebody else's."""


@dataclass(frozen=True)
class Carried:
    """Whom a form is about, and the id its meeting will have, however often the form is sent."""

    person_id: UUID
    meeting_id: UUID


def carry(person_id: UUID, *, by: Actor) -> str:
    """A token for a new form. Only the same caseworker can use it, for two hours."""
    return signing.dumps([person_id.hex, new_id().hex], salt=_salt(by))


def carried(token: str, *, by: Actor) -> Carried:
    """Raises TokenOld."""
    try:
        person, meeting = signing.loads(token, salt=_salt(by), max_age=GOOD_FOR)
    except signing.BadSignature:
        raise TokenOld from None
    return Carried(UUID(person), UUID(meeting))


def _salt(by: Actor) -> str:
    return f"pages.staff.booking:{by.known_id}"


def about(person_id: UUID, *, by: Actor, at: datetime) -> tuple[Clearance, Found]:
    """Access first, then the registers, as of now. Raises NotFound, NotPermitted, Unavailable, Invalid."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound("Vi finner ikke personen. Søk på nytt.", code="person_not_found")
    allowed = clearance.ask(person_id=person_id, by=by, at=at)
    return allowed, meet.again(person, at=at)


@dataclass(frozen=True)
class Box:
    """What the booking form says about the citizen."""

    name: str
    language: str
    tellable: str
    protection: str
    safety_measures: list[str]
    needs_letter: bool


def box(found: Found) -> Box:
    """For the page, in words."""
    return Box(
        name=found.person.name,
        language=_language(found),
        tellable=_tellable(found),
        protection=words.PROTECTED.get(Protection(found.person.protection), ""),
        safety_measures=[words.safety_measure(code) for code in found.facts.safety_measures],
        needs_letter=not found.contact.can_be_told,
    )


def _language(found: Found) -> str:
    """What they have chosen, and what follows where that is nothing, or nothing we have texts in."""
    if found.no_texts_in:
        chosen = fitting.language_called(found.no_texts_in)
        return f"{chosen}, etter kontaktregisteret. Vi har ikke tekster på det. Da {_BOKMAL}"
    if found.chosen is None:
        return f"Ukjent, for kontaktregisteret sier ikke noe. Da {_BOKMAL}"
    by = "" if found.person.language else ", etter kontaktregisteret"
    return f"{words.LANGUAGES.get(found.language, found.language)}{by}"


def _tellable(found: Found) -> str:
    if found.contact.can_be_told and found.person.is_strictly_protected:
        return "Vises på Min side, uten SMS eller e-post. Du får en oppgave om å ringe"
    if found.contact.can_be_told:
        return "Varsles på Min side, med SMS eller e-post"
    if found.contact.reserved:
        return "Får brev: innbyggeren har reservert seg mot digital kontakt"
    return "Får brev: innbyggeren har ikke registrert et telefonnummer eller en e-postadresse som kan brukes"
