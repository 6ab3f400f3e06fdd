"""The meeting whose minutes somebody wants, for those who may know it and may open its minutes."""

from datetime import datetime
from uuid import UUID

from meetings.models import Meeting, MeetingQuery
from minutes import permissions
from navmeet.accounts.actor import Actor
from navmeet.exceptions import NotFound
from navmeet.people.clearance import Clearance


def citizen_to_ask_about(meeting_id: UUID, by: Actor) -> UUID:
    """Whom the access machine is to be asked about before the minutes are opened. Nobody is asked in vain.

    Raises NotFound, NotPermitted.
    """
    meeting = _found(Meeting.objects.visible_to(by), meeting_id)
    permissions.check_can_open(by, meeting)
    return meeting.citizen_id()


def open_meeting(meeting_id: UUID, *, by: Actor, clearance: Clearance, at: datetime) -> Meeting:
    """For reading what was shared. Raises NotFound, NotPermitted, Unavailable for a clearance that is too old."""
    return _opened(Meeting.objects.visible_to(by).select_related("type"), meeting_id, by, clearance, at)


def lock_meeting(meeting_id: UUID, *, by: Actor, clearance: Clearance, at: datetime) -> Meeting:
    """For writing: its row is the lock of everything in its minutes, also of a draft that is not there yet.

    Raises NotFound, NotPermitted, Unavailable.
    """
    locked = Meeting.objects.visible_to(by).select_for_update(of=("self",))
    meeting = _opened(locked, meeting_id, by, clearance, at)
    permissions.check_can_write(by, meeting)
    return meeting


def _opened(meetings: MeetingQuery, meeting_id: UUID, by: Actor, clearance: Clearance, at: datetime) -> Meeting:
    meeting = _found(meetings, meeting_id)
    permissions.check_can_open(by, meeting)
    clearance.check_covers(person_id=meeting.citizen_id(), by=by, at=at)
    return meeting


def _found(meetings: MeetingQuery, meeting_id: UUID) -> Meeting:
    meeting = meetings.filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound("Vi finner ikke møtet.", code="meeting_not_found")
    return meeting
