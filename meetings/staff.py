"""Who from Nav takes part beside the host. From Nav only those on the meeting's list come in."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from meetings import calendars, colleagues, fitting, hours, revisions
from meetings.changes import Why, checked, load_for_change, tell_why
from meetings.events import StaffChanged
from meetings.models import Format, Meeting, Occupancy, Participant, Resource, Role
from meetings.overruling import Code, Overrule, Overruled, settle
from meetings.people import check_people_can_change, count
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid, NotFound, Unavailable
from navmeet.outbox.publish import publish
from navmeet.people.clearance import FRESH, Clearance

MOST: Final = colleagues.MOST + 1
# What speaks against one more person at a time that everybody else has taken already.
_OF_A_PERSON: Final = frozenset({Code.OUTSIDE_HOURS, Code.ABSENT, Code.BUFFER})


@dataclass(frozen=True)
class Colleague:
    """An employee, and the access machine's yes to their opening this citizen: theirs, not that of who asks."""

    user_id: UUID
    clearance: Clearance


@change
def add_staff(
    *,
    meeting_id: UUID,
    version: int,
    colleague: Colleague,
    why: Why,
    can_be_told: bool,
    safety_measures: frozenset[str] = frozenset(),
    by: Actor,
    clearance: Clearance,
    at: datetime,
    overrule: Overrule | None = None,
) -> Participant:
    """A colleague is to take part, and their time is taken. The citizen is told, and sees who before joining.

    Raises NotFound, NotPermitted, Stale, WrongState, Invalid for one who has left Nav, Conflict for one who may not
    open the citizen or is in the meeting already, Occupied, NotSuitable unless overruled; all at `colleague`.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    check_people_can_change(meeting, at)
    reason = checked(why)
    check_may_take_part(colleague, meeting, at=at)
    _check_is_one_more(meeting, colleague)
    overruled = take_time_of(colleague.user_id, meeting, overrule=overrule, by=by, at=at)

    added = put(meeting, colleague.user_id, Role.STAFF, at=at)
    count(meeting)
    tell_why(meeting, reason, at)

    record(
        "staff.added",
        by=by,
        at=at,
        subject=added,
        meeting_id=meeting.pk,
        reason=reason.reason,
        overruled=" ".join(overruled.codes),
        overruled_why=overruled.why,
    )
    publish(_event(added, is_added=True, can_be_told=can_be_told, at=at))
    fitting.gather_lacks(meeting, safety_measures=safety_measures, can_be_told=can_be_told)
    return added


@change
def remove_staff(
    *,
    meeting_id: UUID,
    participant_id: UUID,
    version: int,
    why: Why,
    can_be_told: bool,
    safety_measures: frozenset[str] = frozenset(),
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> Participant:
    """A colleague takes part no more; their time is free again, and the door is closed to them.

    Raises NotFound, NotPermitted, Stale, WrongState, Conflict for the host: a meeting is handed over.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    check_people_can_change(meeting, at)
    reason = checked(why)
    removed = staff_of(meeting, participant_id)

    removed.removed_at = at
    removed.save(update_fields=["removed_at"])
    free_time_of(removed, meeting)
    count(meeting)
    tell_why(meeting, reason, at)

    record("staff.removed", by=by, at=at, subject=removed, meeting_id=meeting.pk, reason=reason.reason)
    publish(_event(removed, is_added=False, can_be_told=can_be_told, at=at))
    fitting.gather_lacks(meeting, safety_measures=safety_measures, can_be_told=can_be_told)
    return removed


def staff_of(meeting: Meeting, participant_id: UUID) -> Participant:
    """The colleague, if they take part in this meeting. Raises NotFound, and Conflict for the host."""
    found = meeting.participants.filter(pk=participant_id, user__isnull=False, removed_at=None).first()
    if found is None:
        raise NotFound("Vi finner ikke deltakeren i møtet.", code="participant_not_found")
    if found.role == Role.HOST:
        raise Conflict("Møtelederen kan ikke fjernes. Overfør møtet til en annen først.", code="is_host")
    return found


def check_may_take_part(colleague: Colleague, meeting: Meeting, *, at: datetime) -> User:
    """The employee, if they work at Nav as a caseworker here, and may open this citizen.

    Raises Invalid, Conflict at `colleague`, Unavailable for an answer that is too old.
    """
    user = User.objects.filter(pk=colleague.user_id, nav_ident__isnull=False).first()
    if user is None:
        raise unknown()
    check_works_here(user)
    theirs = colleague.clearance
    if (theirs.person_id, theirs.by) != (meeting.citizen_id(), user.pk):
        raise no_access()
    if not 0 <= (at - theirs.at).total_seconds() <= FRESH.total_seconds():
        raise Unavailable("Kollegaens tilgang må sjekkes på nytt. Prøv igjen.", code="clearance_old")
    return user


def check_works_here(user: User) -> None:
    """Whether they have left Nav, and were a caseworker of this service at their last login.

    Raises Invalid at `colleague`.
    """
    if not user.is_active:
        raise Invalid("Kollegaen har sluttet i Nav. Velg en annen.", code="has_left", field="colleague")
    if not user.is_caseworker:
        raise Invalid(
            "Kollegaen er ikke registrert som veileder i denne tjenesten. Velg en annen, eller be kollegaen om å "
            "logge inn her én gang som veileder.",
            code="not_a_caseworker",
            field="colleague",
        )


def unknown() -> Invalid:
    """Nobody has this ident, or has never opened the service."""
    return Invalid(
        "Vi finner ingen kollega med denne Nav-identen. Kollegaen må ha logget inn her minst én gang.",
        code="colleague_unknown",
        field="colleague",
    )


def no_access() -> Conflict:
    """Why not, is not told."""
    return Conflict(
        "Kollegaen har ikke tilgang til denne innbyggeren. Velg en annen.",
        code="colleague_no_access",
        field="colleague",
    )


def put(meeting: Meeting, user_id: UUID, role: Role, *, at: datetime) -> Participant:
    """The employee as a participant with this role; the same row if they were in the meeting before."""
    found = Participant.objects.filter(meeting=meeting, user_id=user_id).first()
    if found is None:
        return Participant.objects.create(meeting=meeting, user_id=user_id, role=role, added_at=at)
    found.role = role
    found.added_at = at if found.removed_at is not None else found.added_at
    found.removed_at = None
    found.save(update_fields=["role", "added_at", "removed_at"])
    return found


def take_time_of(user_id: UUID, meeting: Meeting, *, overrule: Overrule | None, by: Actor, at: datetime) -> Overruled:
    """The meeting takes their time from now on. Raises Occupied, NotSuitable at `colleague`."""
    resources = calendars.lock([calendars.Calendar(Resource.Kind.STAFF, user_id)])
    try:
        calendars.check_free(
            resources, starts_at=meeting.starts_at, ends_at=meeting.ends_at, by=by, ignoring=meeting.pk
        )
    except calendars.Occupied as error:
        raise calendars.Occupied(
            "Kollegaen er opptatt på dette tidspunktet. Velg en annen, eller flytt møtet.",
            field="colleague",
            extra=error.extra,
        ) from None
    overruled = _suits(user_id, meeting, overrule, at)
    during = DateTimeTZRange(meeting.starts_at, meeting.ends_at)
    for resource in resources:
        Occupancy.objects.get_or_create(resource=resource, meeting=meeting, defaults={"during": during})
    return overruled


def _suits(user_id: UUID, meeting: Meeting, overrule: Overrule | None, at: datetime) -> Overruled:
    found = hours.objections(
        slot=revisions.slot_of(revisions.current(meeting)),
        held=Format(meeting.format),
        staff=(user_id,),
        room=None,
        meeting_type=meeting.type,
        office=meeting.office,
        at=at,
        ignoring=meeting.pk,
    )
    return settle((replace(one, field="colleague") for one in found if one.code in _OF_A_PERSON), overrule)


def free_time_of(employee: Participant, meeting: Meeting) -> None:
    """The meeting takes their time no more."""
    user_id = employee.user_id
    if user_id is None:
        raise TypeError("only an employee's time is freed alone")
    meeting.occupancies.filter(resource__kind=Resource.Kind.STAFF, resource__of=user_id).delete()


def _check_is_one_more(meeting: Meeting, colleague: Colleague) -> None:
    present = set(meeting.participants.filter(user__isnull=False, removed_at=None).values_list("user_id", flat=True))
    if colleague.user_id in present:
        raise Conflict("Kollegaen er allerede med i møtet.", code="staff_already", field="colleague")
    if len(present) >= MOST:
        raise Conflict(f"Et møte kan ha høyst {MOST} deltakere fra Nav.", code="too_many_staff", field="colleague")


def _event(participant: Participant, *, is_added: bool, can_be_told: bool, at: datetime) -> StaffChanged:
    return StaffChanged(
        meeting_id=participant.meeting_id,
        participant_id=participant.pk,
        is_added=is_added,
        can_be_told=can_be_told,
        at=at,
    )
