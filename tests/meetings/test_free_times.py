"""Free times against a slow, obvious reference; how much is asked of the database; and what nobody learns from them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import holidays
import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings import free_times, starting_types
from meetings.calendars import Calendar, known, lock
from meetings.free_times import Wish
from meetings.models import (
    Absence,
    ClosingDay,
    Format,
    HoursOnDate,
    MeetingType,
    Occupancy,
    Office,
    Resource,
    WorkingHours,
)
from meetings.times import OSLO
from tests import make

pytestmark = pytest.mark.django_db

FIVE = timedelta(minutes=5)
NORWEGIAN = holidays.country_holidays("NO", years=range(2026, 2030))
# Clocks forward (and Easter), clocks back, Christmas, a plain week, the days around 17 May.
FIRST_DAYS = [date(2027, 3, 26), date(2027, 10, 29), date(2027, 12, 23), date(2027, 1, 14), date(2027, 5, 14)]
Hours = tuple[time, time]


@dataclass
class Case:
    """One calendar puzzle; `0` is the host, `1` a colleague."""

    first: date
    length: int
    in_person: bool
    notice: int
    buffer: int
    weekly: list[dict[int, Hours]] = field(default_factory=list)
    office: dict[int, Hours] = field(default_factory=dict)
    on_date: dict[int, Hours | None] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    absences: list[tuple[int, int, int]] = field(default_factory=list)
    taken: list[tuple[str, int, int]] = field(default_factory=list)


CLOCKS = st.integers(0, 12 * 24 - 1).map(lambda five: time(five // 12, five % 12 * 5))
HOURS: st.SearchStrategy[Hours] = st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] < pair[1])
DAYTIME = st.just((time(8), time(15, 30)))
WEEK = st.dictionaries(st.integers(0, 6), st.one_of(DAYTIME, HOURS), max_size=7)
# From the first day's midnight, in steps of five minutes.
STEPS = 12 * 24
CASES = st.builds(
    Case,
    first=st.sampled_from(FIRST_DAYS),
    length=st.integers(1, 30).map(lambda quarters: quarters * 15),
    in_person=st.booleans(),
    notice=st.integers(0, 2),
    buffer=st.sampled_from([0, 0, 10, 25]),
    weekly=st.lists(WEEK, min_size=2, max_size=2),
    office=WEEK,
    on_date=st.dictionaries(st.integers(0, 4), st.one_of(st.none(), HOURS), max_size=2),
    closed=st.sets(st.integers(0, 4), max_size=1),
    absences=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4 * STEPS), st.integers(1, STEPS)), max_size=2),
    taken=st.lists(
        st.tuples(
            st.sampled_from(["HOST", "COLLEAGUE", "CITIZEN", "ROOM"]), st.integers(0, 5 * STEPS), st.integers(3, 90)
        ),
        max_size=8,
    ),
)


class Stage:
    """The rows that all cases share, made once a test."""

    def __init__(self) -> None:
        starting_types.load()
        self.host, self.colleague = make.caseworker(), make.caseworker()
        self.person, self.room = make.citizen(), make.room()
        self.meeting = make.meeting()
        Occupancy.objects.all().delete()
        self.of = {
            "HOST": Calendar(Resource.Kind.STAFF, self.host.pk),
            "COLLEAGUE": Calendar(Resource.Kind.STAFF, self.colleague.pk),
            "CITIZEN": Calendar(Resource.Kind.CITIZEN, self.person.pk),
            "ROOM": Calendar(Resource.Kind.ROOM, self.room.pk),
        }
        lock(self.of.values())
        self.ids = {name: known([calendar])[0].pk for name, calendar in self.of.items()}

    def wish(self, case: Case) -> Wish:
        office = Office.objects.get(pk=make.OFFICE)
        office.least_notice_days = case.notice
        office.buffers = dict.fromkeys(Format.values, case.buffer)
        return Wish(
            staff=(self.host.pk, self.colleague.pk),
            person_id=self.person.pk,
            room_id=self.room.pk,
            length=timedelta(minutes=case.length),
            held=Format.IN_PERSON if case.in_person else Format.VIDEO,
            meeting_type=MeetingType.objects.get(pk="FOLLOW_UP"),
            office=office,
        )

    def store(self, case: Case) -> None:
        for user, week in zip((self.host, self.colleague), case.weekly, strict=True):
            for weekday, (opens, closes) in week.items():
                WorkingHours.objects.create(user=user, weekday=weekday, opens=opens, closes=closes)
        for weekday, (opens, closes) in case.office.items():
            WorkingHours.objects.create(office_id=make.OFFICE, weekday=weekday, opens=opens, closes=closes)
        for day, hours in case.on_date.items():
            opens_, closes_ = hours or (None, None)
            HoursOnDate.objects.create(user=self.host, date=_day(case, day), opens=opens_, closes=closes_)
        for day in case.closed:
            ClosingDay.objects.create(office_id=make.OFFICE, date=_day(case, day))
        for who, start, length in case.absences:
            Absence.objects.create(
                user=(self.host, self.colleague)[who],
                starts_at=_at(case, start),
                ends_at=_at(case, start + length),
                kind="AWAY",
                made_at=make.NOW,
                made_by=self.host.pk,
            )
        for name, spans in _apart(case).items():
            for span in spans:
                Occupancy.objects.create(
                    resource_id=self.ids[name], meeting=self.meeting, during=DateTimeTZRange(*span)
                )


def _day(case: Case, number: int) -> date:
    return case.first + timedelta(days=number)


def _at(case: Case, step: int) -> datetime:
    return datetime.combine(case.first, time(0), OSLO).astimezone(UTC) + step * FIVE


def _apart(case: Case) -> dict[str, list[tuple[datetime, datetime]]]:
    """What is taken, without what the database would refuse."""
    kept: dict[str, list[tuple[datetime, datetime]]] = {}
    for name, start, length in case.taken:
        spans = kept.setdefault(name, [])
        one = (_at(case, start), _at(case, start + length))
        if all(one[1] <= other[0] or one[0] >= other[1] for other in spans):
            spans.append(one)
    return kept


def reference(case: Case, at: datetime, until: datetime) -> list[datetime]:
    """Every quarter, and for each of them every five minutes of the meeting: is anything in the way?"""
    good = {moment: _is_good(case, moment, at) for moment in _steps(at, until)}
    starts = [moment for moment in good if moment.minute % 15 == 0]
    length = timedelta(minutes=case.length)
    return [
        start
        for start in starts
        if start + length <= until and all(good[moment] for moment in _steps(start, start + length))
    ]


def _steps(begins: datetime, ends: datetime) -> Iterator[datetime]:
    while begins < ends:
        yield begins
        begins += FIVE


def _is_good(case: Case, moment: datetime, at: datetime) -> bool:
    return _is_day(case, moment, at) and _is_worked(case, moment) and _is_untaken(case, moment)


def _is_day(case: Case, moment: datetime, at: datetime) -> bool:
    here = moment.astimezone(OSLO)
    day, number = here.date(), (here.date() - case.first).days
    if day in NORWEGIAN or (day - at.astimezone(OSLO).date()).days < case.notice or number in case.closed:
        return False
    if (day.month, day.day) in {(12, 24), (12, 31)} and here.hour >= 12:
        return False
    return not (case.in_person and case.office) or _is_open(case.office.get(day.weekday()), moment)


def _is_worked(case: Case, moment: datetime) -> bool:
    day = moment.astimezone(OSLO).date()
    number = (day - case.first).days
    for who, week in enumerate(case.weekly):
        hours = (week or case.office).get(day.weekday())
        if not week and not case.office:
            hours = (time(8), time(15, 30)) if day.weekday() < 5 else None
        if who == 0 and number in case.on_date:
            hours = case.on_date[number]
        if not _is_open(hours, moment):
            return False
    return True


def _is_untaken(case: Case, moment: datetime) -> bool:
    for _, start, length in case.absences:
        if _at(case, start) <= moment < _at(case, start + length):
            return False
    for name, spans in _apart(case).items():
        around = timedelta(minutes=0 if name == "CITIZEN" else case.buffer)
        if any(start - around <= moment < end + around for start, end in spans):
            return False
    return True


def _is_open(hours: Hours | None, moment: datetime) -> bool:
    """Between the first time the clock shows that it opens, and the last time before it closes."""
    if hours is None:
        return False
    inside = _inside(moment.astimezone(OSLO).date(), hours)
    return bool(inside) and inside[0] <= moment <= inside[-1]


@lru_cache(maxsize=10_000)
def _inside(today: date, hours: Hours) -> tuple[datetime, ...]:
    midnight = datetime.combine(today, time(0), OSLO).astimezone(UTC)
    return tuple(
        one
        for one in _steps(midnight, midnight + timedelta(hours=25))
        if one.astimezone(OSLO).date() == today and hours[0] <= one.astimezone(OSLO).time() < hours[1]
    )


@pytest.fixture
def stage() -> Stage:
    return Stage()


@settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(case=CASES)
def test_free_times_are_those_of_a_slow_and_obvious_search(stage: Stage, case: Case) -> None:
    at = datetime.combine(case.first, time(6, 10), OSLO).astimezone(UTC)
    until = _at(case, 5 * STEPS)
    with transaction.atomic():
        stage.store(case)
        wish = stage.wish(case)
        found = free_times.free_times(wish, from_=at, until=until, n=10_000, at=at)
        against = [free_times.why_not(wish, one.starts_at, at=at) for one in found[:3]]
        transaction.set_rollback(True)
    starts = [one.starts_at for one in found]
    assert starts == reference(case, at + timedelta(minutes=5), until)
    assert against == [()] * len(against)
    assert all(one.ends_at - one.starts_at == timedelta(minutes=case.length) for one in found)


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(case=CASES.filter(lambda case: all(case.weekly)), step=st.integers(0, 4 * 96))
def test_what_is_no_free_time_has_something_against_it(stage: Stage, case: Case, step: int) -> None:
    at = datetime.combine(case.first, time(6, 15), OSLO).astimezone(UTC)
    wished = at + step * timedelta(minutes=15)
    with transaction.atomic():
        stage.store(case)
        wish = stage.wish(case)
        until = wished + timedelta(minutes=case.length)
        is_free = bool(free_times.free_times(wish, from_=wished, until=until, n=1, at=at))
        against = free_times.why_not(wish, wished, at=at)
        transaction.set_rollback(True)
    assert is_free == (not against)


def plain(**changes: Any) -> Case:
    values: dict[str, Any] = {"first": date(2027, 1, 14), "length": 45, "in_person": False, "notice": 0, "buffer": 0}
    return Case(**(values | {"weekly": [{}, {}]} | changes))


@pytest.mark.parametrize("days", [1, 7, 90])
def test_each_table_is_asked_once_however_many_days_it_is(stage: Stage, days: int) -> None:
    case = plain(weekly=[{0: (time(9), time(15))}, {}], taken=[("HOST", 120, 12), ("ROOM", 400, 12)], buffer=10)
    stage.store(case)
    wish = stage.wish(case)
    with CaptureQueriesContext(connection) as asked:
        free_times.look(wish, from_=make.NOW, until=make.later(days=days), n=50, at=make.NOW, wished=make.later(days=3))
    tables = re.findall(r'(?:FROM|JOIN) "?(\w+)', " ".join(query["sql"] for query in asked))
    assert len(tables) == len(set(tables)) == 7


def test_without_hours_of_anybody_the_settings_are_suggested_and_weekends_are_not(stage: Stage) -> None:
    found = free_times.free_times(
        stage.wish(plain()), from_=make.later(days=3), until=make.later(days=9), n=100, at=make.NOW
    )
    local = [one.starts_at.astimezone(OSLO) for one in found]
    assert (local[0].isoformat(), local[20].isoformat()) == ("2027-01-14T10:00:00+01:00", "2027-01-15T08:00:00+01:00")
    assert {moment.weekday() for moment in local} <= {0, 1, 2, 3, 4}


def test_a_time_taken_by_a_meeting_one_may_not_know_of_is_occupied_and_no_more(stage: Stage) -> None:
    secret = make.meeting(make.caseworker(office_number="0398"), stage.person)
    (told,) = free_times.why_not(stage.wish(plain()), secret.starts_at, at=make.NOW)
    assert (told.code, told.message) == ("OCCUPIED", "Tidspunktet er opptatt.")


def test_the_nearest_times_lie_on_both_sides_of_the_one_refused(stage: Stage) -> None:
    meeting = make.meeting(stage.host, stage.person, clock=time(12, 0))
    near = free_times.nearest(stage.wish(plain()), meeting.starts_at, at=make.NOW)
    assert [one.meant for one in near] == ["2027-01-21T11:00", "2027-01-21T11:15", "2027-01-21T12:45"]


def test_a_meeting_that_is_moved_is_not_in_its_own_way(stage: Stage) -> None:
    meeting = make.meeting(stage.host, stage.person)
    wish = stage.wish(plain())
    assert [one.code for one in free_times.why_not(wish, meeting.starts_at, at=make.NOW)] == ["OCCUPIED"]
    assert free_times.why_not(replace(wish, ignoring=meeting.pk), meeting.starts_at, at=make.NOW) == ()


@pytest.mark.parametrize(
    ("from_", "until"),
    [(make.NOW, make.NOW), (make.later(days=2), make.NOW), (make.later(days=-9), make.later(days=-2))],
)
def test_no_time_at_all_holds_no_meeting(stage: Stage, from_: datetime, until: datetime) -> None:
    assert free_times.free_times(stage.wish(plain()), from_=from_, until=until, n=5, at=make.NOW) == ()
