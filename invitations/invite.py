"""An invitation is made once for a participant and lasts as long as the meeting is known."""

import secrets
from datetime import datetime

from invitations.models import Invitation, VideoRoom
from meetings.models import Meeting, Participant


def invite(participant: Participant, at: datetime) -> Invitation:
    """The participant's invitation, made if they have none. Inside a change.

    Made for one who is strictly protected already, it says so: whoever books for them has decided who takes part.
    """
    person = participant.person
    protected_at = at if person is not None and person.is_strictly_protected else None
    invitation, _ = Invitation.objects.get_or_create(
        participant=participant, defaults={"made_at": at, "protected_at": protected_at}
    )
    return invitation


def ensure_room(meeting: Meeting, at: datetime) -> VideoRoom:
    """The meeting's room: the alias is random (128 bits) and says nothing of the meeting or its people."""
    room, _ = VideoRoom.objects.get_or_create(
        meeting=meeting, defaults={"alias": f"nav-{secrets.token_hex(16)}", "made_at": at}
    )
    return room
