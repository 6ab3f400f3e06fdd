"""Hours, rooms, reminders and free times as callers meet them: what is shown, refused, and not told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from navmeet.dev import personas
from tests import make
from tests.api.conftest import World

MONDAY = {"weekday": 0, "opens": "08:00", "closes": "15:30"}
WINDOW = "from=2027-01-21T07:00:00%2B01:00&until=2027-01-22T00:00:00%2B01:00"
ASKED = f"/api/v1/free-times/?minutes=45&format=VIDEO&type=FOLLOW_UP&n=3&{WINDOW}"


def test_my_week_is_shown_as_it_was_set_and_is_mine_alone(world: World) -> None:
    week = [MONDAY, {"weekday": 1, "opens": "09:00", "closes": "12:00"}]
    put = world.call("host", "PUT", "/api/v1/hours/", {"week": week})
    assert put.json() == {"week": week, "dates": []}
    dated = world.call("host", "POST", "/api/v1/hours/dates/", {"date": "2027-01-22"}).json()
    assert dated["dates"] == [{"date": "2027-01-22", "opens": None, "closes": None}]
    assert world.call("colleague", "GET", "/api/v1/hours/").json() == {"week": [], "dates": []}
    cleared = world.call("host", "POST", "/api/v1/hours/dates/clear/", {"date": "2027-01-22"})
    assert cleared.json()["dates"] == []


@pytest.mark.parametrize(
    ("week", "field"),
    [
        ([MONDAY, MONDAY], "week.1.opens"),
        ([{**MONDAY, "closes": "07:00"}], "week.0.closes"),
        ([{**MONDAY, "closes": "24:00"}], "week.0.closes"),
        ([{**MONDAY, "weekday": 7}], "week.0.weekday"),
        ([{"weekday": 0}], "week.0.opens"),
        ([MONDAY] * 29, "week"),
        ("mandag", "week"),
    ],
)
def test_hours_that_make_no_sense_are_refused_where_they_stand(world: World, week: Any, field: str) -> None:
    refused = world.call("host", "PUT", "/api/v1/hours/", {"week": week})
    assert (refused.status_code, refused.json()["field"]) == (400, field)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("hours/dates/", {"date": "2027-01-22", "opens": "09:00"}, "closes"),
        ("hours/dates/", {"date": "2027-02-29"}, "date"),
        ("hours/dates/", {"date": "0001-01-01"}, "date"),
        ("office/closing-days/", {"date": "9999-12-31"}, "date"),
        ("absences/", {"starts_at": "2027-01-22T08:00:00+25:00", "ends_at": "x", "kind": "SICK"}, "starts_at"),
        (
            "absences/",
            {"starts_at": "2027-01-22T08:00:00Z", "ends_at": "2027-01-21T08:00:00Z", "kind": "AWAY"},
            "ends_at",
        ),
        (
            "absences/",
            {"starts_at": "0001-01-01T00:00:00Z", "ends_at": "9999-12-31T23:59:59Z", "kind": "AWAY"},
            "ends_at",
        ),
        ("rooms/", {"name": "Vidda", "capacity": 1}, "capacity"),
    ],
)
def test_bad_days_and_rooms_are_refused_where_they_stand(
    world: World, path: str, body: dict[str, Any], field: str
) -> None:
    refused = world.call("host", "POST", f"/api/v1/{path}", body)
    assert (refused.status_code, refused.json()["field"]) == (400, field), refused.content


def test_absence_is_answered_with_the_meetings_it_lies_over_and_where_each_is_changed(world: World) -> None:
    body = {"starts_at": "2027-01-21T07:00:00+01:00", "ends_at": "2027-01-21T16:00:00+01:00", "kind": "LEAVE"}
    added = world.call("host", "POST", "/api/v1/absences/", body).json()
    (one,) = added["overlaid"]["meetings"]
    assert (one["id"], added["overlaid"]["others"]) == (str(world.meeting.pk), 0)
    assert one["links"]["hand_over"] == f"/api/v1/meetings/{world.meeting.pk}/hand-over/"
    again = world.call("colleague", "GET", f"/api/v1/absences/{added['id']}/meetings/").json()
    assert again == added["overlaid"]
    (listed,) = world.call("colleague", "GET", "/api/v1/absences/").json()["results"]
    assert listed == {name: added[name] for name in listed}


def test_a_closing_day_is_answered_with_the_offices_meetings_that_day(world: World) -> None:
    closed = world.call("colleague", "POST", "/api/v1/office/closing-days/", {"date": "2027-01-21"}).json()
    assert [one["id"] for one in closed["overlaid"]["meetings"]] == [str(world.meeting.pk)]


def test_a_room_says_what_it_offers(world: World) -> None:
    body = {"name": "Vidda", "capacity": 8, "is_step_free": True, "has_hearing_loop": True}
    added = world.call("host", "POST", "/api/v1/rooms/", body).json()
    assert {name: added[name] for name in body} == body
    twice = world.call("host", "POST", "/api/v1/rooms/", body)
    assert (twice.status_code, twice.json()["field"]) == (409, "name")


def test_free_times_are_the_first_that_suit_all_in_order(world: World) -> None:
    person = world.person.pk
    shown = world.call("host", "GET", f"{ASKED}&person_id={person}").json()
    assert [one["meant"] for one in shown["free_times"]] == ["2027-01-21T08:00", "2027-01-21T08:15", "2027-01-21T08:30"]
    assert shown["against"] is None


def test_why_a_wished_time_does_not_suit_is_told_without_whose_it_is(world: World) -> None:
    wished = f"{ASKED}&person_id={world.person.pk}&wished=2027-01-21T10:00:00%2B01:00"
    for who in ("host", "stranger"):
        staff = "" if who == "host" else f"&staff={world.actors['stranger'].id}"
        against = world.call(who, "GET", wished + staff).json()["against"]
        assert against == [{"code": "OCCUPIED", "message": "Tidspunktet er opptatt.", "can_be_overruled": False}], who


def test_the_times_of_a_citizen_one_may_not_open_are_not_told(world: World) -> None:
    strict = next(one for one in personas.CITIZENS if one.protection == "STRENGT_FORTROLIG")
    person = make.citizen(strict.name, number=strict.number)
    refused = world.call("host", "GET", f"{ASKED}&person_id={person.pk}")
    assert refused.status_code == 403
    assert world.call("host", "GET", f"{ASKED}&person_id={'0' * 32}").status_code == 403


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("minutes=14", "minutes"),
        ("minutes=451", "minutes"),
        ("minutes=-45", "minutes"),
        ("minutes=1e2", "minutes"),
        ("format=FAX", "format"),
        ("type=NONE", "type"),
        ("n=0", "n"),
        ("n=51", "n"),
        ("from=2027-01-21T10:00:00", "from"),
        ("from=2027-01-21T10:00:00%2B25:00", "from"),
        ("from=0001-01-01T00:00:00Z", "from"),
        ("from=9999-12-31T23:59:59Z", "from"),
        ("until=9999-12-31T23:59:59-12:00", "until"),
        ("until=2027-05-01T00:00:00Z", "until"),
        ("until=2027-01-01T00:00:00Z", "until"),
        ("wished=1500-01-01T00:00:00Z", "wished"),
        ("wished=x", "wished"),
        ("staff=x", "staff"),
        ("staff=01890000-0000-7000-8000-00000000dead", "staff"),
        ("person_id=x", "person_id"),
        ("room_id=01890000-0000-7000-8000-00000000dead", "room_id"),
        ("whose=x", "whose"),
    ],
)
def test_free_times_asked_for_badly_are_refused_by_name(world: World, asked: str, field: str) -> None:
    name = asked.partition("=")[0]
    rest = "&".join(one for one in ASKED.partition("?")[2].split("&") if not one.startswith(f"{name}="))
    refused = world.call("host", "GET", f"/api/v1/free-times/?{rest}&{asked}")
    assert (refused.status_code, refused.json()["field"]) == (400, field), refused.content


def test_free_times_ask_as_little_of_the_database_for_a_quarter_as_for_a_day(world: World) -> None:
    counted = []
    for days in (1, 92):
        until = (make.NOW + timedelta(days=10 + days)).isoformat().replace("+", "%2B")
        path = f"/api/v1/free-times/?minutes=45&format=VIDEO&type=FOLLOW_UP&from=2027-01-21T09:00:00Z&until={until}"
        with CaptureQueriesContext(connection) as asked:
            assert world.call("host", "GET", path).status_code == 200
        counted.append(len(asked))
    assert counted[1] <= counted[0]


def test_a_meeting_to_be_moved_must_be_one_that_one_may_know_of(world: World) -> None:
    assert world.call("stranger", "GET", f"{ASKED}&meeting_id={world.meeting.pk}").status_code == 404
    near = world.call("host", "GET", f"{ASKED}&meeting_id={world.meeting.pk}&wished=2027-01-21T10:15:00%2B01:00").json()
    assert near["against"] == []


def test_my_offices_reminders_are_shown_as_decided_beside_the_default(world: World) -> None:
    default = {
        "VIDEO": ["7_DAYS", "1_DAY", "1_HOUR"],
        "PHONE": ["7_DAYS", "1_DAY", "1_HOUR"],
        "IN_PERSON": ["7_DAYS", "1_DAY"],
    }
    there = {"plan": default, "decided": [], "default": default}
    shown = world.call("host", "GET", "/api/v1/office/reminders/")
    assert shown.json() == there
    seen = {"If-Match": shown["ETag"]}
    wanted = {"plan": {"VIDEO": ["1_HOUR", "1_DAY"], "PHONE": []}}
    put = world.call("host", "PUT", "/api/v1/office/reminders/", wanted, **seen)
    decided = {
        "plan": default | {"VIDEO": ["1_DAY", "1_HOUR"], "PHONE": []},
        "decided": ["PHONE", "VIDEO"],
        "default": default,
    }
    assert (put.status_code, put.json()) == (200, decided)
    assert world.call("colleague", "GET", "/api/v1/office/reminders/").json() == decided
    assert world.call("stranger", "GET", "/api/v1/office/reminders/").json() == there


def test_reminders_are_decided_on_what_holds_and_on_nothing_older(world: World) -> None:
    address = "/api/v1/office/reminders/"
    first = world.call("host", "GET", address)["ETag"]
    mine: dict[str, Any] = {"plan": {"VIDEO": ["1_DAY"]}}
    theirs: dict[str, Any] = {"plan": {"PHONE": []}}
    decided = world.call("colleague", "PUT", address, theirs, **{"If-Match": first})
    assert (decided.status_code, decided["ETag"] != first) == (200, True)
    stale = world.call("host", "PUT", address, mine, **{"If-Match": first})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert world.call("host", "GET", address).json()["decided"] == ["PHONE"]
    # What is wanted and holds already is no conflict.
    assert world.call("host", "PUT", address, theirs, **{"If-Match": first}).status_code == 200
    missing = world.call("host", "PUT", address, mine)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    for odd in ("*", 'W/"0123456789abcdef"', "", first.strip('"')):
        assert world.call("host", "PUT", address, mine, **{"If-Match": odd}).status_code == 400
    newest = world.call("host", "GET", address)["ETag"]
    assert world.call("host", "PUT", address, mine, **{"If-Match": newest}).status_code == 200


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"VIDEO": ["2_DAYS"]}, "plan.VIDEO.0"),
        ({"VIDEO": ["ONCE"]}, "plan.VIDEO.0"),
        ({"VIDEO": ["1_DAY", "1_DAY"]}, "plan.VIDEO"),
        ({"FAX": []}, "plan.FAX"),
        ("VIDEO", "plan"),
    ],
)
def test_reminders_that_are_none_are_refused_where_they_stand(world: World, plan: Any, field: str) -> None:
    seen = {"If-Match": world.call("host", "GET", "/api/v1/office/reminders/")["ETag"]}
    refused = world.call("host", "PUT", "/api/v1/office/reminders/", {"plan": plan}, **seen)
    assert (refused.status_code, refused.json()["field"]) == (400, field)
