"""Handing a meeting over: who leads it, whose time it takes, and who is asked to see to it, in one step."""

from datetime import datetime
from typing import Final
from uuid import UUID

from meetings import fitting, staff, states, todo
from meetings.changes import Why, checked, load_for_change, tell_why
from meetings.events import HostChanged
from meetings.models import Meeting, Role, Status, Task
from meetings.overruling import NOTHING, Overrule
from meetings.staff import Colleague
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict
from navmeet.outbox.publish import publish
from navmeet.people.clearance import Clearance

# After the meeting too: somebody must write the minutes of a host who has left.
CAN_BE_HANDED_OVER: Final = frozenset({Status.SCHEDULED, Status.HELD, Status.NOT_HELD})


@change
def hand_over(
    *,
    meeting_id: UUID,
    version: int,
    to: Colleague,
    stays: bool,
    why: Why,
    can_be_told: bool,
    safety_measures: frozenset[str] = frozenset(),
    by: Actor,
    clearance: Clearance,
    at: datetime,
    overrule: Overrule | None = None,
) -> Meeting:
    """Somebody else leads the meeting. `stays`: the host until now takes part as a colleague.

    The office stays, and so do the link, the room and all answers. Raises NotFound, NotPermitted, Stale, WrongState
    for a cancelled meeting, Invalid for one who has left Nav, Conflict for one who may not open the citizen or leads
    it already, Occupied, NotSuitable unless overruled; all at `colleague`.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    states.check_is(meeting, *CAN_BE_HANDED_OVER)
    reason = checked(why)
    staff.check_may_take_part(to, meeting, at=at)
    if to.user_id == meeting.host_id:
        raise Conflict("Kollegaen leder allerede møtet.", code="nothing_changed", field="colleague")
    is_to_come = meeting.status == Status.SCHEDULED and meeting.ended_at is None and at < meeting.ends_at

    overruled = NOTHING
    if is_to_come:
        overruled = staff.take_time_of(to.user_id, meeting, overrule=overrule, by=by, at=at)
    _step_down(meeting, stays=stays, at=at)
    host = staff.put(meeting, to.user_id, Role.HOST, at=at)
    meeting.host_id = to.user_id
    meeting.version += 1
    meeting.save(update_fields=["host", "version"])
    todo.settle(meeting, [Task.Kind.HANDED_OVER], by=by, at=at)
    tell_why(meeting, reason, at)

    record(
        "meeting.handed_over",
        by=by,
        at=at,
        subject=meeting,
        meeting_id=meeting.pk,
        reason=reason.reason,
        overruled=" ".join(overruled.codes),
        overruled_why=overruled.why,
    )
    publish(
        HostChanged(
            meeting_id=meeting.pk, participant_id=host.pk, is_to_come=is_to_come, can_be_told=can_be_told, at=at
        )
    )
    if is_to_come:
        fitting.gather_lacks(meeting, safety_measures=safety_measures, can_be_told=can_be_told)
    return meeting


def _step_down(meeting: Meeting, *, stays: bool, at: datetime) -> None:
    """The host until now is a colleague, or not in the meeting any more."""
    host = meeting.participants.get(role=Role.HOST, removed_at=None)
    if stays:
        host.role = Role.STAFF
    else:
        host.removed_at = at
        staff.free_time_of(host, meeting)
    host.save(update_fields=["role", "removed_at"])
