"""The week and the day as a table: meetings in their hours, what is shaded and said, and how many questions it asks."""

import re
from datetime import date, datetime, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings.models import Absence, ClosingDay, WorkingHours
from tests import make
from tests.pages.staff.setting import BJORN, INGRID, JONAS, KARI, OLA, PER, Clock, person, user
from tests.pages.staff.test_week import html

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY, TUESDAY, SATURDAY = date(2027, 1, 11), date(2027, 1, 12), date(2027, 1, 16)


def table(page: str) -> list[list[str]]:
    """The grid as words: its heading row, and a row for each hour."""
    inside = page[page.index('<table class="nm-grid">') : page.index("</table>")]
    rows = re.findall(r"<tr>(.*?)</tr>", inside, re.DOTALL)
    cells = [re.findall(r"<(?:td|th)[^>]*>(.*?)</(?:td|th)>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def at(page: str, on: int, hour: str) -> str:
    return next(row for row in table(page) if row[0] == hour)[on]


def test_a_meeting_stands_in_its_day_and_hour_with_all_that_the_list_says(client: Client) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=TUESDAY, clock=time(13, 30))
    page = html(client)
    assert table(page)[0][1:] == [
        *("Mandag 11. januar I dag", "Tirsdag 12. januar", "Onsdag 13. januar", "Torsdag 14. januar"),
        "Fredag 15. januar",
    ]
    assert at(page, 2, "13.00") == "13.30–14.15 Kari Testdal Oppfølgingssamtale · Videomøte Ikke svart"
    assert [row[2] for row in table(page)[1:] if row[0] != "13.00"] == [""] * 8


def test_it_is_a_table_with_a_caption_and_headings_both_ways(client: Client) -> None:
    page = html(client)
    assert "Møter i uke 2, time for time</caption>" in page
    assert page.count('scope="col"') == 5
    assert page.count('scope="row"') == 9
    assert "style=" not in page


def test_a_weekend_and_an_early_hour_stand_there_only_with_a_meeting(client: Client) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=SATURDAY, clock=time(6, 45))
    page = html(client)
    assert len(table(page)[0]) == 7
    assert table(page)[1][0] == "06.00"
    assert "06.45–07.30" in at(page, 6, "06.00")


def test_what_is_outside_working_hours_is_shaded_and_said(client: Client) -> None:
    for weekday in range(5):
        WorkingHours.objects.create(user=user(INGRID), weekday=weekday, opens=time(9), closes=time(15))
    page = html(client)
    assert at(page, 1, "08.00") == "Utenfor arbeidstiden"
    assert at(page, 1, "09.00") == ""
    assert at(page, 1, "15.00") == "Utenfor arbeidstiden"
    assert page.count("nm-grid__cell--closed") == 5 * 3


def test_absence_is_shaded_and_said_with_its_hours_but_not_why(client: Client) -> None:
    ingrid = user(INGRID)
    begins, ends = (
        datetime(2027, 1, 12, 12, 30, tzinfo=make.NOW.tzinfo),
        datetime(2027, 1, 13, 23, tzinfo=make.NOW.tzinfo),
    )
    Absence.objects.create(
        user=ingrid, starts_at=begins, ends_at=ends, kind=Absence.Kind.LEAVE, made_at=make.NOW, made_by=ingrid.pk
    )
    page = html(client)
    assert at(page, 2, "12.00") == ""
    assert at(page, 2, "13.00") == "Borte 13.30–00.00"
    assert at(page, 3, "08.00") == "Borte hele dagen"
    assert '<p class="nm-day__note">Borte 13.30–00.00</p>' in page
    assert '<p class="nm-day__note">Borte hele dagen</p>' in page
    assert "LEAVE" not in page
    assert "Borte" not in html(client, "/?who=office")


def test_a_day_on_which_the_office_is_closed_says_so(client: Client) -> None:
    ClosingDay.objects.create(office_id=make.OFFICE, date=TUESDAY)
    page = html(client)
    assert "Kontoret holder ikke møter" in table(page)[0][2]
    assert '<p class="nm-day__note">Kontoret holder ikke møter</p>' in page
    assert "Helligdag" in html(client, "/?week=2027-W12")


def test_a_meeting_in_which_i_take_part_stands_in_my_week_with_who_leads_it(client: Client) -> None:
    make.meeting(user(JONAS), person(KARI.number), day=TUESDAY, staff=(user(INGRID).pk,))
    page = html(client)
    assert f"Kari Testdal Oppfølgingssamtale · Videomøte · {JONAS.name}" in at(page, 2, "10.00")


def test_a_day_has_its_own_page(client: Client) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=TUESDAY)
    page = html(client, "/day/2027-01-12/")
    assert "<h1>Tirsdag 12. januar 2027</h1>" in page
    assert "Kari Testdal" in at(page, 1, "10.00")
    assert 'href="/day/2027-01-11/"' in page
    assert 'href="/day/2027-01-13/"' in page
    assert 'href="/?week=2027-W02"' in page
    assert "Du har ingen møter denne dagen." in html(client, "/day/2027-01-13/")
    assert "Kontoret har ingen møter du kan se denne dagen." in html(client, "/day/2027-01-13/?who=office")


def test_a_colleagues_day_is_seen_with_the_offices(client: Client) -> None:
    make.meeting(user(JONAS), person(KARI.number), day=TUESDAY)
    assert "Kari Testdal" not in html(client, "/day/2027-01-12/")
    page = html(client, "/day/2027-01-12/?who=office")
    assert JONAS.name in at(page, 1, "10.00")
    assert 'href="/day/2027-01-13/?who=office"' in page


@pytest.mark.parametrize("asked", ["x", "2027-02-30", "0001-01-01", "9999-12-31", "2027-W02-1", "20270112x"])
def test_a_day_that_is_none_gives_today_and_says_so(client: Client, asked: str) -> None:
    page = html(client, f"/day/{asked}/")
    assert ("Vi kjenner ikke dagen" in page) == (asked != "2027-W02-1")
    assert "<h1>Mandag 11. januar 2027</h1>" in page


def test_the_night_the_clocks_change_is_a_day_like_others(client: Client, clock: Clock) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=date(2027, 10, 31), clock=time(2, 30), fold=1)
    page = html(client, "/day/2027-10-31/")
    assert "Kari Testdal" in at(page, 1, "02.00")
    assert html(client, "/day/2027-03-28/")


@pytest.mark.parametrize("address", ["/", "/?who=office", "/day/2027-01-12/", "/day/2027-01-12/?who=office"])
def test_at_most_twelve_questions_however_many_meetings(client: Client, address: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            html(client, address)
        return len(queries)

    make.meeting(user(INGRID), person(KARI.number), day=TUESDAY)
    html(client, address)
    before = cost()
    for hour, one in enumerate((OLA, PER, BJORN), start=11):
        make.meeting(user(INGRID), person(one.number), day=TUESDAY, clock=time(hour))
    assert cost() == before <= 12
