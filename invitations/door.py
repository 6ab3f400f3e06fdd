"""May this person come in now? Decided anew at each attempt: on the page, at the click, and when the platform asks.

Nothing of a decision is kept: a meeting that is moved, turned into a call, cancelled or ended is so at once.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from invitations.models import Invitation
from meetings import permissions
from meetings.models import Format, Meeting, Participant, Status
from meetings.states import WrongState
from navmeet.accounts.actor import Actor
from navmeet.exceptions import NotPermitted
from navmeet.look import dates

OPENS_BEFORE = timedelta(minutes=15)
CLOSES_AFTER = timedelta(minutes=60)


class Decision(StrEnum):
    """What the door says. Only OPEN lets anybody in."""

    OPEN = "OPEN"
    TOO_EARLY = "TOO_EARLY"
    OVER = "OVER"
    CANCELLED = "CANCELLED"
    NOT_VIDEO = "NOT_VIDEO"
    CLOSED = "CLOSED"


SENTENCES = {
    Decision.TOO_EARLY: "Videomøtet er ikke åpent ennå. Det åpner 15 minutter før tiden din.",
    Decision.OVER: "Møtet er avsluttet.",
    Decision.CANCELLED: "Møtet er avlyst.",
    Decision.NOT_VIDEO: "Møtet er ikke på video. Åpne lenken din og se hvordan dere møtes.",
    Decision.CLOSED: "Du kan ikke være med i møtet. Ring oss på 55 55 33 33.",
}


# The same, to those who keep the door, about somebody else.
TO_KEEPERS = {
    **SENTENCES,
    Decision.TOO_EARLY: "Deltakeren kan ikke slippes inn ennå. Døren åpner 15 minutter før tiden deres.",
    Decision.NOT_VIDEO: "Deltakeren skal ikke være med på video, og kan ikke slippes inn.",
    Decision.CLOSED: "Deltakeren har ikke tilgang til møtet lenger, og kan ikke slippes inn.",
}


class DoorClosed(WrongState):
    """The door says no; `decision` says why."""

    code = "door_closed"

    def __init__(self, decision: Decision, *, to_keepers: bool = False) -> None:
        sentences = TO_KEEPERS if to_keepers else SENTENCES
        super().__init__(sentences[decision], extra={"decision": decision.value})
        self.decision = decision


def may_come_in(invitation: Invitation, at: datetime) -> Decision:
    """For somebody invited: from 15 minutes before their own time, until the host ends or 60 minutes after the end.

    Reads nothing: the invitation comes with its participant and meeting.
    """
    participant = invitation.participant
    meeting = participant.meeting
    if invitation.closed_at is not None or participant.removed_at is not None:
        return Decision.CLOSED
    decision = _at_this_hour(meeting, at, by_video=way_in(participant) == Format.VIDEO, opens=opens_at(participant))
    # A death closes the door without saying so: what is said of the meeting itself stands.
    return Decision.CLOSED if decision == Decision.OPEN and invitation.deceased_at is not None else decision


def may_staff_come_in(meeting: Meeting, at: datetime, *, has_guest_by_video: bool) -> Decision:
    """For those from Nav on the meeting's list: also where only somebody else's way in is by video."""
    by_video = meeting.format == Format.VIDEO or has_guest_by_video
    return _at_this_hour(meeting, at, by_video=by_video, opens=meeting.starts_at - OPENS_BEFORE)


def check_open(invitation: Invitation, at: datetime) -> None:
    """Raises DoorClosed."""
    decision = may_come_in(invitation, at)
    if decision != Decision.OPEN:
        raise DoorClosed(decision)


def check_can_be_let_in(invitation: Invitation, at: datetime) -> None:
    """As `check_open`, and tells it to those who keep the door. Raises DoorClosed."""
    decision = may_come_in(invitation, at)
    if decision != Decision.OPEN:
        raise DoorClosed(decision, to_keepers=True)


def check_open_for_staff(meeting: Meeting, at: datetime) -> None:
    """Raises DoorClosed. One query where the meeting's own format is not video."""
    has_guest = meeting.format != Format.VIDEO and has_guest_by_video(meeting)
    decision = may_staff_come_in(meeting, at, has_guest_by_video=has_guest)
    if decision != Decision.OPEN:
        raise DoorClosed(decision)


def has_guest_by_video(meeting: Meeting) -> bool:
    """Somebody's own way in is by video, whatever the meeting's format. One query."""
    return meeting.participants.filter(removed_at=None, way_in=Format.VIDEO).exists()


def _at_this_hour(meeting: Meeting, at: datetime, *, by_video: bool, opens: datetime) -> Decision:
    if meeting.status == Status.CANCELLED:
        return Decision.CANCELLED
    if meeting.ended_at is not None or meeting.status in {Status.HELD, Status.NOT_HELD}:
        return Decision.OVER
    if at >= meeting.ends_at + CLOSES_AFTER:
        return Decision.OVER
    if not by_video:
        return Decision.NOT_VIDEO
    if meeting.status != Status.SCHEDULED or at < opens:
        return Decision.TOO_EARLY
    return Decision.OPEN


def way_in(participant: Participant) -> Format:
    """The format by which they take part: their own, else the meeting's."""
    return Format(participant.way_in or participant.meeting.format)


def starts_at(participant: Participant) -> datetime:
    """When their own part of the time begins."""
    return participant.meeting.starts_at + timedelta(minutes=participant.part_offset or 0)


def opens_at(participant: Participant) -> datetime:
    """When the door opens for them."""
    return starts_at(participant) - OPENS_BEFORE


def reason(decision: Decision, opens: datetime) -> str:
    """Why not, in a sentence that the platform may show; with the hour where that is what one needs to know."""
    if decision == Decision.TOO_EARLY:
        return f"Videomøtet åpner {dates.when(opens)}."
    return SENTENCES[decision]


def can_keep_door(by: Actor, meeting: Meeting) -> bool:
    """The host and colleagues on the meeting's list, whatever others may otherwise see. One query."""
    return permissions.takes_part(by, meeting)


def check_can_keep_door(by: Actor, meeting: Meeting) -> None:
    """Raises NotPermitted."""
    if not can_keep_door(by, meeting):
        raise NotPermitted("Bare de fra Nav som er med i møtet, kan slippe inn andre.", code="may_not_keep_door")
