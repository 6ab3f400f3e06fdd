"""The page of my hours and absence: what is kept, what is refused where it stands, and the meetings that lie there."""

from typing import Any

import pytest
from django.test import Client

from meetings.models import Absence, ClosingDay, Meeting, WorkingHours
from navmeet.accounts.models import User
from tests import make
from tests.pages.staff.setting import INGRID

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
        ("24.00-25.00", "Klokka går fra"),
        ("08.00", "Skriv for eksempel"),
        ("15.00-08.00", "slutte etter at den begynner"),
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
    "changes", [{"to_day": "2027-01-20"}, {"to_day": "9999-12-31"}, {"from_day": "0001-01-01"}, {"kind": "SICK"}]
)
def test_absence_that_makes_no_sense_is_refused(client: Client, ingrid: User, changes: dict[str, str]) -> None:
    assert post(client, AWAY | changes).status_code == 400
    assert not Absence.objects.exists()


def test_a_closing_day_leads_to_the_offices_meetings_that_day_and_can_be_taken_back(
    client: Client, ingrid: User
) -> None:
    meeting = make.meeting(make.caseworker())
    answered = post(client, {"act": "close", "date": "21.01.2027"})
    assert f"/meetings/{meeting.pk}/" in client.get(answered["Location"], secure=True).content.decode()
    closing = ClosingDay.objects.get()
    assert post(client, {"act": "open", "what": str(closing.pk)}).status_code == 302
    assert not ClosingDay.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"act": "nothing"}, {"act": "date", "date": "x"}, {"act": "close"}])
def test_what_the_page_never_sends_changes_nothing(client: Client, ingrid: User, sent: dict[str, str]) -> None:
    assert post(client, sent).status_code == 400


@pytest.mark.parametrize("act", ["back", "open", "clear"])
def test_what_is_not_there_cannot_be_taken_back(client: Client, ingrid: User, act: str) -> None:
    assert post(client, {"act": act, "what": "x"}).status_code == 404


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
