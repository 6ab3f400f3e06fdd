"""The page of my hours and absence: what is kept, what is refused where it stands, and the meetings that lie there."""

from datetime import time
from typing import Any

import pytest
from django.test import Client

from meetings.models import Absence, ClosingDay, Meeting, WorkingHours
from navmeet.accounts.models import User
from navmeet.audit.models import AuditEvent
from navmeet.dev.registers import RunningRegisters
from tests import make
from tests.pages.staff.setting import INGRID, KARI, OLA, person

HERE = "/calendar/"
AWAY = {"act": "absence", "from_day": "2027-01-21", "to_day": "2027-01-21", "kind": "LEAVE"}


def week(**days: str) -> dict[str, str]:
    return {"act": "week"} | days


@pytest.fixture
def ingrid(client: Client) -> User:
    return User.objects.get(nav_ident=INGRID.nav_ident)


def post(client: Client, sent: dict[str, Any]) -> Any:
    return client.post(HERE, sent, secure=True)


def test_a_week_is_kept_and_shown_as_it_was_written(client: Client, ingrid: User) -> None:
    assert post(client, week(day_0="08.00–11.00, 12-15.30", day_4="8:00-14")).status_code == 302
    kept = WorkingHours.objects.filter(user=ingrid).order_by("weekday", "opens").values_list("weekday", "closes__hour")
    assert list(kept) == [(0, 11), (0, 15), (4, 14)]
    page = client.get(HERE, secure=True).content.decode()
    assert "08.00–11.00, 12.00–15.30" in page


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("24.00-25.00", "Onsdag: Klokka går fra"),
        ("08.00", "Onsdag: Skriv for eksempel"),
        ("08.00\x00", "Onsdag: Skriv for eksempel"),
        ("٠٨.٠٠–١٥.٠٠", "Onsdag: Skriv for eksempel"),
        ("15.00-08.00", "Onsdag: Arbeidstiden må slutte etter at den begynner"),
        ("08.00-12.00, 11.00-15.00", "overlapper"),
        ("0" * 70, "Skriv for eksempel"),
    ],
)
def test_hours_that_make_no_sense_are_said_at_their_day(client: Client, ingrid: User, written: str, told: str) -> None:
    refused = post(client, week(day_2=written))
    assert refused.status_code == 400
    page = refused.content.decode()
    assert told in page
    assert 'href="#week_day_2"' in page
    assert not WorkingHours.objects.exists()


def test_all_that_is_wrong_with_a_week_is_said_at_once(client: Client, ingrid: User) -> None:
    page = post(client, week(day_0="15-08", day_1="x", day_2="8-9, 8-9", day_3="8-15")).content.decode()
    for name in ("Mandag: Arbeidstiden må", "Tirsdag: Skriv for", "Onsdag: Disse timene overlapper"):
        assert name in page
    assert 'value="8-15"' in page


def test_absence_leads_to_the_meetings_it_lies_over_each_with_what_can_be_done(client: Client, ingrid: User) -> None:
    meeting = make.meeting(ingrid)
    answered = post(client, AWAY)
    absence = Absence.objects.get(user=ingrid)
    assert answered["Location"] == f"/calendar/absences/{absence.pk}/"
    page = client.get(answered["Location"], secure=True).content.decode()
    for where in ("hand-over", "move", "format"):
        assert f"/meetings/{meeting.pk}/{where}/" in page
    assert Meeting.objects.get().status == "SCHEDULED"
    assert post(client, {"act": "back", "what": str(absence.pk)}).status_code == 302
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"to_day": "2027-01-20"},
        {"to_day": "9999-12-31"},
        {"from_day": "0001-01-01"},
        {"kind": "SICK"},
        {"to_time": "24:00"},
        {"from_time": "\x00"},
        # On the wall it ends after it begins; half past two never comes that night.
        {"from_day": "2027-03-28", "from_time": "02:30", "to_day": "2027-03-28", "to_time": "03:10"},
    ],
)
def test_absence_that_makes_no_sense_is_refused(client: Client, ingrid: User, changes: dict[str, str]) -> None:
    assert post(client, AWAY | changes).status_code == 400
    assert not Absence.objects.exists()


def test_a_closing_day_leads_to_the_offices_meetings_that_day_and_can_be_taken_back(
    client: Client, ingrid: User
) -> None:
    meeting = make.meeting(make.caseworker())
    answered = post(client, {"act": "close", "date": "21.01.2027"})
    page = client.get(answered["Location"], secure=True).content.decode()
    assert f"/meetings/{meeting.pk}/move/" in page
    # By phone it would be on a day without meetings all the same.
    assert "Gjør om til telefonmøte" not in page
    closing = ClosingDay.objects.get()
    assert post(client, {"act": "open", "what": str(closing.pk)}).status_code == 302
    assert not ClosingDay.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"act": "nothing"}, {"act": "date", "date": "x"}, {"act": "close"}])
def test_what_the_page_never_sends_changes_nothing(client: Client, ingrid: User, sent: dict[str, str]) -> None:
    assert post(client, sent).status_code == 400


@pytest.mark.parametrize("act", ["back", "open", "clear"])
def test_what_is_not_there_cannot_be_taken_back(client: Client, ingrid: User, act: str) -> None:
    assert post(client, {"act": act, "what": "x"}).status_code == 404


def test_the_same_absence_sent_twice_is_one_and_taken_back_twice_is_gone(client: Client, ingrid: User) -> None:
    first, second = post(client, AWAY), post(client, AWAY)
    absence = Absence.objects.get(user=ingrid)
    assert first["Location"] == second["Location"] == f"/calendar/absences/{absence.pk}/"
    assert AuditEvent.objects.filter(action="absence.added").count() == 1
    for said in ("Endringen er lagret.", "Det er fjernet allerede."):
        assert post(client, {"act": "back", "what": str(absence.pk)}).status_code == 302
        assert said in client.get(HERE, secure=True).content.decode()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Fraværet hele torsdag 21. januar 2027 er lagret."),
        ({"to_day": "2027-01-22"}, "fra og med torsdag 21. januar 2027 til og med fredag 22. januar 2027"),
        ({"from_time": "08.00", "to_time": "10.00"}, "Fraværet torsdag 21. januar 2027 kl. 08.00–10.00 er lagret."),
        ({"from_time": "12.00", "to_day": "2027-01-22"}, "fra torsdag 21. januar 2027 kl. 12.00 til fredag"),
    ],
)
def test_absence_is_said_in_days_where_it_is_of_whole_days(
    client: Client, ingrid: User, changes: dict[str, str], told: str
) -> None:
    page = client.get(post(client, AWAY | changes)["Location"], secure=True).content.decode()
    assert told in page
    assert "Ingen møter å ordne" in page


def test_a_stand_in_is_offered_for_the_meetings_that_the_absent_lead(client: Client, ingrid: User) -> None:
    theirs = make.meeting(ingrid)
    another = make.meeting(make.caseworker("Jonas Leder"), make.citizen(), staff=(ingrid.pk,), clock=time(12))
    page = client.get(post(client, AWAY)["Location"], secure=True).content.decode()
    assert f"/meetings/{theirs.pk}/hand-over/" in page
    assert f"/meetings/{another.pk}/hand-over/" not in page
    assert f"/meetings/{another.pk}/staff/new/" in page
    assert "Jonas Leder leder møtet" in page
    closed = client.get(post(client, {"act": "close", "date": "2027-01-21"})["Location"], secure=True)
    assert "hand-over" not in closed.content.decode()


def test_whom_a_meeting_to_be_seen_to_is_with_is_said_to_who_may_open_them(
    client: Client, ingrid: User, registers: RunningRegisters
) -> None:
    make.meeting(ingrid, person(KARI.number))
    make.meeting(ingrid, person(OLA.number), clock=time(12))
    registers.state.control({"persons": {OLA.number: {"shielded": True}}})
    page = client.get(post(client, AWAY)["Location"], secure=True).content.decode()
    assert f"med {KARI.name}" in page
    assert page.count("innbyggeren er skjermet for deg") == 1
    assert OLA.name not in page


def test_a_date_with_hours_of_its_own_is_shown_and_taken_back(client: Client, ingrid: User) -> None:
    assert post(client, {"act": "date", "date": "22.01.2027", "hours": "10-14"}).status_code == 302
    assert "10.00–14.00" in client.get(HERE, secure=True).content.decode()
    assert post(client, {"act": "clear", "what": "2027-01-22"}).status_code == 302
    assert "10.00–14.00" not in client.get(HERE, secure=True).content.decode()


def test_absence_of_another_office_is_not_there(client: Client, ingrid: User) -> None:
    stranger = make.caseworker(office_number="0398")
    absence = Absence.objects.create(
        user=stranger, starts_at=make.NOW, ends_at=make.later(days=1), kind="AWAY", made_at=make.NOW,
        made_by=stranger.pk,
    )  # fmt: skip
    assert client.get(f"/calendar/absences/{absence.pk}/", secure=True).status_code == 404
