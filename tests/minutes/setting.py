"""A held meeting with its caseworker and citizen: what the tests of minutes begin with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from invitations.models import Invitation
from meetings.models import Meeting, Participant, Role
from minutes.models import Draft, Version
from minutes.sections import Section, SectionCode, from_json
from minutes.sharing import share
from minutes.writing import save_draft
from navmeet.accounts.actor import Actor, Level
from navmeet.accounts.models import User
from navmeet.people.clearance import Clearance
from navmeet.people.models import Person
from tests import make

BEFORE = datetime(2027, 1, 21, 8, 59, tzinfo=UTC)
STARTED = datetime(2027, 1, 21, 9, 0, tzinfo=UTC)
AFTER = datetime(2027, 1, 21, 10, 0, tzinfo=UTC)

TALKED, AGREED, NEXT = "Vi snakket om fiskekaker.", "Kari ringer skolen.", "Nav sender søknaden."
TEXTS = (
    Section(SectionCode.DISCUSSED, TALKED),
    Section(SectionCode.AGREED, AGREED),
    Section(SectionCode.NEXT, NEXT),
)


@dataclass
class Held:
    """One meeting, who wrote and who may read."""

    meeting: Meeting
    user: User
    by: Actor
    person: Person

    @property
    def invitation_id(self) -> UUID:
        return Invitation.objects.get(participant__meeting=self.meeting, participant__person=self.person).pk

    @property
    def reader(self) -> Actor:
        return make.citizen_actor(self.person, Level.HIGH)

    def clearance(self, by: Actor | None = None, at: datetime = AFTER) -> Clearance:
        return make.clearance(self.person, by or self.by, at)

    def save(self, *sections: Section, version: int = 0, by: Actor | None = None, at: datetime = AFTER) -> Draft:
        by = by or self.by
        return save_draft(
            meeting_id=self.meeting.pk,
            sections=sections or TEXTS,
            version=version,
            by=by,
            clearance=self.clearance(by, at),
            at=at,
        )

    def share(self, version: int = 1, *, by: Actor | None = None, at: datetime = AFTER) -> Version:
        by = by or self.by
        return share(
            meeting_id=self.meeting.pk,
            version=version,
            can_be_told=True,
            by=by,
            clearance=self.clearance(by, at),
            at=at,
        )


def held(person: Person | None = None, **changes: object) -> Held:
    """Booked for 21 January 2027, 10.00 in Oslo."""
    user, person = make.caseworker(), person or make.citizen()
    return Held(make.meeting(user, person, **changes), user, make.actor(user), person)  # type: ignore[arg-type]


def join(meeting: Meeting, colleague: User) -> Actor:
    """Another from Nav is in the meeting."""
    Participant.objects.create(meeting=meeting, role=Role.STAFF, user=colleague, added_at=make.NOW)
    return make.actor(colleague)


def texts(sections: tuple[Section, ...]) -> list[str]:
    return [section.text for section in sections]


def a(text: str, code: SectionCode = SectionCode.DISCUSSED) -> Section:
    return Section(code, text)


def stored(case: Held) -> list[str]:
    """What the draft says now."""
    return texts(from_json(Draft.objects.get(meeting=case.meeting).sections))
