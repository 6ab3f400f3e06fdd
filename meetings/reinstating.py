"""A meeting that was cancelled is to be held after all, at the time and place it had."""

from datetime import datetime
from uuid import UUID

from meetings import calendars, fitting, hours, revisions, safety, states
from meetings.changes import Why, check_not_over, checked, load_for_change, tell_why
from meetings.events import MeetingReinstated
from meetings.models import Format, Meeting, Revision, Status
from meetings.overruling import Overrule
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict
from navmeet.outbox.publish import publish
from navmeet.people.clearance import Clearance
from navmeet.people.models import Person


@change
def reinstate(
    *,
    meeting_id: UUID,
    version: int,
    why: Why,
    can_be_told: bool,
    safety_measures: frozenset[str],
    by: Actor,
    clearance: Clearance,
    at: datetime,
    overrule: Overrule | None = None,
) -> Meeting:
    """It is to be held after all: a new revision, as the last one was. All are told so, and reminders planned anew.

    Raises NotFound, NotPermitted, Stale, WrongState (not cancelled, or its time is past), Occupied at `time` when
    somebody has taken the time since, NotSuitable unless overruled, Excluded, Conflict for a citizen who has died.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    states.check_is(meeting, Status.CANCELLED)
    check_not_over(meeting, at)
    reason = checked(why)
    _check_is_alive(clearance.person_id)
    held = Format(meeting.format)
    safety.check_allows(held, safety_measures)
    before = revisions.current(meeting)
    resources = calendars.lock(calendars.calendars_of(meeting, room_id=meeting.booked_room_id))
    calendars.check_free(resources, starts_at=meeting.starts_at, ends_at=meeting.ends_at, by=by)
    slot, place = revisions.slot_of(before), revisions.place_of(before)
    overruled = hours.check_meeting(
        meeting, slot=slot, held=held, room=before.booked_room, at=at, overrule=overrule, before=None
    )

    meeting.status = Status.SCHEDULED
    meeting.cancelled_at = meeting.cancelled_by = None
    meeting.save(update_fields=["status", "cancelled_at", "cancelled_by"])
    revision = revisions.revise(
        meeting, slot=slot, held=held, place=place, reason=reason.reason, by=by, at=at, overruled=overruled
    )
    calendars.occupy(meeting, resources)
    tell_why(meeting, reason, at)

    record(
        "meeting.reinstated",
        by=by,
        at=at,
        subject=meeting,
        meeting_id=meeting.pk,
        reason=reason.reason,
        revision=revision.number,
    )
    publish(_event(revision, can_be_told=can_be_told, at=at))
    fitting.gather_lacks(meeting, safety_measures=safety_measures, can_be_told=can_be_told)
    return meeting


def _event(revision: Revision, *, can_be_told: bool, at: datetime) -> MeetingReinstated:
    return MeetingReinstated(
        meeting_id=revision.meeting_id,
        revision_id=revision.pk,
        number=revision.number,
        can_be_told=can_be_told,
        at=at,
    )


def _check_is_alive(person_id: UUID) -> None:
    if Person.objects.filter(pk=person_id).exclude(deceased_known_at=None).exists():
        raise Conflict("Innbyggeren er registrert som død. Møtet kan ikke tas opp igjen.", code="deceased")
