"""Days on the wall clock in Oslo: holidays, half days, and from a day's hours to the instants they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.conf import settings

from meetings.times import OSLO

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, order=True)
class Hours:
    """From–to on the wall clock of one day."""

    opens: time
    closes: time


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year))


def is_holiday(day: date) -> bool:
    """A Norwegian public holiday. Sundays as such are none: nobody works them unless their hours say so."""
    return day in _holidays(day.year)


def half_day_ends(day: date) -> time | None:
    """When work ends on a half day (24 and 31 December, by setting), else None."""
    found: time | None = settings.HALF_DAYS.get((day.month, day.day))
    return found


def days_of(starts_at: datetime, ends_at: datetime) -> Iterator[date]:
    """Each day on the wall clock that some of this time is in."""
    day, last = starts_at.astimezone(OSLO).date(), (ends_at - timedelta(microseconds=1)).astimezone(OSLO).date()
    while day <= last:
        yield day
        day += _DAY


def whole(day: date) -> Span:
    """From midnight to midnight: 23, 24 or 25 hours."""
    return _at(day, time(0)), _at(day + _DAY, time(0))


def span(day: date, hours: Hours) -> Span | None:
    """The instants of a day's hours, in UTC; None where the clocks jump over all of them.

    Where a wall time comes twice, they open at the first and close at the second; where the clocks jump over it, they
    open or close at the jump.
    """
    opens, closes = _at(day, hours.opens), _at(day, hours.closes, later=True)
    return (opens, closes) if opens < closes else None


def instant(day: date, clock: time) -> datetime:
    """When the clock shows this, in UTC: the second time where it does so twice, the jump where it never does."""
    return _at(day, clock, later=True)


def _at(day: date, clock: time, *, later: bool = False) -> datetime:
    wall = datetime.combine(day, clock)
    if _exists(wall):
        return wall.replace(tzinfo=OSLO, fold=int(later)).astimezone(UTC)
    moment = wall.replace(tzinfo=OSLO, fold=1).astimezone(UTC)
    moment = moment.replace(second=0, microsecond=0)
    while moment.astimezone(OSLO).replace(tzinfo=None) < wall:
        moment += _MINUTE
    return moment


def _exists(wall: datetime) -> bool:
    here = wall.replace(tzinfo=OSLO)
    return here.astimezone(UTC).astimezone(OSLO).replace(tzinfo=None) == wall


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that overlap or touch made one."""
    kept: list[Span] = []
    for starts_at, ends_at in sorted(spans):
        if kept and starts_at <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], ends_at))
        else:
            kept.append((starts_at, ends_at))
    return kept


def both(first: Iterable[Span], second: Iterable[Span]) -> list[Span]:
    """The time that is in both; each joined and in order."""
    kept: list[Span] = []
    one, other = list(first), list(second)
    left = right = 0
    while left < len(one) and right < len(other):
        starts_at, ends_at = max(one[left][0], other[right][0]), min(one[left][1], other[right][1])
        if starts_at < ends_at:
            kept.append((starts_at, ends_at))
        if one[left][1] < other[right][1]:
            left += 1
        else:
            right += 1
    return kept


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The time of `spans` that is not in `taken`; both joined and in order."""
    kept, others, place = [], list(taken), 0
    for starts_at, ends_at in spans:
        free_from = starts_at
        while place < len(others) and others[place][1] <= starts_at:
            place += 1
        for gone, back in others[place:]:
            if gone >= ends_at:
                break
            if free_from < gone:
                kept.append((free_from, gone))
            free_from = max(free_from, back)
        if free_from < ends_at:
            kept.append((free_from, ends_at))
    return kept
