"""The population register, asked about people we know without anybody booking or sending: protected, or dead?"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from navmeet.accounts.actor import Actor
from navmeet.exceptions import NotPermitted, Unavailable
from navmeet.people import learning
from navmeet.people.models import Identity, Person
from navmeet.protect.columns import CannotOpen
from navmeet.registers import pdl

# What was asked so lately is not asked again because somebody opens a page.
RECENTLY: Final = timedelta(minutes=10)

_log = structlog.get_logger(__name__)


def look(asked: Collection[Person], *, at: datetime) -> None:
    """Ask about these and keep what is said, on the objects too. Outside any transaction. Raises Unavailable.

    Who cannot be asked about by any number of ours counts as asked: one row must not hold up all others.
    """
    numbers = numbers_of(asked)
    standings = pdl.standings(numbers.values())
    for person in asked:
        found = standings.get(numbers.get(person.pk, ""))
        if found is not None:
            learning.keep(person, found, at)
        else:
            _log.warning("nobody_by_the_number", person=str(person.pk))
    Person.objects.filter(pk__in=[person.pk for person in asked]).update(registers_asked_at=at)


def look_before_opening(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """For one whom the access machine lets in: what it lets them open may be protected, or dead, since it was booked.

    A register that does not answer keeps nobody out whom the access machine has let in. Raises NotPermitted where the
    register says already what the access machine does not know yet.
    """
    person = Person.objects.get(pk=person_id)
    if at - person.registers_asked_at >= RECENTLY:
        try:
            look([person], at=at)
        except Unavailable:
            return
    if person.is_strictly_protected and not by.may_open_strictly_confidential:
        raise NotPermitted("Du har ikke tilgang til denne personen.", code="no_access_to_person")


def numbers_of(people: Collection[Person]) -> dict[UUID, str]:
    """Their current numbers, by person; without those whose number cannot be opened: they wait, the others do not."""
    numbers = {}
    for identity in Identity.objects.filter(person__in=people, is_current=True):
        try:
            numbers[identity.person_id] = identity.number
        except CannotOpen:
            _log.error("number_cannot_be_opened", person=str(identity.person_id))
    return numbers
