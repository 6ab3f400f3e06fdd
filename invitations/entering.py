"""Going on to the video platform: decided anew at each click."""

from datetime import datetime
from uuid import UUID

from invitations.invite import ensure_room
from invitations.models import Invitation
from invitations.reading import is_within_window
from invitations.video import pexip
from meetings.models import Meeting
from meetings.states import WrongState
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import NotFound


@change
def enter(*, invitation_id: UUID, by: Actor, at: datetime) -> str:
    """The address to go on to. Raises NotFound, and WrongState outside the window or without video."""
    invitation = Invitation.objects.visible_to(by).filter(pk=invitation_id).select_related("participant").first()
    if invitation is None:
        raise NotFound("Vi finner ikke møtet.", code="invitation_not_found")
    meeting = Meeting.objects.select_for_update().get(pk=invitation.participant.meeting_id)
    if not is_within_window(meeting, at):
        raise WrongState("Videomøtet er ikke åpent nå. Det åpner 15 minutter før møtet starter.", code="door_closed")
    room = ensure_room(meeting, at)
    record("door.passed", by=by, at=at, subject=invitation, meeting_id=meeting.pk)
    return pexip.guest_address(room.alias)


@change
def enter_as_host(*, meeting_id: UUID, by: Actor, at: datetime) -> str:
    """The host's address to go on to. Raises NotFound, and WrongState as for guests."""
    meeting = Meeting.objects.visible_to(by).filter(pk=meeting_id, participants__user_id=by.known_id).first()
    if meeting is None:
        raise NotFound("Vi finner ikke møtet.", code="meeting_not_found")
    if not is_within_window(meeting, at):
        raise WrongState("Videomøtet er ikke åpent nå. Det åpner 15 minutter før møtet starter.", code="door_closed")
    room = ensure_room(meeting, at)
    record("door.passed", by=by, at=at, subject=meeting, meeting_id=meeting.pk)
    return pexip.host_address(room.alias)
