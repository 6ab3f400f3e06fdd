"""Each participant has an entry of their own, for life: own id, own part of the time, newer when anything is newer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject

from invitations import calendar_entry, links, partners, reading
from invitations.models import Invitation
from meetings import changes, people
from meetings.changes import Why
from meetings.contacts import CitizenContact
from meetings.models import Format, Meeting, Participant, Reason
from tests import make
from tests.meetings.test_changes import arguments, to
from tests.pages.partner.setting import DOCTOR, EMPLOYER, add

pytestmark = pytest.mark.django_db
PART = replace(DOCTOR, way_in=Format.PHONE, part_offset=10, part_minutes=15)


def theirs(participant: Participant, at: datetime = make.NOW) -> Any:
    """A partner's entry, read by another library."""
    invitation = Invitation.objects.get(participant=participant)
    seen = partners.read_as_partner(invitation.pk, by=partners.reader(invitation.pk), at=at)
    return vobject.readOne(calendar_entry.partner_entry_of(seen, language="nb").decode("utf-8"))


def the_citizens(meeting: Meeting) -> Any:
    participant = meeting.citizen()
    invitation = Invitation.objects.get(participant=participant)
    assert participant.person is not None
    seen = reading.read(invitation.pk, by=make.citizen_actor(participant.person))
    return vobject.readOne(calendar_entry.entry_of(seen, language="nb").decode("utf-8"))


def change_part(meeting: Meeting, participant: Participant, offset: int, at: datetime) -> None:
    asked = arguments(meeting, at=at)
    people.change_partner(
        **{name: asked[name] for name in ("meeting_id", "version", "by", "clearance", "at")},
        participant_id=participant.pk,
        partner=replace(PART, part_offset=offset),
        citizen_contact=CitizenContact(),
        why=Why(Reason.PRACTICAL),
    )
    meeting.refresh_from_db()


def test_each_has_an_entry_of_their_own_with_their_own_link() -> None:
    meeting = make.meeting()
    doctor, employer = add(meeting, PART), add(meeting, EMPLOYER)
    entries = [the_citizens(meeting).vevent, theirs(doctor).vevent, theirs(employer).vevent]
    assert len({entry.uid.value for entry in entries}) == 3
    assert len({entry.url.value for entry in entries}) == 3
    assert entries[1].url.value == links.address(Invitation.objects.get(participant=doctor).pk)
    assert {entry.summary.value for entry in entries} == {"Møte med Nav"}


def test_a_partners_entry_is_of_their_part_and_follows_the_meeting_and_the_part() -> None:
    meeting = make.meeting()
    doctor = add(meeting, PART)
    first = theirs(doctor).vevent
    assert first.dtstart.value.astimezone(UTC) == meeting.starts_at + timedelta(minutes=10)
    assert first.dtend.value - first.dtstart.value == timedelta(minutes=15)

    change_part(meeting, doctor, 20, make.later(hours=1))
    second = theirs(doctor).vevent
    assert second.dtstart.value.astimezone(UTC) == meeting.starts_at + timedelta(minutes=20)
    assert (second.uid.value, second.url.value) == (first.uid.value, first.url.value)
    assert int(second.sequence.value) > int(first.sequence.value)
    assert second.dtstamp.value > first.dtstamp.value

    moved = changes.move(**arguments(meeting, to=to(), place=None, at=make.later(hours=2)))
    third = theirs(doctor).vevent
    assert third.dtstart.value.astimezone(UTC) == moved.starts_at + timedelta(minutes=20)
    assert int(third.sequence.value) > int(second.sequence.value)

    changes.cancel(**arguments(moved, at=make.later(hours=3)))
    cancelled = theirs(doctor)
    assert cancelled.method.value == "CANCEL"
    assert cancelled.vevent.uid.value == first.uid.value
    assert int(cancelled.vevent.sequence.value) > int(third.sequence.value)
    assert cancelled.vevent.dtstamp.value == make.later(hours=3)


def test_what_concerns_a_partner_alone_leaves_the_citizens_entry_as_it_was() -> None:
    meeting = make.meeting()
    doctor = add(meeting, PART)
    before = the_citizens(meeting).serialize()
    change_part(meeting, doctor, 20, make.later(hours=1))
    assert the_citizens(meeting).serialize() == before
