"""May you do this to an invitation? Pure functions, in pairs."""

from invitations.models import Invitation
from meetings.models import Meeting
from meetings.permissions import can_change
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.exceptions import NotPermitted


def can_answer(by: Actor, invitation: Invitation) -> bool:
    """The citizen themselves, logged in; a partner who typed the code for this invitation."""
    if by.kind == ActorKind.PARTNER:
        return by.level == Level.CODE and by.id == invitation.pk and invitation.participant.is_partner
    return can_choose(by, invitation)


def check_can_answer(by: Actor, invitation: Invitation) -> None:
    """Raises NotPermitted."""
    if not can_answer(by, invitation):
        raise NotPermitted("Du kan bare svare på dine egne invitasjoner.", code="may_not_answer")


def can_choose(by: Actor, invitation: Invitation) -> bool:
    """The citizen themselves, logged in: how they meet, and who takes part, is theirs alone to say."""
    return by.kind == ActorKind.CITIZEN and invitation.participant.person_id == by.id


def check_can_choose(by: Actor, invitation: Invitation) -> None:
    """Raises NotPermitted."""
    if not can_choose(by, invitation):
        raise NotPermitted("Du kan bare svare på dine egne invitasjoner.", code="may_not_answer")


def can_release(by: Actor, invitation: Invitation) -> bool:
    """The citizen themselves, logged in so that it is surely they."""
    return can_choose(by, invitation) and by.level == Level.HIGH


def check_can_release(by: Actor, invitation: Invitation) -> None:
    """Raises NotPermitted: `step_up_needed` for the right person at too low a level."""
    check_can_choose(by, invitation)
    if not can_release(by, invitation):
        raise NotPermitted(
            "Du må logge inn på et høyere nivå for å svare på dette, for eksempel med BankID.",
            code="step_up_needed",
            extra={"login": "/login/?level=high"},
        )


def can_record(by: Actor, meeting: Meeting) -> bool:
    """Those who may change the meeting, and advisers at the contact centre: they are who citizens talk to."""
    return by.kind == ActorKind.ADVISER or can_change(by, meeting)


def check_can_record(by: Actor, meeting: Meeting) -> None:
    """Raises NotPermitted."""
    if not can_record(by, meeting):
        raise NotPermitted("Du kan ikke registrere svar for dette møtet.", code="may_not_record")
