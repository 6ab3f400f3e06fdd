"""Times that a participant may suggest instead: free for all, on the days around the meeting, a few a day.

Whose time is taken otherwise is not told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from invitations.models import Answer
from invitations.promised import heard_by
from meetings import free_times
from meetings.models import Format, Meeting
from meetings.times import OSLO
from navmeet.exceptions import Invalid

# How far around the meeting is looked, how many days and times a day are shown, and how many may be suggested.
AROUND: Final = timedelta(days=28)
DAYS: Final = 8
A_DAY: Final = 3
MOST: Final = 5
_ALL: Final = int(2 * AROUND / free_times.STEP)
# What somebody needs to answer, and to come at all.
_NOT_BEFORE: Final = timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: `suggests` are starts of the whole meeting, `wants` a format; either may be empty."""

    suggests: tuple[datetime, ...] = field(default=(), repr=False)
    wants: str = ""


def offered(meeting: Meeting, *, at: datetime) -> tuple[datetime, ...]:
    """Starts that would suit all, a few a day: the days nearest to the meeting's own first, each day's in order.

    As many queries however many days.
    """
    days = _by_day(_free(meeting, at=at))
    own_day = _day(meeting.starts_at)
    days.sort(key=lambda day: abs(_day(day[0]) - own_day))
    return tuple(start for day in days[:DAYS] for start in _spread(day))


def starts_of(answer: Answer) -> tuple[datetime, ...]:
    """What was suggested, in order."""
    return tuple(datetime.fromisoformat(one) for one in answer.suggests)


def checked(wish: Wish, kind: str, meeting: Meeting, *, held: Format, at: datetime) -> dict[str, Any]:
    """The wish as an Answer keeps it; `held` is how they take part now. Raises Invalid at `suggests` or `wants`."""
    if wish.suggests and kind != Answer.Kind.OTHER_TIME:
        raise Invalid(
            "Foreslå tidspunkter bare når du trenger et annet tidspunkt.", code="not_another_time", field="suggests"
        )
    if wish.wants and kind != Answer.Kind.OTHER_FORMAT:
        raise Invalid("Velg møteform bare når du vil møte på en annen måte.", code="not_another_format", field="wants")
    if wish.wants and (wish.wants not in Format.values or wish.wants == held):
        raise Invalid("Velg en annen måte å møtes på.", code="format_unknown", field="wants")
    return {"suggests": [one.isoformat() for one in _suggested(wish.suggests, meeting, at=at)], "wants": wish.wants}


def _suggested(starts: Iterable[datetime], meeting: Meeting, *, at: datetime) -> list[datetime]:
    wanted = sorted({one.astimezone(UTC) for one in starts})
    if len(wanted) > MOST:
        raise Invalid("Foreslå høyst fem tidspunkter.", code="too_many", field="suggests")
    if wanted and not set(wanted) <= set(_free(meeting, at=at)):
        raise Invalid(
            "Et av tidspunktene er ikke ledig lenger. Velg blant dem som står her nå.",
            code="not_free",
            field="suggests",
        )
    return wanted


def _free(meeting: Meeting, *, at: datetime) -> list[datetime]:
    """After they have heard from Nav: a time that is past before the wish is answered is no time to offer."""
    held, length = Format(meeting.format), meeting.ends_at - meeting.starts_at
    wish = free_times.for_meeting(meeting, length=length, held=held, room_id=meeting.booked_room_id)
    begins = max(heard_by(meeting, at), at + _NOT_BEFORE, meeting.starts_at - AROUND)
    found = free_times.free_times(wish, from_=begins, until=meeting.starts_at + AROUND, n=_ALL, at=at)
    return [one.starts_at for one in found if one.starts_at != meeting.starts_at]


def _by_day(starts: Iterable[datetime]) -> list[list[datetime]]:
    return [list(day) for _, day in groupby(starts, key=_day)]


def _day(moment: datetime) -> date:
    return moment.astimezone(OSLO).date()


def _spread(day: list[datetime]) -> list[datetime]:
    """A few of them, over the whole day: the first and the last, and between."""
    if len(day) <= A_DAY:
        return day
    return [day[round(number * (len(day) - 1) / (A_DAY - 1))] for number in range(A_DAY)]
