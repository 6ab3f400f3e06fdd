"""Reading minutes: what staff who may write them see, and what the citizen is shown, which is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invitations.models import Invitation
from meetings.models import Meeting
from minutes import permissions, states
from minutes import sections as parts
from minutes.access import open_meeting
from minutes.models import Draft, Reading, Version
from minutes.sections import Section
from minutes.writing import NOTHING_YET
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.audit.record import record, shown
from navmeet.change import change
from navmeet.exceptions import NotFound
from navmeet.people.clearance import Clearance


@dataclass(frozen=True)
class Written:
    """The draft as it stands; version 0, empty, before anybody has saved."""

    version: int
    sections: tuple[Section, ...]
    saved_at: datetime | None = None
    saved_by: str = ""


@dataclass(frozen=True)
class Shared:
    """One version as staff see it: what it says, who opened it to the citizen, and when the citizen first read it."""

    number: int
    sections: tuple[Section, ...]
    shared_at: datetime
    shared_by: str
    read_at: datetime | None


@dataclass(frozen=True)
class Minutes:
    """What somebody may see. `language` is the citizen's; `why_not` says why minutes cannot be written now, or ""."""

    meeting: Meeting
    citizen_name: str
    language: str
    draft: Written
    versions: tuple[Shared, ...]
    why_not: str

    @property
    def latest(self) -> Shared | None:
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True)
class Listed:
    """A version that the citizen may read; `read_at` is when they first did."""

    number: int
    shared_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Read:
    """One version as the citizen is shown it."""

    number: int
    shared_at: datetime
    sections: tuple[Section, ...]
    meeting: Meeting


def minutes_of(*, meeting_id: UUID, by: Actor, clearance: Clearance, at: datetime) -> Minutes:
    """Everything written of a meeting. The draft only to those who may write it; to others it reads as empty.

    That somebody was shown it is kept first.

    Raises NotFound, NotPermitted, Unavailable.
    """
    meeting = open_meeting(meeting_id, by=by, clearance=clearance, at=at)
    versions = list(Version.objects.filter(meeting=meeting).order_by("number"))
    may_write = permissions.can_write(by, meeting)
    if not versions:
        permissions.check_can_write(by, meeting)
    shown("minutes.opened", to=by, person_id=clearance.person_id, at=at)
    draft = Draft.objects.filter(meeting=meeting).first() if may_write else None
    names = _names({draft.saved_by for draft in [draft] if draft} | {version.shared_by for version in versions})
    first_read = dict(
        Reading.objects.filter(version__meeting=meeting, person_id=clearance.person_id).values_list(
            "version_id", "read_at"
        )
    )
    reason = states.why_no_minutes(meeting, at)
    citizen = meeting.participants.select_related("person").get(person_id=clearance.person_id)
    return Minutes(
        meeting=meeting,
        citizen_name=citizen.person.name if citizen.person else "",
        language=citizen.language,
        draft=_written(draft, names),
        versions=tuple(_shared(version, names, first_read.get(version.pk)) for version in versions),
        why_not=reason[1] if reason else "",
    )


def draft_of(*, meeting_id: UUID, by: Actor, clearance: Clearance, at: datetime) -> Written:
    """The draft, for those who may write it, kept as an opening. Raises NotFound, NotPermitted, Unavailable."""
    meeting = open_meeting(meeting_id, by=by, clearance=clearance, at=at)
    permissions.check_can_write(by, meeting)
    shown("minutes.opened", to=by, person_id=clearance.person_id, at=at)
    draft = Draft.objects.filter(meeting=meeting).first()
    return _written(draft, _names({draft.saved_by} if draft else set()))


def shared_with(*, invitation_id: UUID, by: Actor) -> tuple[Listed, ...]:
    """The versions open to the citizen, the newest first. Raises NotFound, NotPermitted below level high."""
    invitation = _own(invitation_id, by)
    permissions.check_can_read_shared(by)
    versions = Version.objects.filter(meeting_id=invitation.participant.meeting_id).order_by("-number")
    own = Reading.objects.filter(version__in=versions, person=invitation.participant.person)
    first_read = dict(own.values_list("version_id", "read_at"))
    return tuple(Listed(version.number, version.shared_at, first_read.get(version.pk)) for version in versions)


@change
def read_version(*, invitation_id: UUID, number: int, by: Actor, at: datetime) -> Read:
    """What version `number` says, to the citizen it was shared with. That they were shown it is kept, the first time.

    The text leaves this function only in the transaction that keeps the reading. Raises NotFound, NotPermitted
    below level high.
    """
    invitation = _own(invitation_id, by)
    permissions.check_can_read_shared(by)
    version = (
        Version.objects.select_related("meeting__type")
        .filter(meeting_id=invitation.participant.meeting_id, number=number)
        .first()
    )
    if version is None:
        raise NotFound("Vi finner ikke referatet.", code="minutes_not_found")
    person = invitation.participant.person
    _, is_first = Reading.objects.get_or_create(version=version, person=person, defaults={"read_at": at})
    if is_first:
        record("minutes.read", by=by, at=at, subject=version, meeting_id=version.meeting_id, number=number)
    return Read(number, version.shared_at, parts.from_json(version.sections), version.meeting)


def _own(invitation_id: UUID, by: Actor) -> Invitation:
    found = Invitation.objects.visible_to(by).select_related("participant__person").filter(pk=invitation_id).first()
    if found is None:
        raise NotFound("Vi finner ikke invitasjonen.", code="invitation_not_found")
    return found


def _names(ids: set[UUID]) -> dict[UUID, str]:
    return {user.pk: user.name for user in User.objects.filter(pk__in=ids)}


def written(draft: Draft) -> Written:
    """A draft opened, for who may have it."""
    return _written(draft, _names({draft.saved_by}))


def _written(draft: Draft | None, names: dict[UUID, str]) -> Written:
    if draft is None:
        return Written(NOTHING_YET, parts.empty())
    return Written(draft.version, parts.from_json(draft.sections), draft.saved_at, names.get(draft.saved_by, ""))


def _shared(version: Version, names: dict[UUID, str], read_at: datetime | None) -> Shared:
    return Shared(
        version.number,
        parts.from_json(version.sections),
        version.shared_at,
        names.get(version.shared_by, ""),
        read_at,
    )
