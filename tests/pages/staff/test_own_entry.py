"""An employee's own calendar entry: neutral, with the link to the meeting's page, taken out when they are."""

from datetime import date
from typing import Any

import pytest
import vobject
from django.test import Client

from meetings import changes, staff
from meetings.models import Meeting
from navmeet.people.models import Person
from tests import make
from tests.meetings.setting import changing, colleague
from tests.pages.staff.setting import INGRID, JONAS, KARI, person, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


@pytest.fixture
def meeting(kari: Person) -> Meeting:
    return make.meeting(user(INGRID), kari)


def entry(client: Client, meeting: Meeting) -> Any:
    answer = client.get(f"/meetings/{meeting.pk}/calendar/")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/calendar")
    return vobject.readOne(answer.content.decode())


def test_it_holds_the_time_and_the_page_here_and_no_name_or_theme(client: Client, meeting: Meeting) -> None:
    file = entry(client, meeting)
    event = file.vevent
    assert (file.method.value, event.summary.value) == ("REQUEST", "Møte med Nav")
    assert (event.dtstart.value, event.dtend.value) == (meeting.starts_at, meeting.ends_at)
    assert event.url.value.endswith(f"/meetings/{meeting.pk}/")
    assert event.description.value == event.url.value
    citizen = meeting.citizen()
    whole = client.get(f"/meetings/{meeting.pk}/calendar/").content.decode()
    assert citizen.person is not None
    for told in (citizen.person.name, user(INGRID).name, citizen.theme or "Veien"):
        assert told not in whole


def test_each_has_an_own_one_and_who_is_not_in_the_meeting_none(client: Client, meeting: Meeting, kari: Person) -> None:
    mine = entry(client, meeting).vevent.uid.value
    assert str(meeting.participants.get(user=user(INGRID)).pk) in mine
    theirs = make.meeting(user(JONAS), kari, day=date(2027, 1, 25))
    assert client.get(f"/meetings/{theirs.pk}/calendar/").status_code == 404


def test_it_calls_itself_off_when_the_meeting_is_cancelled(client: Client, meeting: Meeting) -> None:
    before = entry(client, meeting).vevent
    changes.cancel(**changing(meeting))
    after = entry(client, meeting)
    assert (after.method.value, after.vevent.uid.value) == ("CANCEL", before.uid.value)
    assert int(after.vevent.sequence.value) > int(before.sequence.value)


def test_it_calls_itself_off_for_one_who_is_taken_out(client: Client, kari: Person) -> None:
    meeting = make.meeting(user(JONAS), kari)
    added = staff.add_staff(**changing(meeting, colleague=colleague(meeting, user(INGRID))))
    before = entry(client, meeting)
    assert before.method.value == "REQUEST"
    staff.remove_staff(**changing(meeting, participant_id=added.pk))
    after = entry(client, meeting)
    assert (after.method.value, after.vevent.uid.value) == ("CANCEL", before.vevent.uid.value)


def test_the_page_offers_it_to_who_takes_part(client: Client, meeting: Meeting, kari: Person) -> None:
    link = f'href="/meetings/{meeting.pk}/calendar/"'
    assert link in client.get(f"/meetings/{meeting.pk}/").content.decode()
    theirs = make.meeting(user(JONAS), kari, day=date(2027, 1, 25))
    assert f"/meetings/{theirs.pk}/calendar/" not in client.get(f"/meetings/{theirs.pk}/").content.decode()
