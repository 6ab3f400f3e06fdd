"""May this employee open this person? Asked of the access machine at the edge, passed to verbs as a frozen answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from navmeet.accounts.actor import Actor
from navmeet.exceptions import NotPermitted, Unavailable
from navmeet.people import learning
from navmeet.people.models import Identity
from navmeet.registers import access

FRESH = timedelta(seconds=60)


@dataclass(frozen=True)
class Clearance:
    """The access machine said yes to `by` opening `person_id`, at `at`. There is no Clearance for a no."""

    person_id: UUID
    by: UUID
    at: datetime

    def check_covers(self, *, person_id: UUID, by: Actor, at: datetime) -> None:
        """Raises NotPermitted for another person or employee, Unavailable when older than a minute."""
        if self.person_id != person_id or self.by != by.id:
            raise NotPermitted("Du har ikke tilgang til denne personen.", code="no_access_to_person")
        if not timedelta(0) <= at - self.at <= FRESH:
            raise Unavailable("Tilgangen din må sjekkes på nytt. Prøv igjen.", code="clearance_old")


def ask(*, person_id: UUID, by: Actor, at: datetime) -> Clearance:
    """Ask for every number the person has had. Raises NotPermitted on a no, Unavailable when nobody answers.

    A no that is because of a protected address is learned from.
    """
    if by.id is None or by.nav_ident is None:
        raise NotPermitted("Bare Nav-ansatte kan åpne andre personer.", code="no_access_to_person")
    identities = list(Identity.objects.filter(person_id=person_id))
    if not identities:
        # Nobody was asked, so nobody said yes.
        raise NotPermitted("Du har ikke tilgang til denne personen.", code="no_access_to_person")
    for identity in identities:
        decision = access.may_open(by.nav_ident, identity.number, at=at)
        if not decision.granted:
            learning.from_refusal(person_id, [decision])
            raise NotPermitted("Du har ikke tilgang til denne personen.", code="no_access_to_person")
    return Clearance(person_id=person_id, by=by.id, at=at)
