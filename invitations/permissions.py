"""May you do this to an invitation? Pure functions, in pairs."""

from invitations.models import Invitation
from meetings.models import Meeting
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.exceptions import NotPermitted


def can_answer(by: Actor, invitation: Invitation) -> bool:
    """The citizen themselves, logged in."""
    return by.kind == ActorKind.CITIZEN and invitation.participant.person_id == by.id


def check_can_answer(by: Actor, invitation: Invitation) -> None:
    """Raises NotPermitted."""
    if not can_answer(by, invitation):
        raise NotPermitted("Du kan bare svare på dine egne invitasjoner.", code="may_not_answer")


def can_see_messages(by: Actor, meeting: Meeting) -> bool:
    """Caseworkers of the meeting's office, and its host."""
    return by.kind == ActorKind.CASEWORKER and (meeting.host_id == by.id or meeting.office_id == by.office)
