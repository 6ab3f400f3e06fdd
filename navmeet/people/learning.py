"""What a register shows of somebody we know is kept in the moment it is shown, whoever asked and for whatever.

Protection hides, and a death calls off: neither may wait for the next booking. What must close then is closed by
invitations/protection.py and deaths.py, which every sweep of the sender calls.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from navmeet.people.models import Identity, Person, Protection
from navmeet.protect.columns import blind_index
from navmeet.registers import pdl
from navmeet.registers.access import Decision

# The access machine's reasons that say what the population register says (contract of the access machine).
SHOWN_BY: Final = {
    "AVVIST_STRENGT_FORTROLIG_ADRESSE": Protection.STRICTLY_CONFIDENTIAL,
    "AVVIST_STRENGT_FORTROLIG_UTLAND": Protection.STRICTLY_CONFIDENTIAL_ABROAD,
    "AVVIST_FORTROLIG_ADRESSE": Protection.CONFIDENTIAL,
}


def from_refusal(person_id: UUID, decisions: Iterable[Decision]) -> None:
    """A refusal because of the address only ever makes stricter. One statement, mostly none.

    What is milder now is for the population register to say.
    """
    for shown in {SHOWN_BY[decision.code] for decision in decisions if decision.code in SHOWN_BY}:
        milder = {Protection.UNGRADED}
        if shown != Protection.CONFIDENTIAL:
            milder.add(Protection.CONFIDENTIAL)
        Person.objects.filter(pk=person_id, protection__in=milder).update(protection=shown)


def from_facts(facts: pdl.PersonFacts, at: datetime) -> None:
    """Of somebody we know by any of their numbers. Nobody else becomes ours by being asked about."""
    indexes = [blind_index(known.number) for known in facts.numbers]
    for person in Person.objects.filter(pk__in=Identity.objects.filter(number_index__in=indexes).values("person")):
        keep(person, facts, at)


def keep(person: Person, shown: pdl.PersonFacts | pdl.Standing, at: datetime) -> None:
    """One statement where something is new, else none; the object says it too."""
    learned: dict[str, Any] = {}
    if person.protection != shown.protection.value:
        learned["protection"] = Protection(shown.protection.value)
    if shown.deceased != (person.deceased_known_at is not None):
        learned["deceased_known_at"] = at if shown.deceased else None
    for name, value in learned.items():
        setattr(person, name, value)
    if learned:
        Person.objects.filter(pk=person.pk).update(**learned, registers_asked_at=at)
