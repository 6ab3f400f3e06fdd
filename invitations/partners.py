"""Partners: whom a link lets ask for a code, what the bare link shows of their meeting, and what they read after it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from invitations import bases, door
from invitations.answers import latest
from invitations.messages.own import own
from invitations.models import Answer, Invitation
from invitations.reading import Glimpse
from invitations.reasons import reasons_to
from meetings.models import FROM_NAV, PARTNERS, Format, Meeting, Participant, Revision, Role, Status
from meetings.revisions import current
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.exceptions import NotFound
from navmeet.people.models import STRICT, Protection
from navmeet.people.numbers import birth_date

# A partner's access ends by itself: until then they can look up what was agreed on.
ENDS_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class PartnerRead:
    """An invitation as its partner reads it after a code: theirs, and nothing of anybody else's.

    `patient` and `born` are for a doctor. `place` is filled where they are to come themselves. `is_called`: Nav rings
    the number registered for them. `from_nav` is empty where nobody's name may be told: then it is "Nav".
    """

    invitation: Invitation
    role: Role
    revision_number: int
    revision_made_at: datetime
    zone: str
    status: Status
    starts_at: datetime
    ends_at: datetime
    meeting_starts_at: datetime
    meeting_ends_at: datetime
    held: Format
    place: tuple[str, ...]
    is_called: bool
    theme: str
    purpose: str
    preparations: str
    from_nav: tuple[str, ...]
    patient: str
    born: date | None
    answer: Answer | None
    why: str
    may_enter: bool
    opens_at: datetime
    can_answer: bool

    @property
    def has_own_part(self) -> bool:
        return (self.starts_at, self.ends_at) != (self.meeting_starts_at, self.meeting_ends_at)


def holder(invitation_id: UUID) -> Actor:
    """Whoever holds the link, known by nothing else."""
    return Actor(kind=ActorKind.LINK, id=invitation_id)


def reader(invitation_id: UUID) -> Actor:
    """Who has typed the code for this invitation, and may read this one alone."""
    return Actor(kind=ActorKind.PARTNER, id=invitation_id, level=Level.CODE)


def is_partners(invitation_id: UUID) -> bool:
    """Is, or was, this invitation a partner's? Tells which page to show, nothing about the meeting."""
    return Invitation.objects.filter(pk=invitation_id, participant__role__in=sorted(PARTNERS)).exists()


def language_of(invitation_id: UUID) -> str:
    """The language its participant is written to in."""
    found = Participant.objects.filter(invitation=invitation_id).values_list("language", flat=True).first()
    return found or "nb"


def find(invitation_id: UUID, *, by: Actor, at: datetime) -> Invitation:
    """A partner's invitation that is open to `by`, with participant, meeting and type.

    Raises NotFound, the same for one that is unknown, closed, not a partner's, without a basis, or over since a day.
    """
    if by.kind not in {ActorKind.LINK, ActorKind.PARTNER}:
        raise no_access()
    invitation = (
        Invitation.objects.visible_to(by)
        .filter(pk=invitation_id, participant__role__in=sorted(PARTNERS))
        .select_related("participant__contact", "participant__meeting__type", "participant__meeting__office")
        .first()
    )
    if invitation is None or not bases.has_basis(invitation.participant):
        raise no_access()
    if at >= invitation.participant.meeting.ends_at + ENDS_AFTER:
        raise no_access()
    return invitation


def no_access() -> NotFound:
    """One answer for whatever the reason is."""
    return NotFound("Du har ikke tilgang lenger.", code="no_access")


def glimpse(invitation_id: UUID, *, by: Actor, at: datetime) -> Glimpse:
    """What the bare link shows of their own part. Raises NotFound."""
    invitation = find(invitation_id, by=by, at=at)
    participant, meeting = invitation.participant, invitation.participant.meeting
    mine = own(participant, meeting)
    shows_address = mine.held == Format.IN_PERSON and _protection(meeting) == Protection.UNGRADED
    return Glimpse(
        invitation_id=invitation.pk,
        starts_at=mine.starts_at,
        ends_at=mine.ends_at,
        format=mine.held,
        status=Status(meeting.status),
        office_address=meeting.office.address if shows_address else "",
        is_started=at >= mine.starts_at,
        may_enter=door.may_come_in(invitation, at) == door.Decision.OPEN,
        opens_at=door.opens_at(participant),
        language=participant.language,
    )


def read_as_partner(invitation_id: UUID, *, by: Actor, at: datetime) -> PartnerRead:
    """Their view, for one who typed the code for this invitation. Raises NotFound."""
    if by.kind != ActorKind.PARTNER or by.id != invitation_id or by.level != Level.CODE:
        raise no_access()
    invitation = find(invitation_id, by=by, at=at)
    participant, meeting = invitation.participant, invitation.participant.meeting
    mine, revision, protection = own(participant, meeting), current(meeting), _protection(meeting)
    patient, born = _patient(participant, meeting)
    is_open = meeting.status == Status.SCHEDULED
    return PartnerRead(
        invitation=invitation,
        role=Role(participant.role),
        revision_number=meeting.revision_number,
        revision_made_at=revision.made_at,
        zone=revision.zone,
        status=Status(meeting.status),
        starts_at=mine.starts_at,
        ends_at=mine.ends_at,
        meeting_starts_at=meeting.starts_at,
        meeting_ends_at=meeting.ends_at,
        held=mine.held,
        place=_place(mine.held, revision) if protection == Protection.UNGRADED else (),
        is_called=mine.held == Format.PHONE,
        theme=participant.theme or "",
        purpose=participant.purpose or "",
        preparations=participant.preparations or "",
        from_nav=() if protection in STRICT else _from_nav(meeting),
        patient=patient,
        born=born,
        answer=latest(invitation),
        why=reasons_to(participant),
        may_enter=door.may_come_in(invitation, at) == door.Decision.OPEN,
        opens_at=door.opens_at(participant),
        can_answer=is_open and at < meeting.starts_at,
    )


def is_changed(participant: Participant) -> bool:
    """Has the meeting become another for them since they were added? Only what is theirs counts."""
    revisions = list(participant.meeting.revisions.order_by("number"))
    since = max((one.number for one in revisions if one.made_at <= participant.added_at), default=1)
    theirs = {(mine := own(participant, one), _place(mine.held, one)) for one in revisions if one.number >= since}
    return len(theirs) > 1


def _place(held: Format, revision: Revision) -> tuple[str, ...]:
    """Never the number that is called: by phone it is the citizen's."""
    if held != Format.IN_PERSON:
        return ()
    return tuple(line for line in (revision.address, revision.room, revision.directions) if line)


def _from_nav(meeting: Meeting) -> tuple[str, ...]:
    present = meeting.participants.filter(role__in=FROM_NAV, removed_at=None).select_related("user")
    return tuple(one.user.name for one in present.order_by("pk") if one.user and one.user.name)


def _patient(participant: Participant, meeting: Meeting) -> tuple[str, date | None]:
    """A doctor must know whose doctor they come as. An employer is told by what is written to them."""
    if participant.role != Role.DOCTOR:
        return "", None
    person = meeting.participants.select_related("person").get(role=Role.CITIZEN).person
    if person is None:
        return "", None
    current_number = person.identities.filter(is_current=True).first()
    return person.name, birth_date(current_number.number) if current_number else None


def _protection(meeting: Meeting) -> str:
    found = meeting.participants.filter(role=Role.CITIZEN).values_list("person__protection", flat=True).first()
    return found or Protection.UNGRADED
