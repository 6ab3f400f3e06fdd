"""When employees and an office can be met: their hours, absence and closing days, read at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from meetings import days
from meetings.days import Hours, Span
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


# One statement: four that Django makes cost a booking a tenth of its time (`make bench NAME=booking`).
_SET: Final = """
SELECT user_id, office_id, weekday::int, NULL::date AS date, opens, closes,
       NULL::timestamptz AS starts_at, NULL::timestamptz AS ends_at
FROM meetings_workinghours WHERE user_id = ANY(%(users)s) OR office_id = ANY(%(offices)s)
UNION ALL
SELECT user_id, office_id, NULL, date, opens, closes, NULL, NULL
FROM meetings_hoursondate
WHERE (user_id = ANY(%(users)s) OR office_id = ANY(%(offices)s)) AND date BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT user_id, NULL, NULL, NULL, NULL, NULL, starts_at, ends_at
FROM meetings_absence WHERE user_id = ANY(%(users)s) AND starts_at < %(ends_at)s AND ends_at > %(starts_at)s
UNION ALL
SELECT NULL, NULL, NULL, date, NULL, NULL, NULL, NULL
FROM meetings_closingday WHERE office_id = %(office)s AND date BETWEEN %(first)s AND %(last)s
"""


def read(
    *,
    staff: Iterable[UUID],
    office_id: str,
    starts_at: datetime,
    ends_at: datetime,
    office_of: Mapping[UUID, str] | None = None,
) -> Diary:
    """One query for the employees' offices, and one for all that is set: weekly hours, dates, absence, closing days.

    Employees are not asked for where their offices are known, and given as `office_of`.
    """
    users = list(staff)
    if office_of is None:
        office_of = dict(User.objects.filter(pk__in=users).values_list("pk", "office")) if users else {}
    weeks: defaultdict[UUID | str, Week] = defaultdict(Week)
    gone: defaultdict[UUID, list[Span]] = defaultdict(list)
    closed: set[date] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            _SET,
            {
                "users": users,
                "office": office_id,
                "offices": [office_id, *office_of.values()],
                "starts_at": starts_at,
                "ends_at": ends_at,
                "first": starts_at.astimezone(OSLO).date() - _DAY,
                "last": ends_at.astimezone(OSLO).date() + _DAY,
            },
        )
        for user, office, weekday, day, opens, closes, leaves, returns in cursor:
            if leaves is not None:
                gone[user].append((leaves, returns))
            elif weekday is not None:
                weeks[user or office].weekly.setdefault(weekday, []).append(Hours(opens, closes))
            elif user or office:
                weeks[user or office].dates[day] = Hours(opens, closes) if opens is not None else None
            else:
                closed.add(day)
    return Diary(
        office_id=office_id,
        office_of=office_of,
        weeks=weeks,
        absences={user: tuple(days.joined(spans)) for user, spans in gone.items()},
        closing_days=frozenset(closed),
    )
