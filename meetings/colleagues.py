"""Several from Nav in one meeting: which employees may be brought along when it is booked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from meetings.models import Meeting, Participant, Role
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.exceptions import Conflict, Invalid, Unavailable
from navmeet.people.clearance import FRESH, Clearance

# The host and nine more.
MOST: Final = 9


def check(
    staff: tuple[UUID, ...], cleared: Iterable[Clearance], *, person_id: UUID, by: Actor, at: datetime
) -> tuple[UUID, ...]:
    """Those who come besides the host, `by`. `cleared`: the access machine's yes to each of them, not to `by`.

    Raises at `staff`: Invalid for one named twice or who is no caseworker, Conflict for one who may not open the
    citizen; Unavailable for an answer that is too old.
    """
    if len(staff) > MOST:
        raise Invalid(f"Et møte kan ha høyst {MOST + 1} deltakere fra Nav.", code="too_many_staff", field="staff")
    if len({*staff, by.known_id}) != len(staff) + 1:
        raise Invalid("Hver kollega kan være med én gang.", code="staff_twice", field="staff")
    if staff and employees(staff).count() != len(staff):
        raise Invalid("Velg kolleger som er veiledere i denne tjenesten nå.", code="staff_unknown", field="staff")
    answers = {one.by: one for one in cleared if one.person_id == person_id}
    for who in staff:
        if who not in answers:
            text = "En kollega har ikke tilgang til denne innbyggeren. Velg en annen."
            raise Conflict(text, code="colleague_no_access", field="staff")
        if not 0 <= (at - answers[who].at).total_seconds() <= FRESH.total_seconds():
            raise Unavailable("Kollegaenes tilgang må sjekkes på nytt. Prøv igjen.", code="clearance_old")
    return staff


def employees(ids: Iterable[UUID]) -> QuerySet[User]:
    """Those of them who are caseworkers now: not partners' credentials, no advisers, nobody who has left."""
    return User.objects.filter(pk__in=list(ids), is_active=True, is_caseworker=True, nav_ident__isnull=False)


def store(meeting: Meeting, staff: Iterable[UUID], *, at: datetime) -> None:
    """They take part from the beginning."""
    Participant.objects.bulk_create(
        Participant(meeting=meeting, role=Role.STAFF, user_id=who, added_at=at) for who in staff
    )
