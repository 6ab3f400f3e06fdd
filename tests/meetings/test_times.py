"""What was meant is stored with the instant; an hour that is not there, or comes twice, is asked about."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from meetings import changes
from meetings.models import Revision
from meetings.times import slot
from navmeet.exceptions import Invalid
from tests import make
from tests.meetings.test_changes import arguments

FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)


def at(day: date, clock: time = time(2, 30), fold: int | None = None, minutes: int = 45) -> Any:
    return slot(day=day, clock=clock, minutes=minutes, fold=fold, at=make.NOW)


@pytest.mark.parametrize("fold", [None, 0, 1])
def test_an_hour_that_is_not_there_is_refused_with_both_meanings_whatever_the_fold(fold: int | None) -> None:
    with pytest.raises(Invalid, match=r"søndag 28\. mars 2027") as refused:
        at(FORWARD, fold=fold)
    assert (refused.value.code, refused.value.field) == ("time_does_not_exist", "time")
    assert "kl. 01.30 eller kl. 03.30" in refused.value.message
    assert refused.value.extra["meanings"] == ["2027-03-28T01:30:00+01:00", "2027-03-28T03:30:00+02:00"]


def test_an_hour_that_comes_twice_is_refused_with_both_meanings() -> None:
    with pytest.raises(Invalid, match=r"søndag 31\. oktober 2027") as refused:
        at(BACK)
    assert (refused.value.code, refused.value.field) == ("time_exists_twice", "time")
    assert refused.value.extra["meanings"] == ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"]


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_an_hour_that_comes_twice_is_taken_with_the_fold_named(fold: int, hour: int) -> None:
    taken = at(BACK, fold=fold)
    assert taken.starts_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
    assert taken.ends_at - taken.starts_at == timedelta(minutes=45)
    assert (taken.meant, taken.fold, taken.zone) == ("2027-10-31T02:30", fold, "Europe/Oslo")


@pytest.mark.parametrize(
    ("day", "clock", "wrong"),
    [
        (FORWARD, time(1, 59), None),
        (FORWARD, time(2, 0), "time_does_not_exist"),
        (FORWARD, time(2, 59), "time_does_not_exist"),
        (FORWARD, time(3, 0), None),
        (BACK, time(1, 59), None),
        (BACK, time(2, 0), "time_exists_twice"),
        (BACK, time(2, 59), "time_exists_twice"),
        (BACK, time(3, 0), None),
    ],
)
def test_the_edges_of_both_nights_are_where_the_clock_says(day: date, clock: time, wrong: str | None) -> None:
    if wrong is None:
        assert at(day, clock).fold == 0
        return
    with pytest.raises(Invalid) as refused:
        at(day, clock)
    assert refused.value.code == wrong


def test_a_fold_named_where_there_is_no_choice_is_not_stored() -> None:
    """Kept, it would choose the wrong one should the zone's rules make that hour come twice."""
    assert at(date(2027, 1, 21), time(10), fold=1).fold == 0


def test_a_meeting_over_the_change_lasts_as_long_as_was_said() -> None:
    for day in (FORWARD, BACK):
        across = at(day, time(1, 30), minutes=120)
        assert across.ends_at - across.starts_at == timedelta(hours=2)


@pytest.mark.parametrize("minutes", [-1, 0, 14, 451, 5_259_600, 10**12])
def test_a_length_that_is_none_is_refused(minutes: int) -> None:
    with pytest.raises(Invalid, match="minst 15 minutter og høyst 7 timer") as refused:
        at(date(2027, 1, 21), time(10), minutes=minutes)
    assert refused.value.field == "minutes"


@pytest.mark.parametrize(
    ("day", "code"),
    [(date.min, "too_far"), (date(2, 1, 1), "past"), (date(9998, 12, 31), "too_far"), (date.max, "too_far")],
)
def test_the_ends_of_the_calendar_are_refused_at_the_day(day: date, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        at(day, time(0))
    assert (refused.value.code, refused.value.field) == (code, "day")


def test_a_leap_day_is_a_day() -> None:
    leap = slot(day=date(2028, 2, 29), clock=time(10), minutes=45, fold=None, at=make.NOW)
    assert leap.meant == "2028-02-29T10:00"


@pytest.mark.django_db
@pytest.mark.parametrize("fold", [0, 1])
def test_booking_and_moving_keep_which_of_the_two_was_meant(fold: int) -> None:
    booked = make.meeting(day=BACK, clock=time(2, 30), fold=fold)
    moved = changes.move(**arguments(booked, to=at(BACK, fold=1 - fold), place=None))
    kept = Revision.objects.filter(meeting=booked).order_by("number").values_list("meant", "fold", "starts_at")
    assert list(kept) == [
        ("2027-10-31T02:30", which, datetime(2027, 10, 31, which, 30, tzinfo=UTC)) for which in (fold, 1 - fold)
    ]
    assert moved.starts_at.hour == 1 - fold
