"""When employees and an office can be met: their hours, absence and closing days, read once a table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from meetings import days
from meetings.days import Hours, Span
from meetings.models import Absence, ClosingDay, HoursOnDate, WorkingHours
from meetings.times import OSLO
from navmeet.accounts.models import User

_DAY = timedelta(days=1)
# What holds on a day for which nobody ever set hours.
Unset = Callable[[date], Iterable[Span]]


def any_time(day: date) -> list[Span]:
    """Nothing was set, so nothing is outside it."""
    return [days.whole(day)]


@dataclass
class Week:
    """The hours of one employee or office. What is set for a date comes before what is set for its weekday."""

    weekly: dict[int, list[Hours]] = field(default_factory=dict)
    dates: dict[date, Hours | None] = field(default_factory=dict)

    def on(self, day: date) -> list[Hours] | None:
        """The hours of the day, or None where none were ever set."""
        if day in self.dates:
            found = self.dates[day]
            return [] if found is None else [found]
        return self.weekly.get(day.weekday(), []) if self.weekly else None


@dataclass(frozen=True)
class Diary:
    """All that is set for some employees and one office, from a day to a day."""

    office_id: str
    office_of: Mapping[UUID, str]
    weeks: Mapping[UUID | str, Week]
    absences: Mapping[UUID, tuple[Span, ...]]
    closing_days: frozenset[date]

    def employee(self, user_id: UUID, day: date, unset: Unset) -> list[Span]:
        """When the employee works that day: by their own hours, else their office's, else as where none are set."""
        return self._spans([user_id, self.office_of.get(user_id, "")], day, unset)

    def office(self, day: date, unset: Unset) -> list[Span]:
        """When the office is open that day."""
        return self._spans([self.office_id], day, unset)

    def is_absent(self, user_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether some of the absence is in that time."""
        return any(gone < ends_at and back > starts_at for gone, back in self.absences.get(user_id, ()))

    def _spans(self, owners: Iterable[UUID | str], day: date, unset: Unset) -> list[Span]:
        for owner in owners:
            hours = self.weeks[owner].on(day) if owner in self.weeks else None
            if hours is not None:
                return [found for one in hours if (found := days.span(day, one)) is not None]
        return list(unset(day))


def read(
    *,
    staff: Iterable[UUID],
    office_id: str,
    starts_at: datetime,
    ends_at: datetime,
    office_of: Mapping[UUID, str] | None = None,
) -> Diary:
    """One query a table: employees, weekly hours, hours on dates, absence, closing days.

    Employees are not asked for where their offices are known, and given as `office_of`.
    """
    users = list(staff)
    first, last = starts_at.astimezone(OSLO).date() - _DAY, ends_at.astimezone(OSLO).date() + _DAY
    if office_of is None:
        office_of = dict(User.objects.filter(pk__in=users).values_list("pk", "office")) if users else {}
    whose = Q(user_id__in=users) | Q(office_id__in={office_id, *office_of.values()})
    gone: dict[UUID, list[Span]] = {}
    absent = Absence.objects.filter(user_id__in=users, starts_at__lt=ends_at, ends_at__gt=starts_at) if users else []
    for one in absent:
        gone.setdefault(one.user_id, []).append((one.starts_at, one.ends_at))
    closed = ClosingDay.objects.filter(office_id=office_id, date__range=(first, last)).values_list("date", flat=True)
    return Diary(
        office_id=office_id,
        office_of=office_of,
        weeks=_weeks(whose, first, last),
        absences={user: tuple(days.joined(spans)) for user, spans in gone.items()},
        closing_days=frozenset(closed),
    )


def _weeks(whose: Q, first: date, last: date) -> dict[UUID | str, Week]:
    weeks: dict[UUID | str, Week] = {}
    for user, office, weekday, opens, closes in WorkingHours.objects.filter(whose).values_list(
        "user_id", "office_id", "weekday", "opens", "closes"
    ):
        weeks.setdefault(user or office, Week()).weekly.setdefault(weekday, []).append(Hours(opens, closes))
    on_dates = HoursOnDate.objects.filter(whose, date__range=(first, last))
    for user, office, day, start, end in on_dates.values_list("user_id", "office_id", "date", "opens", "closes"):
        weeks.setdefault(user or office, Week()).dates[day] = _hours(start, end)
    return weeks


def _hours(opens: time | None, closes: time | None) -> Hours | None:
    return Hours(opens, closes) if opens is not None and closes is not None else None
