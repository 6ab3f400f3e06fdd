"""Going on to the video platform: decided anew at each click. The address is built then, and stands nowhere else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invitations import door, visits
from invitations.invite import ensure_room
from invitations.models import Visit
from invitations.video import provider
from meetings.models import Meeting
from meetings.states import WrongState
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import NotFound

HOST_CAME = "door.host_came"


@dataclass(frozen=True)
class Entered:
    """`is_first`: nobody had gone on with this visit before."""

    address: str
    is_first: bool


@change
def enter(*, visit_id: UUID, by: Actor, at: datetime) -> Entered:
    """Where one who was let in goes on to, once: the visit's own alias, in which the platform knows their name.

    Coming again (the back button, a lost connection) is open to the same visit for as long as the door is open and
    nobody has turned them away; coming in counts the first time only. Where somebody has been in by the address, it
    is a new one, and the old one leads nowhere: it lets nobody in beside them, and a connection that the platform has
    not yet given up does not keep them out. Raises NotFound, DoorClosed, WrongState.
    """
    visit, meeting = visits.lock(visit_id, visits.own(by))
    door.check_open(visit.invitation, at)
    if visit.state != Visit.State.ADMITTED:
        raise WrongState(NOT_LET_IN[Visit.State(visit.state)])
    ensure_room(meeting, at)
    if visit.presences.filter(alias=visit.alias).exists():
        visit.alias = visits.new_alias()
        visit.save(update_fields=["alias"])
    is_first = Visit.objects.filter(pk=visit.pk, entered_at=None).update(entered_at=at) == 1

    record("door.passed" if is_first else "door.passed_again", by=by, at=at, subject=visit, meeting_id=meeting.pk)
    return Entered(provider.current().guest_address(visit.alias), is_first)


NOT_LET_IN = {
    Visit.State.WAITING: "Du er ikke sluppet inn ennå. Vent litt til.",
    Visit.State.TURNED_AWAY: "Du ble ikke sluppet inn. Ring oss på 55 55 33 33.",
    Visit.State.LEFT: "Du har forlatt venterommet. Gå inn på nytt fra lenken din.",
}


@change
def enter_as_host(*, meeting_id: UUID, by: Actor, at: datetime) -> str:
    """Where those from Nav on the meeting's list go on to. Raises NotFound, NotPermitted, DoorClosed."""
    meeting = Meeting.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound("Vi finner ikke møtet.", code="meeting_not_found")
    door.check_can_keep_door(by, meeting)
    door.check_open_for_staff(meeting, at)
    room = ensure_room(meeting, at)

    record(HOST_CAME, by=by, at=at, subject=meeting, meeting_id=meeting.pk)
    return provider.current().host_address(room.alias, meeting.pk)
