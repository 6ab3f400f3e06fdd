"""What a participant is shown of their meeting: all of it after login, the least of it by the bare link."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from invitations.answers import latest
from invitations.consents import video_choice
from invitations.door import CLOSES_AFTER, OPENS_BEFORE, Decision, may_come_in, opens_at
from invitations.models import Answer, Consent, Invitation
from invitations.reasons import reasons_to
from meetings.models import FROM_NAV, PARTNERS, Format, Meeting, Revision, Status
from meetings.revisions import current
from navmeet.accounts.actor import Actor
from navmeet.exceptions import NotFound


@dataclass(frozen=True)
class Read:
    """An invitation as its participant reads it after login."""

    invitation: Invitation
    meeting: Meeting
    revision: Revision
    theme: str
    purpose: str
    preparations: str
    from_nav: list[str]
    answer: Answer | None
    choice: Consent | None
    why: str

    @property
    def is_open(self) -> bool:
        return self.meeting.status == Status.SCHEDULED


def mine(by: Actor) -> QuerySet[Invitation]:
    """The invitations `by` may know of, with their meetings, the next first."""
    return (
        Invitation.objects.visible_to(by)
        .select_related("participant__meeting__type", "participant__meeting__office")
        .order_by("-participant__meeting__starts_at", "-id")
    )


class Whose(StrEnum):
    """Whose invitation it is, for one who is logged in."""

    OWN = "OWN"
    PARTNERS = "PARTNERS"
    OTHERS = "OTHERS"


def whose(invitation_id: UUID, *, by: Actor) -> Whose:
    """Tells which page to show, and nothing about the meeting. One query."""
    own = Invitation.objects.visible_to(by).filter(pk=OuterRef("pk"))
    found = Invitation.objects.filter(pk=invitation_id).values_list("participant__role", Exists(own)).first()
    if found is None:
        return Whose.OTHERS
    if found[0] in PARTNERS:
        return Whose.PARTNERS
    return Whose.OWN if found[1] else Whose.OTHERS


def read(invitation_id: UUID, *, by: Actor) -> Read:
    """The whole invitation, for the person themselves. Raises NotFound."""
    invitation = mine(by).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound("Vi finner ikke invitasjonen.", code="invitation_not_found")
    participant = invitation.participant
    meeting = participant.meeting
    hosts = meeting.participants.filter(role__in=FROM_NAV, removed_at=None).select_related("user")
    return Read(
        invitation=invitation,
        meeting=meeting,
        revision=current(meeting),
        theme=participant.theme or "",
        purpose=participant.purpose or "",
        preparations=participant.preparations or "",
        from_nav=[one.user.name for one in hosts if one.user],
        answer=latest(invitation),
        choice=video_choice(meeting),
        why=reasons_to(participant),
    )


@dataclass(frozen=True)
class Glimpse:
    """What the bare link shows: day, time, length, format, state, and in person the office's public address.

    Never names, theme, reason, the number that will be called, other people, minutes; for a protected person not even
    the address.
    """

    invitation_id: UUID
    starts_at: datetime
    ends_at: datetime
    format: Format
    status: Status
    office_address: str
    is_started: bool
    may_enter: bool
    opens_at: datetime
    language: str


def glimpse(invitation_id: UUID, *, by: Actor, at: datetime) -> Glimpse:
    """For the holder of a citizen's bare link. Raises NotFound, for a partner's too: they have their own."""
    invitation = (
        Invitation.objects.visible_to(by)
        .exclude(participant__role__in=sorted(PARTNERS))
        .select_related("participant__person", "participant__meeting__office")
        .filter(pk=invitation_id)
        .first()
    )
    if invitation is None:
        raise NotFound("Lenken virker ikke.", code="link_unknown")
    meeting = invitation.participant.meeting
    person = invitation.participant.person
    is_protected = person is not None and person.is_strictly_protected
    in_person = meeting.format == Format.IN_PERSON
    return Glimpse(
        invitation_id=invitation.pk,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        format=Format(meeting.format),
        status=Status(meeting.status),
        office_address=meeting.office.address if in_person and not is_protected else "",
        is_started=at >= meeting.starts_at,
        may_enter=may_come_in(invitation, at) == Decision.OPEN,
        opens_at=opens_at(invitation.participant),
        language=invitation.participant.language,
    )


def is_within_window(meeting: Meeting, at: datetime) -> bool:
    """A scheduled video meeting, from 15 minutes before the start until it ends or 60 minutes after the planned end."""
    return (
        meeting.status == Status.SCHEDULED
        and meeting.ended_at is None
        and meeting.format == Format.VIDEO
        and meeting.starts_at - OPENS_BEFORE <= at < meeting.ends_at + CLOSES_AFTER
    )
