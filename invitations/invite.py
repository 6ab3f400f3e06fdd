"""An invitation is made once for a participant and lasts as long as the meeting is known."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from invitations.models import Invitation, VideoRoom
from meetings.models import Meeting, Participant


def invite(participant: Participant, at: datetime) -> Invitation:
    """The participant's invitation, made if they have none. Inside a change.

    Made for one who is strictly protected already, it says so: whoever books for them has decided who takes part.
    """
    invitation, _ = Invitation.objects.get_or_create(
        participant=participant, defaults={"made_at": at, "protected_at": _protected_at(participant, at)}
    )
    return invitation


def invite_added(participants: Iterable[Participant], at: datetime, *, closed_at: datetime | None = None) -> None:
    """As `invite`, for those who were added just now. One query. `closed_at`: there is no basis for telling them."""
    Invitation.objects.bulk_create(
        [
            Invitation(participant=one, made_at=at, protected_at=_protected_at(one, at), closed_at=closed_at)
            for one in participants
        ],
        ignore_conflicts=True,
    )


def _protected_at(participant: Participant, at: datetime) -> datetime | None:
    person = participant.person
    return at if person is not None and person.is_strictly_protected else None


def ensure_room(meeting: Meeting, at: datetime) -> VideoRoom:
    """The meeting's room: the alias is random (128 bits) and says nothing of the meeting or its people."""
    room, _ = VideoRoom.objects.get_or_create(
        meeting=meeting, defaults={"alias": f"nav-{secrets.token_hex(16)}", "made_at": at}
    )
    return room
