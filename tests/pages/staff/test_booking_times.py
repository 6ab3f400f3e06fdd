"""Free times beside the booking form, what speaks against a time, colleagues and rooms; never whose time is taken."""

import re
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings.models import Absence, ClosingDay, Meeting, MeetingType, Revision, Room
from navmeet.dev.registers import RunningRegisters
from tests import make
from tests.pages.staff.setting import AMINA, BJORN, INGRID, JONAS, KARI, OLA, PER, TURID, actor, log_in, person, user
from tests.pages.staff.test_booking import BOOK, error_at, found, look_up, text

pytestmark = pytest.mark.django_db(transaction=True)
PART = {"X-Part": "times"}


def offered(page: str) -> list[str]:
    """What the buttons of free times would fill in, those near a refused time first."""
    return re.findall(r'name="take" value="([^"]+)"', page)


def suits(page: str) -> str:
    """What stands beside the time about it."""
    part = re.search(r'id="suits"[^>]*>.*?(?=<aside|<div class="nm-beside-times__times)', page, re.DOTALL)
    assert part is not None
    return " ".join(re.sub(r"<[^>]+>", " ", f"<p {part[0]}").split())


def test_the_first_free_times_stand_beside_the_empty_form(client: Client) -> None:
    page = text(look_up(client, KARI.number))
    assert offered(page)[:2] == ["2027-01-11T10:00/", "2027-01-11T11:00/"]
    assert "Velg møtetype." in page


@pytest.mark.parametrize("minutes", ["", "0", "-1", "99999999999", "fem"])
def test_without_a_length_that_can_be_nothing_is_offered(client: Client, minutes: str) -> None:
    page = text(client.post(BOOK, found(client) | {"minutes": minutes}, headers=PART))
    assert offered(page) == []
    assert "15 minutter" in page


def test_a_type_that_asks_for_notice_is_offered_no_earlier(client: Client) -> None:
    page = text(client.post(BOOK, found(client) | {"type": "DIALOGUE", "day": "", "act": "times"}, headers=PART))
    assert offered(page)[0].startswith("2027-02-01")


def test_a_time_is_taken_in_one_click_and_all_that_was_typed_stays(client: Client) -> None:
    user(JONAS)
    form = found(client) | {"take": "2027-01-14T13:00/", "staff": str(user(JONAS).pk), "theme": "Noe annet"}
    page = text(client.post(BOOK, form))
    assert 'name="day" value="2027-01-14"' in page
    assert 'name="time" value="13:00"' in page
    assert 'value="Noe annet"' in page
    assert re.search(rf'value="{user(JONAS).pk}"[^>]*checked', page)
    assert "er ledig." in suits(page)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("taken", ["", "x", "2027-01-14", "2027-99-99T25:00/", "../../", "2027-01-14T13:00/7"])
def test_a_time_that_no_button_offers_is_no_error(client: Client, taken: str) -> None:
    assert client.post(BOOK, found(client) | {"take": taken}).status_code == 200


@pytest.mark.parametrize("later", ["", "x", "9999-12-31", "0001-01-01", "2027-02-30"])
def test_later_days_may_be_asked_for_in_any_way(client: Client, later: str) -> None:
    assert client.post(BOOK, found(client) | {"later": later}).status_code == 200


def test_later_days_begin_at_the_day_that_was_asked_for(client: Client) -> None:
    page = text(client.post(BOOK, found(client) | {"day": "", "later": "2027-02-03"}, headers=PART))
    assert offered(page)[0].startswith("2027-02-03")


def test_a_taken_time_says_occupied_and_offers_the_three_nearest_but_not_whose_it_is(client: Client) -> None:
    make.meeting(user(JONAS), person(KARI.number), clock=time(10))
    page = text(client.post(BOOK, found(client), headers=PART))
    assert "Tidspunktet er opptatt." in suits(page)
    assert offered(page)[:3] == ["2027-01-21T09:00/", "2027-01-21T09:15/", "2027-01-21T10:45/"]
    assert "overrule" not in page
    for told in (JONAS.name, "Veien videre", "Oppfølgingssamtale"):
        assert told not in page


def test_a_refused_booking_comes_back_with_the_nearest_times(client: Client) -> None:
    make.meeting(user(INGRID), person(OLA.number), clock=time(10))
    answer = client.post(BOOK, found(client))
    assert answer.status_code == 409
    page = text(answer)
    assert error_at(page, "time")
    assert len(offered(page)) > 3
    again = client.post(BOOK, found(client) | {"take": offered(page)[0]})
    assert "er ledig." in suits(text(again))


def test_a_rehearsal_names_the_clash_and_what_speaks_against_at_once(client: Client) -> None:
    make.meeting(user(INGRID), person(OLA.number), clock=time(10))
    ClosingDay.objects.create(office_id=make.OFFICE, date=date(2027, 1, 21))
    answer = client.post(BOOK, found(client) | {"act": "rehearse"})
    assert answer.status_code == 409
    (wrong,) = re.findall(r'id="id_time_error".*?</div>', text(answer), re.DOTALL)
    assert "Du er opptatt på dette tidspunktet." in wrong
    assert "Enheten holder ikke møter denne dagen." in wrong


def test_what_speaks_against_is_said_and_overruled_with_a_reason_that_stays(client: Client) -> None:
    ClosingDay.objects.create(office_id=make.OFFICE, date=date(2027, 1, 21))
    page = text(client.post(BOOK, found(client), headers=PART))
    assert "Enheten holder ikke møter denne dagen." in suits(page)
    assert 'name="overrule" value="CLOSED"' in page
    assert "Hvorfor gjør du det likevel?" in page
    form = found(client)
    refused = client.post(BOOK, form | {"overrule": "CLOSED", "overrule_why": ""})
    assert refused.status_code == 409
    assert client.post(BOOK, form | {"overrule": "CLOSED", "overrule_why": "URGENT"}).status_code == 302
    revision = Revision.objects.get()
    assert (revision.overruled, revision.overruled_why) == (["CLOSED"], "URGENT")


def test_a_reason_overrules_only_what_was_shown(client: Client) -> None:
    ClosingDay.objects.create(office_id=make.OFFICE, date=date(2027, 1, 21))
    form = found(client) | {"overrule": "NOTICE", "overrule_why": "URGENT"}
    refused = client.post(BOOK, form)
    assert refused.status_code == 409
    assert 'name="overrule" value="CLOSED NOTICE"' in text(refused)


def test_nothing_is_asked_where_nothing_speaks_against(client: Client) -> None:
    page = text(client.post(BOOK, found(client), headers=PART))
    assert "Torsdag 21. januar 2027 kl. 10.00–10.45 er ledig." in suits(page)
    assert "overrule" not in page


def test_that_a_colleague_is_away_is_said_without_saying_who_or_why(client: Client) -> None:
    jonas = user(JONAS)
    starts, ends = make.NOW.replace(day=21, hour=6), make.NOW.replace(day=21, hour=20)
    Absence.objects.create(
        user=jonas, starts_at=starts, ends_at=ends, kind=Absence.Kind.LEAVE, made_at=make.NOW, made_by=jonas.pk
    )
    page = text(client.post(BOOK, found(client) | {"staff": str(jonas.pk)}, headers=PART))
    assert "En av dere fra Nav er borte" in suits(page)
    assert JONAS.name not in suits(page)


def test_a_colleague_and_a_room_are_booked_with_the_meeting(client: Client) -> None:
    jonas, room = user(JONAS), make.room(is_step_free=True)
    form = found(client) | {
        "format": "IN_PERSON",
        "address": "Prøvegata 1",
        "room": "Noe jeg skrev før",
        "room_id": str(room.pk),
        "staff": str(jonas.pk),
    }
    assert "Møterom 1, plass til 6, trinnfritt" in text(client.post(BOOK, form | {"act": "times"}))
    assert client.post(BOOK, form).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.booked_room == room
    assert Revision.objects.get().room == "Møterom 1"
    assert set(meeting.participants.values_list("role", flat=True)) == {"HOST", "STAFF", "CITIZEN"}


def test_a_room_that_is_too_small_is_said_and_kept_beside_what_was_overruled_before(client: Client) -> None:
    ClosingDay.objects.create(office_id=make.OFFICE, date=date(2027, 1, 21))
    room = make.room(capacity=2)
    in_person = {"format": "IN_PERSON", "address": "Prøvegata 1", "room_id": str(room.pk), "staff": str(user(JONAS).pk)}
    form = found(client) | in_person | {"overrule": "CLOSED", "overrule_why": "URGENT"}
    refused = client.post(BOOK, form)
    assert refused.status_code == 409
    assert "Rommet har plass til 2" in suits(text(refused))
    shown = re.search(r'name="overrule" value="([^"]+)"', text(refused))
    assert shown is not None
    assert set(shown[1].split()) == {"CLOSED", "ROOM_TOO_SMALL"}
    assert client.post(BOOK, form | {"overrule": shown[1]}).status_code == 302


def test_a_colleague_who_may_not_open_the_citizen_is_refused_at_the_field(client: Client) -> None:
    amina = log_in(actor(AMINA), AMINA.name)
    form = found(amina, TURID.number) | {"staff": str(user(JONAS).pk)}
    answer = amina.post(BOOK, form)
    assert answer.status_code == 409
    assert "har ikke tilgang til denne innbyggeren" in error_at(text(answer), "staff")
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("field", ["staff", "room_id"])
def test_somebody_elses_colleague_or_room_is_no_choice(client: Client, field: str) -> None:
    make.room(), user(JONAS)
    elsewhere = make.caseworker(office_number="0298")
    other: Any = elsewhere.pk if field == "staff" else make.room("Annet", office_number="0298").pk
    form = found(client) | {"format": "IN_PERSON", "address": "Prøvegata 1", field: str(other)}
    answer = client.post(BOOK, form)
    assert answer.status_code == 400
    assert "Velg" in error_at(text(answer), field)
    assert client.post(BOOK, form, headers=PART).status_code == 200


def test_free_times_are_told_only_to_whoever_may_open_the_citizen(client: Client, registers: RunningRegisters) -> None:
    form = found(client)
    registers.state.control({"persons": {KARI.number: {"shielded": True}}})
    assert client.post(BOOK, form, headers=PART).status_code == 403
    assert client.post(BOOK, form | {"citizen": "x"}, headers=PART).status_code == 400


def test_the_part_asks_as_often_however_much_is_taken(client: Client) -> None:
    form = found(client) | {"staff": str(user(JONAS).pk)}

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.post(BOOK, form, headers=PART)
        return len(queries)

    cost()
    make.meeting(user(INGRID), person(OLA.number), clock=time(10))
    before = cost()
    for hour, one in enumerate((PER, BJORN), start=12):
        make.meeting(user(JONAS), person(one.number), clock=time(hour))
    assert cost() == before
    assert Room.objects.count() == 0
    assert MeetingType.objects.exists()
