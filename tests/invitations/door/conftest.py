"""A video meeting whose door is open, and those who come to it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from invitations import admission, lobby
from invitations.models import Invitation, Visit
from meetings.models import Meeting, Participant, PartnerContact, Role
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.models import User
from navmeet.people.models import Person
from tests import make


@dataclass
class World:
    """`at` is two minutes before the start: the door is open."""

    host: User
    person: Person
    meeting: Meeting
    by: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.by = make.actor(self.host)

    @property
    def at(self) -> datetime:
        return self.meeting.starts_at - timedelta(minutes=2)

    @property
    def invitation(self) -> Invitation:
        return Invitation.objects.get(participant__meeting=self.meeting, participant__role=Role.CITIZEN)

    def holder(self, invitation: Invitation | None = None) -> Actor:
        """Whoever has the link, and no login."""
        return Actor(kind=ActorKind.LINK, id=(invitation or self.invitation).pk)

    def citizen(self, level: Level = Level.SUBSTANTIAL) -> Actor:
        return make.citizen_actor(self.person, level)

    def partner(self, role: Role = Role.DOCTOR, **values: object) -> Invitation:
        """A partner with an invitation, as rows: how they are added is tried elsewhere."""
        participant = Participant.objects.create(meeting=self.meeting, role=role, added_at=make.NOW, **values)
        contact = PartnerContact(participant=participant, changed_at=make.NOW)
        contact.name, contact.email, contact.phone = "Lise Legesen", "lege@example.no", "+4790000000"
        contact.save()
        return Invitation.objects.create(participant=participant, made_at=make.NOW)

    def arrives(self, name: str = "Kari", by: Actor | None = None, at: datetime | None = None) -> Visit:
        who = by or self.holder()
        invitation = Invitation.objects.visible_to(who).get(participant__meeting=self.meeting)
        return lobby.arrive(invitation_id=invitation.pk, name=name, by=who, at=at or self.at)

    def admitted(self, name: str = "Kari", by: Actor | None = None) -> Visit:
        return admission.admit(visit_id=self.arrives(name, by).pk, by=self.by, at=self.at)

    def reload(self, visit_id: UUID) -> Visit:
        return Visit.objects.get(pk=visit_id)

    def update(self, **values: object) -> None:
        """The meeting as it would be after some change."""
        Meeting.objects.filter(pk=self.meeting.pk).update(**values)
        self.meeting.refresh_from_db()


def build() -> World:
    host, person = make.caseworker(), make.citizen()
    return World(host=host, person=person, meeting=make.meeting(host, person))


@pytest.fixture
def world(db: None) -> World:
    return build()
