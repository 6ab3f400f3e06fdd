"""Booking with colleagues and a room, what is overruled, and what a refused time is answered with."""

from datetime import time
from typing import Any

import pytest

from meetings import keeping
from meetings.days import Hours
from meetings.keeping import WeekdayHours, mine
from meetings.models import Participant, Revision
from navmeet.accounts.models import User
from navmeet.dev import personas
from tests import make
from tests.api.conftest import World

KEY = {"Idempotency-Key": "a-key-of-our-own"}
FIRST = {"If-Match": '"1"'}
JONAS = personas.CASEWORKERS[1].nav_ident
MOVED = {"day": "2027-01-25", "time": "12:00", "minutes": 45, "reason": "PRACTICAL"}


def book(world: World, who: str = "host", **changes: Any) -> Any:
    values = {
        "person_id": str(world.person.pk),
        "type": "FOLLOW_UP",
        "format": "VIDEO",
        "day": "2027-01-25",
        "time": "10:00",
        "minutes": 30,
        "theme": "Veien videre",
    }
    return world.call(who, "POST", "/api/v1/meetings/", values | changes, **KEY)


def works_mondays_until_noon(world: World) -> None:
    by = world.actors["host"]
    week = (WeekdayHours(0, Hours(time(8), time(12))),)
    keeping.set_week(owner=mine(by), week=week, by=by, at=make.NOW)


def test_a_meeting_in_a_room_with_a_colleague_shows_both(world: World) -> None:
    room = make.room(is_step_free=True)
    made = book(world, format="IN_PERSON", place={"room_id": str(room.pk)}, staff=[JONAS.lower()])
    assert made.status_code == 201, made.content
    shown = made.json()
    assert shown["booked_room"] == {
        "id": str(room.pk),
        "name": "Møterom 1",
        "capacity": 6,
        "is_step_free": True,
        "has_hearing_loop": False,
    }
    assert (shown["place"]["room"], shown["place"]["address"]) == ("Møterom 1", room.office.address)
    jonas = User.objects.get(nav_ident=JONAS)
    assert Participant.objects.get(meeting_id=shown["id"], role="STAFF").user_id == jonas.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"staff": ["Z000000"]}, "staff"),
        ({"staff": [personas.CASEWORKERS[0].nav_ident]}, "staff"),
        ({"staff": [JONAS, JONAS]}, "staff"),
        ({"staff": "Z000000"}, "staff"),
        ({"format": "IN_PERSON", "place": {"room_id": "01890000-0000-7000-8000-00000000dead"}}, "place.room_id"),
        ({"overrule": {"codes": [], "why": "URGENT"}}, "overrule.codes"),
        ({"overrule": {"codes": ["OCCUPIED"], "why": "URGENT"}}, "overrule.codes.0"),
        ({"overrule": {"codes": ["ABSENT"], "why": "fordi"}}, "overrule.why"),
    ],
)
def test_what_cannot_be_booked_is_refused_where_it_stands(world: World, changes: dict[str, Any], field: str) -> None:
    refused = book(world, **changes)
    assert (refused.status_code, refused.json()["field"]) == (400, field), refused.content


def test_a_taken_time_is_a_409_with_the_nearest_three_and_nothing_of_the_other_meeting_to_a_stranger(
    world: World,
) -> None:
    refused = book(world, "stranger", day="2027-01-21")
    body = refused.json()
    assert (refused.status_code, body["code"], body["detail"]) == (
        409,
        "occupied",
        "Tidspunktet er opptatt. Velg et annet tidspunkt.",
    )
    assert set(body["extra"]) == {"free_times"}
    assert [one["meant"] for one in body["extra"]["free_times"]] == [
        "2027-01-21T09:15",
        "2027-01-21T09:30",
        "2027-01-21T10:45",
    ]
    assert str(world.meeting.pk) not in refused.content.decode()
    assert "meeting" in book(world, "colleague", day="2027-01-21").json()["extra"]


def test_what_speaks_against_a_time_is_named_and_taken_all_the_same_with_a_reason(world: World) -> None:
    works_mondays_until_noon(world)
    refused = book(world, time="13:00").json()
    assert refused["extra"]["can_be_overruled"] == ["OUTSIDE_HOURS"]
    assert refused["extra"]["free_times"][-1]["meant"] == "2027-01-25T11:30"
    taken = book(world, time="13:00", overrule={"codes": ["OUTSIDE_HOURS"], "why": "URGENT"})
    assert taken.status_code == 201
    kept = Revision.objects.get(meeting_id=taken.json()["id"])
    assert (kept.overruled, kept.overruled_why) == (["OUTSIDE_HOURS"], "URGENT")


def test_a_rehearsed_booking_at_a_taken_time_says_as_little(world: World) -> None:
    values = {
        "person_id": str(world.person.pk), "type": "FOLLOW_UP", "format": "VIDEO",
        "day": "2027-01-21", "time": "10:00", "minutes": 30, "theme": "Veien videre",
    }  # fmt: skip
    body = world.call("stranger", "POST", "/api/v1/meetings/rehearsal/", values).json()
    assert (body["code"], set(body["extra"])) == ("occupied", {"free_times"})


def test_a_move_to_a_taken_time_is_answered_with_free_ones_and_its_own_time_is_among_them(world: World) -> None:
    make.meeting(User.objects.get(pk=world.actors["host"].known_id), clock=time(11))
    near = {**MOVED, "day": "2027-01-21", "time": "10:30"}
    for path, body in [("move", near), ("rehearsal", {"move": near})]:
        refused = world.call("host", "POST", f"/api/v1/meetings/{world.meeting.pk}/{path}/", body, **FIRST).json()
        assert refused["code"] == "occupied"
        meant = [one["meant"] for one in refused["extra"]["free_times"]]
        assert meant == ["2027-01-21T09:45", "2027-01-21T10:00", "2027-01-21T10:15"]


def test_a_move_outside_hours_is_overruled_through_the_api_too(world: World) -> None:
    works_mondays_until_noon(world)
    path = f"/api/v1/meetings/{world.meeting.pk}/move/"
    assert world.call("host", "POST", path, MOVED, **FIRST).status_code == 409
    overrule = {"overrule": {"codes": ["OUTSIDE_HOURS"], "why": "AGREED_WITH_CITIZEN"}}
    assert world.call("host", "POST", path, MOVED | overrule, **FIRST).status_code == 200


def test_a_refused_rehearsal_names_all_that_stands_in_the_way_field_by_field(world: World) -> None:
    book(world)
    works_mondays_until_noon(world)
    values = {
        "person_id": str(world.person.pk),
        "type": "DIALOGUE",
        "format": "VIDEO",
        "day": "2027-01-25",
        "time": "10:00",
        "minutes": 150,
        "theme": "Veien videre",
    }
    refused = world.call("host", "POST", "/api/v1/meetings/rehearsal/", values)
    assert refused.status_code == 409
    body = refused.json()
    assert (body["code"], body["field"]) == ("occupied", "time")
    assert [(one["code"], one["field"]) for one in body["errors"]] == [("occupied", "time"), ("not_suitable", "time")]
    assert body["extra"]["free_times"]
