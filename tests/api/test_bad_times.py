"""Bad times, by every operation that takes a wall time: a clear message at the field, nothing kept, never a 500."""

from datetime import UTC, datetime
from typing import Any

import pytest

from meetings.models import Meeting, Revision
from tests.api.conftest import World
from tests.api.test_who_may import FIRST, KEY, MOVED, ROWS

LENGTH = "Møtet må vare minst 15 minutter og høyst 7 timer og 30 minutter."
FORWARD, BACK = {"day": "2027-03-28", "time": "02:30"}, {"day": "2027-10-31", "time": "02:30"}

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"minutes": 0}, "minutes", LENGTH),
    ({"minutes": -45}, "minutes", LENGTH),
    ({"minutes": 14}, "minutes", LENGTH),
    ({"minutes": 451}, "minutes", LENGTH),
    ({"minutes": 60 * 24 * 365}, "minutes", LENGTH),
    ({"minutes": 60 * 24 * 3653}, "minutes", LENGTH),
    ({"minutes": 10**400}, "minutes", LENGTH),
    ({"minutes": "45"}, "minutes", "Skriv et helt tall."),
    ({"minutes": 45.5}, "minutes", "Skriv et helt tall."),
    ({"minutes": None}, "minutes", "Dette feltet kan ikke være tomt."),
    ({"time": "24:00"}, "time", "Skriv klokkeslettet som TT:MM."),
    ({"time": "25:00"}, "time", "Skriv klokkeslettet som TT:MM."),
    ({"time": "10:60"}, "time", "Skriv klokkeslettet som TT:MM."),
    ({"time": "10:00+25:00"}, "time", "Skriv klokkeslettet som TT:MM."),
    ({"time": "10:00Z"}, "time", "Skriv klokkeslettet som TT:MM."),
    ({"day": "2027-02-29"}, "day", "Skriv datoen som ÅÅÅÅ-MM-DD."),
    ({"day": "2027-01-25T10:00:00+25:00"}, "day", "Skriv datoen som ÅÅÅÅ-MM-DD."),
    ({"day": "2027-13-01"}, "day", "Skriv datoen som ÅÅÅÅ-MM-DD."),
    ({"day": "0000-01-01"}, "day", "Skriv datoen som ÅÅÅÅ-MM-DD."),
    ({"day": "10000-01-01"}, "day", "Skriv datoen som ÅÅÅÅ-MM-DD."),
    ({"day": "0001-01-01"}, "day", "Velg en dato innen de neste to årene."),
    ({"day": "9999-12-31", "time": "23:59"}, "day", "Velg en dato innen de neste to årene."),
    ({"day": "2027-01-10"}, "day", "Tidspunktet er passert."),
    ({"day": "2031-01-10"}, "day", "høyst to år fram i tid"),
    (FORWARD, "time", "finnes ikke denne dagen, søndag 28. mars 2027"),
    (FORWARD | {"fold": 0}, "time", "kl. 01.30 eller kl. 03.30"),
    (FORWARD | {"fold": 1}, "time", "kl. 01.30 eller kl. 03.30"),
    (BACK, "time", "kommer to ganger denne dagen, søndag 31. oktober 2027"),
    (BACK | {"fold": 2}, "fold", "Tallet kan være høyst 1."),
    (BACK | {"fold": -1}, "fold", "Tallet må være minst 0."),
    (BACK | {"fold": True}, "fold", "Skriv et helt tall."),
]


def books(world: World, when: dict[str, Any]) -> Any:
    return world.call("host", "POST", "/api/v1/meetings/", _booking(world) | when, **KEY)


def moves(world: World, when: dict[str, Any]) -> Any:
    return world.call("host", "POST", f"/api/v1/meetings/{world.meeting.pk}/move/", MOVED | when, **FIRST)


def rehearses(world: World, when: dict[str, Any]) -> Any:
    path = f"/api/v1/meetings/{world.meeting.pk}/rehearsal/"
    return world.call("host", "POST", path, {"move": MOVED | when}, **FIRST)


def _booking(world: World) -> dict[str, Any]:
    row = next(row for row in ROWS if (row.name, row.method) == ("api-meetings", "POST"))
    body: dict[str, Any] = row.body(world)
    return body


@pytest.mark.parametrize("operation", [books, moves, rehearses])
@pytest.mark.parametrize(("when", "field", "sentence"), BAD)
def test_a_bad_time_is_said_at_its_field(
    world: World, operation: Any, when: dict[str, Any], field: str, sentence: str
) -> None:
    answer = operation(world, when)
    assert answer.status_code == 400, answer.content
    problem = answer.json()
    told = [(one["field"].removeprefix("move."), one["detail"]) for one in problem.get("errors") or [problem]]
    assert [(at, sentence in detail) for at, detail in told] == [(field, True)]
    assert (Meeting.objects.count(), Revision.objects.count()) == (1, 1)


@pytest.mark.parametrize("operation", [books, moves, rehearses])
def test_both_meanings_are_given_to_a_machine_too(world: World, operation: Any) -> None:
    gap, twice = operation(world, FORWARD).json(), operation(world, BACK).json()
    assert (gap["code"], twice["code"]) == ("time_does_not_exist", "time_exists_twice")
    assert gap["extra"]["meanings"] == ["2027-03-28T01:30:00+01:00", "2027-03-28T03:30:00+02:00"]
    assert twice["extra"]["meanings"] == ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"]


@pytest.mark.parametrize("operation", [books, moves])
@pytest.mark.parametrize("fold", [0, 1])
def test_with_the_fold_named_the_hour_that_comes_twice_is_taken(world: World, operation: Any, fold: int) -> None:
    answer = operation(world, BACK | {"fold": fold})
    assert answer.status_code in {200, 201}, answer.content
    whole = answer.json()
    assert datetime.fromisoformat(whole["starts_at"]) == datetime(2027, 10, 31, fold, 30, tzinfo=UTC)
    assert (whole["meant"], whole["zone"]) == ("2027-10-31T02:30", "Europe/Oslo")


def test_a_rehearsal_takes_the_fold_named(world: World) -> None:
    assert rehearses(world, BACK | {"fold": 1}).status_code == 200


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "given",
    [
        *("2027-01-21T10:00:00%2B25:00", "2027-01-21T10:00:00", "2027-01-21T24:00:00%2B01:00"),
        *("2027-02-29T10:00:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2027-01-21"),
    ],
)
def test_a_bad_instant_in_a_list_is_said_at_its_field(world: World, name: str, given: str) -> None:
    answer = world.call("host", "GET", f"/api/v1/meetings/?{name}={given}")
    assert (answer.status_code, answer.json()["field"]) == (400, name)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "given",
    [
        *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00%2B14:00", "0001-01-01T00:00:00-14:00"),
        *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59%2B14:00"),
    ],
)
def test_the_ends_of_the_calendar_in_a_list_are_answered(world: World, name: str, given: str) -> None:
    assert world.call("host", "GET", f"/api/v1/meetings/?{name}={given}").status_code in {200, 400}
