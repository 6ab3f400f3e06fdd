"""The names in a list: only of those whom the access machine lets this employee open, asked once for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from meetings.models import Participant, Role
from navmeet.accounts.actor import Actor
from navmeet.exceptions import DomainError
from navmeet.people import learning
from navmeet.people.models import Person
from navmeet.registers import access

HIDDEN = "Skjermet"


@dataclass(frozen=True)
class Names:
    """`by_meeting` holds a name or HIDDEN for each meeting; nothing at all when nobody answered."""

    by_meeting: Mapping[UUID, str]
    answered: bool = True

    def of(self, meeting_id: UUID) -> str:
        """The citizen's name, "Skjermet", or "" when nobody could say."""
        return self.by_meeting.get(meeting_id, HIDDEN if self.answered else "")

    def may_open(self, meeting_id: UUID) -> bool:
        """Was it granted? Then others of the meeting may be named too."""
        return self.of(meeting_id) not in {"", HIDDEN}


def of_meetings(meeting_ids: Iterable[UUID], *, by: Actor, at: datetime) -> Names:
    """Two queries and at most one call, however many meetings. Never raises: a list without names is still a list."""
    citizens = list(
        Participant.objects.filter(meeting_id__in=set(meeting_ids), role=Role.CITIZEN).select_related("person")
    )
    people = [one.person for one in citizens if one.person]
    prefetch_related_objects(people, "identities")
    try:
        granted = _granted(people, by, at)
    except DomainError:
        return Names({}, answered=False)
    names = {one.meeting_id: one.person.name for one in citizens if one.person and one.person.pk in granted}
    return Names({one.meeting_id: names.get(one.meeting_id, HIDDEN) for one in citizens})


def _granted(people: Iterable[Person], by: Actor, at: datetime) -> set[UUID]:
    """Those of whom every number the person has had was granted."""
    numbers = {person.pk: [identity.number for identity in person.identities.all()] for person in people}
    asked = [number for theirs in numbers.values() for number in theirs]
    decisions = access.may_open_many(by.nav_ident or "", asked, at=at)
    for person_id, theirs in numbers.items():
        learning.from_refusal(person_id, [decisions[number] for number in theirs])
    return {
        person_id
        for person_id, theirs in numbers.items()
        if theirs and all(decisions[number].granted for number in theirs)
    }
