"""Finding the person a number belongs to: asked of the registers at the edge, kept as ours, never kept as a number."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from navmeet.accounts.actor import Actor
from navmeet.exceptions import Invalid, NotPermitted
from navmeet.people import learning
from navmeet.people.models import Identity, Person, Protection
from navmeet.people.numbers import check_identity_number
from navmeet.protect.columns import blind_index
from navmeet.registers import access, krr, pdl
from navmeet.registers.krr import Contact
from navmeet.registers.pdl import PersonFacts


@dataclass(frozen=True)
class Found:
    """A person, and what the contact register and the population register said just now."""

    person: Person
    contact: Contact
    facts: PersonFacts

    @property
    def language(self) -> str:
        """The one we write in: what they last chose here, else told the contact register, else bokmål."""
        return self.person.language or self.contact.written

    @property
    def chosen(self) -> str | None:
        """As `language`, also where we have no texts in it; None where nobody knows what they want."""
        return self.person.language or self.contact.language

    @property
    def no_texts_in(self) -> str:
        """The language they told the contact register, where we have no texts in it and they chose none here."""
        return "" if self.person.language else self.contact.no_texts_in


def meet(number: str, *, by: Actor, at: datetime) -> Found:
    """The person with this identity number, for an employee who may open them. Numbers are checked first.

    The access machine is asked before anything of the person is told, or kept of somebody new. Raises Invalid at
    `citizen_number` (check digits, unknown person), NotPermitted, Unavailable.
    """
    number = check_identity_number(number)
    facts = pdl.person(number, at=at)
    learning.from_facts(facts, at)
    _check_may_open(facts, by=by, at=at)
    if facts.deceased:
        raise Invalid(
            "Personen er registrert som død. Du kan ikke bestille møte.", code="deceased", field="citizen_number"
        )
    contact = krr.contact(facts.current_number, at=at)
    return Found(person=_keep(facts, contact, at), contact=contact, facts=facts)


def again(person: Person, *, at: datetime) -> Found:
    """Ask the registers anew about somebody we know, and keep what they say. Raises Unavailable, Invalid."""
    return with_contact(facts_again(person, at=at), at=at)


def facts_again(person: Person, *, at: datetime) -> PersonFacts:
    """Ask the population register alone, and learn from it at once: the next register may not answer. As `again`."""
    facts = pdl.person(person.identities.get(is_current=True).number, at=at)
    learning.from_facts(facts, at)
    return facts


def with_contact(facts: PersonFacts, *, at: datetime) -> Found:
    """Ask the contact register about whom these are facts of, and keep what both say. Raises Unavailable."""
    contact = krr.contact(facts.current_number, at=at)
    return Found(person=_keep(facts, contact, at), contact=contact, facts=facts)


def _check_may_open(facts: PersonFacts, *, by: Actor, at: datetime) -> None:
    if by.nav_ident is None:
        raise NotPermitted("Bare Nav-ansatte kan søke opp personer.", code="no_access_to_person")
    for known in facts.numbers:
        if not access.may_open(by.nav_ident, known.number, at=at).granted:
            raise NotPermitted(
                "Du har ikke tilgang til denne personen. Snakk med lederen din hvis du trenger tilgang.",
                code="no_access_to_person",
                field="citizen_number",
            )


def _keep(facts: PersonFacts, contact: Contact, at: datetime) -> Person:
    """Our row for the person, with every number they have had, as the register now says."""
    try:
        return _store(facts, contact, at)
    except IntegrityError:
        # Two caseworkers met the same new person in the same instant: the other one's row is there now.
        return _store(facts, contact, at)


def _store(facts: PersonFacts, contact: Contact, at: datetime) -> Person:
    indexes = {blind_index(known.number): known for known in facts.numbers}
    with transaction.atomic():
        known_as = Identity.objects.select_for_update().filter(number_index__in=indexes.keys()).first()
        person = known_as.person if known_as else Person(created_at=at)
        person.name = facts.name
        person.protection = Protection(facts.protection.value)
        person.deceased_known_at = (person.deceased_known_at or at) if facts.deceased else None
        person.register_language = contact.written if contact.language else ""
        person.is_reserved = contact.reserved
        person.registers_asked_at = at
        person.save(force_insert=known_as is None)
        ours = {bytes(one.number_index): one for one in person.identities.all()}
        for index, known in sorted(indexes.items(), key=lambda item: not item[1].historic):
            identity = ours.get(index) or Identity(person=person, number_index=index)
            identity.is_current = not known.historic
            identity.number = known.number
            identity.save()
    return person
