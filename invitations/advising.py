"""What an adviser at the contact centre sees of the meetings of the citizen who rings, and nothing else.

Time, format, place, what was told and what became of it, and what the citizen answered. Not what the meeting is
about, who else takes part, minutes, or who was at the door. Their querysets are these alone: everywhere else
`visible_to` an adviser is nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from invitations.answers import latest
from invitations.consents import video_choice
from invitations.messages.log import LogLine, message_log
from invitations.models import Answer, Consent, Invitation
from invitations.promised import heard_by
from invitations.wishes import open_wish
from meetings.models import Meeting, Revision, Role
from meetings.revisions import current
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.exceptions import NotFound, NotPermitted
from navmeet.people.models import STRICT

# Who rings asks about what comes, or what has just been.
BACK: Final = timedelta(days=30)


@dataclass(frozen=True)
class Seen:
    """One meeting as an adviser sees it. `heard_by`: by when the citizen was promised to hear about their wish."""

    invitation: Invitation
    meeting: Meeting
    revision: Revision
    answer: Answer | None
    wish: Answer | None
    heard_by: datetime | None
    choice: Consent | None
    log: list[LogLine]


def invitations(by: Actor) -> QuerySet[Invitation]:
    """The citizens' invitations an adviser may know of once they may open the citizen. Raises NotPermitted."""
    if by.kind != ActorKind.ADVISER:
        raise NotPermitted("Dette er for rådgivere ved kontaktsenteret.", code="not_an_adviser")
    theirs = Invitation.objects.filter(participant__role=Role.CITIZEN, participant__removed_at=None)
    if by.may_open_strictly_confidential:
        return theirs
    return theirs.exclude(participant__person__protection__in=STRICT)


def of_person(person_id: UUID, *, by: Actor, at: datetime) -> list[Invitation]:
    """Those of the last month and all to come, the next first. The citizen was opened by the caller. One query."""
    found = invitations(by).filter(participant__person_id=person_id, participant__meeting__ends_at__gt=at - BACK)
    found = found.select_related("participant__meeting__type", "participant__meeting__office")
    return list(found.order_by("participant__meeting__starts_at", "id"))


def person_of(invitation_id: UUID, *, by: Actor) -> UUID:
    """Whose it is: the citizen to ask the access machine about. Raises NotFound, NotPermitted."""
    found: UUID | None = (
        invitations(by).filter(pk=invitation_id).values_list("participant__person_id", flat=True).first()
    )
    if found is None:
        raise NotFound("Vi finner ikke møtet.", code="invitation_not_found")
    return found


def seen(invitation_id: UUID, *, by: Actor, at: datetime) -> Seen:
    """For who was let in to the citizen. Raises NotFound, NotPermitted."""
    known = invitations(by).select_related("participant__meeting__type", "participant__person")
    invitation = known.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound("Vi finner ikke møtet.", code="invitation_not_found")
    meeting = invitation.participant.meeting
    wish = open_wish(invitation, meeting, at)
    return Seen(
        invitation=invitation,
        meeting=meeting,
        revision=current(meeting),
        answer=latest(invitation),
        wish=wish,
        heard_by=heard_by(meeting, wish.given_at) if wish else None,
        choice=video_choice(meeting),
        log=[line for line in message_log(meeting) if line.participant_id == invitation.participant_id],
    )
