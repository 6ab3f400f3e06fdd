"""When Nav does not disturb people, and the wall clock that people live by.

Quiet is 20–08, Sundays, public holidays, and 24 and 31 December from 12, on the clock in Oslo. Reminders
are not sent then. All else is on Ditt NAV at once; its SMS waits for the morning, where it may (put_off.py).
"""

from datetime import UTC, date, datetime, time, timedelta

from meetings.days import is_holiday
from meetings.times import OSLO

OPENS, CLOSES, EVES_CLOSE = time(8), time(20), time(12)
EVES = frozenset({(12, 24), (12, 31)})
MINUTE = timedelta(minutes=1)
# No run of quiet days is longer; a search that found nothing in two weeks has a fault.
SEARCHED_DAYS = 14
OFFICE_CLOSES = time(15, 30)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no public holiday."""
    return day.weekday() < 5 and not is_holiday(day)


def is_quiet(at: datetime) -> bool:
    """Is nobody to be disturbed at this instant?"""
    local = at.astimezone(OSLO)
    opens_until = _open_until(local.date())
    return opens_until is None or not OPENS <= local.time() < opens_until


def nearest_allowed(wanted: datetime, *, not_before: datetime) -> datetime:
    """The allowed whole minute nearest to `wanted`, earlier or later, but not before `not_before`.

    Earlier where both are as near: a reminder that comes too early still helps. In UTC.
    """
    if not is_quiet(wanted):
        return wanted.astimezone(UTC)
    here = wanted.astimezone(OSLO).date()
    candidates = [
        candidate
        for offset in range(-SEARCHED_DAYS, SEARCHED_DAYS + 1)
        for candidate in _ends_of(here + timedelta(days=offset))
        if candidate >= not_before
    ]
    return min(candidates, key=lambda candidate: (abs(candidate - wanted), candidate))


def next_allowed(at: datetime) -> datetime:
    """`at` itself where it is allowed, else the first allowed minute after it. In UTC."""
    if not is_quiet(at):
        return at.astimezone(UTC)
    here = at.astimezone(OSLO).date()
    days = (here + timedelta(days=offset) for offset in range(SEARCHED_DAYS + 1))
    return next(end for day in days for end in _ends_of(day) if end > at)


def next_morning(at: datetime) -> datetime:
    """The first allowed minute after the day of `at`. In UTC."""
    return next_allowed(datetime.combine(at.astimezone(OSLO).date() + timedelta(days=1), time.min, tzinfo=OSLO))


def days_before(moment: datetime, days: int) -> datetime:
    """The same time by the clock on the wall, so many days earlier, whatever the clocks did in between. In UTC.

    A wall time that does not exist that day (the clocks went forward) is read as the hour after; one that comes
    twice as the first of the two.
    """
    local = moment.astimezone(OSLO)
    wall = datetime.combine(local.date() - timedelta(days=days), local.time().replace(fold=0), tzinfo=OSLO)
    return wall.astimezone(UTC)


def next_working_day(at: datetime) -> datetime:
    """The end of office hours (15.30) on the first working day after the day of `at`. In UTC."""
    day = at.astimezone(OSLO).date() + timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, OFFICE_CLOSES, tzinfo=OSLO).astimezone(UTC)


def working_days_between(at: datetime, until: datetime) -> int:
    """Whole working days after the day of `at` and before the day of `until`."""
    first, last = (moment.astimezone(OSLO).date() for moment in (at, until))
    days = (first + timedelta(days=number) for number in range(1, (last - first).days))
    return sum(1 for day in days if is_working_day(day))


def _open_until(day: date) -> time | None:
    if day.weekday() == 6 or is_holiday(day):
        return None
    return EVES_CLOSE if (day.month, day.day) in EVES else CLOSES


def _ends_of(day: date) -> list[datetime]:
    """The first and last allowed minute of a day: all that can be nearest to something quiet."""
    until = _open_until(day)
    if until is None:
        return []
    opens = datetime.combine(day, OPENS, tzinfo=OSLO).astimezone(UTC)
    return [opens, datetime.combine(day, until, tzinfo=OSLO).astimezone(UTC) - MINUTE]
