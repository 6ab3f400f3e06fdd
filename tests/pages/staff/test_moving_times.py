"""Free times beside the form for moving, and the room that a moved meeting keeps."""

from datetime import date, time

import pytest
from django.test import Client

from meetings.models import ClosingDay, Format, Meeting
from meetings.places import Place
from tests import make
from tests.pages.staff.setting import INGRID, KARI, OLA, person, user
from tests.pages.staff.test_booking import text
from tests.pages.staff.test_booking_times import PART, offered, suits

pytestmark = pytest.mark.django_db(transaction=True)
WHY = {"reason": "PRACTICAL", "sentence": ""}


@pytest.fixture
def meeting(client: Client) -> Meeting:
    return make.meeting(user(INGRID), person(KARI.number))


def sent(meeting: Meeting, **changes: str) -> dict[str, str]:
    return {"version": str(meeting.version), "day": "2027-01-21", "time": "10:00", "minutes": "45"} | WHY | changes


def test_its_own_time_is_not_in_the_way(client: Client, meeting: Meeting) -> None:
    page = text(client.get(f"/meetings/{meeting.pk}/move/"))
    assert "2027-01-21T10:00/" in offered(page)
    assert suits(page) == ""
    half_past = text(client.post(f"/meetings/{meeting.pk}/move/", sent(meeting, time="10:30"), headers=PART))
    assert "er ledig." in suits(half_past)


def test_a_time_is_taken_in_one_click_and_the_reason_stays(client: Client, meeting: Meeting) -> None:
    address = f"/meetings/{meeting.pk}/move/"
    page = text(client.post(address, sent(meeting, take="2027-01-22T13:00/", sentence="Jeg er på kurs.")))
    assert 'name="day" value="2027-01-22"' in page
    assert 'name="time" value="13:00"' in page
    assert "Jeg er på kurs." in page
    assert 'value="PRACTICAL" selected' in page
    assert client.post(address, sent(meeting, day="2027-01-22", time="13:00", act="do")).status_code == 302


def test_an_occupied_time_comes_with_the_nearest_and_not_with_whose_it_is(client: Client, meeting: Meeting) -> None:
    make.meeting(make.caseworker(), person(OLA.number), clock=time(13))
    make.meeting(user(INGRID), make.citizen("Vera Visible"), clock=time(14))
    answer = client.post(f"/meetings/{meeting.pk}/move/", sent(meeting, time="14:00", act="do"))
    assert answer.status_code == 409
    page = text(answer)
    assert "Tidspunktet er opptatt." in suits(page)
    assert len(offered(page)) > 3
    assert "Vera Visible" not in page


def test_what_speaks_against_is_overruled_where_it_is_said(client: Client, meeting: Meeting) -> None:
    ClosingDay.objects.create(office_id=make.OFFICE, date=date(2027, 1, 22))
    address = f"/meetings/{meeting.pk}/move/"
    refused = client.post(address, sent(meeting, day="2027-01-22", act="do"))
    assert refused.status_code == 409
    assert text(refused).count("Hvorfor gjør du det likevel?") == 1
    assert 'name="overrule" value="CLOSED"' in text(refused)
    again = sent(meeting, day="2027-01-22", act="do", overrule="CLOSED", overrule_why="URGENT")
    assert client.post(address, again).status_code == 302


def test_a_moved_meeting_keeps_its_room_unless_another_is_chosen(client: Client) -> None:
    room, other = make.room(), make.room("Møterom 2")
    place = Place(address="Prøvegata 1", room_id=room.pk)
    meeting = make.meeting(user(INGRID), person(KARI.number), format=Format.IN_PERSON, place=place)
    address = f"/meetings/{meeting.pk}/move/"
    page = text(client.get(address))
    assert f'value="{room.pk}" selected' in page
    there = {"address": "Prøvegata 1", "room": "Møterom 1", "directions": ""}
    moved = sent(meeting, time="12:00", act="do", room_id=str(room.pk)) | there
    assert client.post(address, moved).status_code == 302
    meeting.refresh_from_db()
    assert meeting.booked_room == room
    assert "allerede flyttet" in text(client.post(address, moved, follow=True))
    again = sent(meeting, time="12:00", act="do", room_id=str(other.pk)) | there
    assert client.post(address, again).status_code == 302
    meeting.refresh_from_db()
    assert meeting.booked_room == other


def test_a_format_changed_to_in_person_may_book_a_room(client: Client, meeting: Meeting) -> None:
    room = make.room()
    form = {"format": "IN_PERSON", "address": "Prøvegata 1", "room_id": str(room.pk), "version": "1", "act": "do"} | WHY
    answer = client.post(f"/meetings/{meeting.pk}/format/", form)
    assert answer.status_code == 302, text(answer)
    meeting.refresh_from_db()
    assert meeting.booked_room == room
