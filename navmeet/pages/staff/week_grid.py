"""Days side by side, hour by hour: a table, with what is outside working hours and when somebody is away."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from meetings import days, opening
from meetings.days import Span
from meetings.opening import Diary
from navmeet.accounts.actor import Actor
from navmeet.look.dates import OSLO

# The hours that are shown also where nothing is in them.
FIRST, LAST = 8, 16
SATURDAY: Final = 5
CLOSED, AWAY = "closed", "away"
Row = dict[str, Any]


@dataclass
class Cell:
    """One hour of one day. `shade` is "closed", "away" or nothing; `words` say it to those who do not see it.

    `is_first`: the words are shown, since the cell above says something else.
    """

    meetings: list[Row] = field(default_factory=list)
    shade: str = ""
    words: str = ""
    is_first: bool = False


@dataclass(frozen=True)
class Column:
    date: date
    is_today: bool
    note: str


@dataclass(frozen=True)
class Line:
    """One hour, "09.00", and a cell for each day."""

    hour: str
    cells: list[Cell]


@dataclass(frozen=True)
class Grid:
    columns: list[Column]
    lines: list[Line]


def read(first: date, many: int, *, whole_office: bool, by: Actor) -> Diary:
    """What is set for these days, of whoever looks or of the whole office. At most four queries."""
    return opening.read(
        staff=() if whole_office else (by.known_id,),
        office_id=by.known_office,
        starts_at=days.whole(first)[0],
        ends_at=days.whole(first + timedelta(days=many - 1))[1],
        office_of={} if whole_office else {by.known_id: by.known_office},
    )


def grid(shown: Sequence[dict[str, Any]], diary: Diary, *, who: UUID | None) -> Grid:
    """Of days with their meetings, as the list has them; of one employee, or of the office where `who` is None.

    A weekend stands there only with something in it, or where it is all that is asked for.
    """
    kept = [day for day in shown if day["meetings"] or day["date"].weekday() < SATURDAY or len(shown) == 1]
    meetings = [one for day in kept for one in day["meetings"]]
    hours = range(
        min([FIRST, *(_hour(one["start"]) for one in meetings)]),
        max([LAST, *(_hour(one["start"]) for one in meetings)]) + 1,
    )
    cells = [_column(day, hours, diary, who) for day in kept]
    return Grid(
        columns=[Column(day["date"], day["is_today"], day_note(day["date"], diary)) for day in kept],
        lines=[Line(f"{hour:02}.00", [column[place] for column in cells]) for place, hour in enumerate(hours)],
    )


def noted(shown: Sequence[Row], diary: Diary, *, who: UUID | None) -> list[Row]:
    """The days of the list, each with why nobody meets that day or some of it."""
    return [{**day, "note": ". ".join(_notes(day["date"], diary, who))} for day in shown]


def _notes(on: date, diary: Diary, who: UUID | None) -> list[str]:
    away = days.both(diary.absences.get(who, ()), [days.whole(on)]) if who else []
    return [note for note in (day_note(on, diary), *(_gone(one) for one in away)) if note]


def _gone(away: Span) -> str:
    is_part = away != days.whole(away[0].astimezone(OSLO).date())
    return f"Borte {_clock(away[0])}–{_clock(away[1])}" if is_part else "Borte hele dagen"


def day_note(on: date, diary: Diary) -> str:
    """Why nobody meets that day, or not all of it."""
    if days.is_holiday(on):
        return "Helligdag"
    if on in diary.closing_days:
        return "Kontoret holder ikke møter"
    half = days.half_day_ends(on)
    return f"Arbeidsdagen slutter kl. {half:%H.%M}" if half else ""


def _column(day: dict[str, Any], hours: Iterable[int], diary: Diary, who: UUID | None) -> list[Cell]:
    on: date = day["date"]
    opens = _open(on, diary, who)
    away = days.both(diary.absences.get(who, ()), [days.whole(on)]) if who else []
    cells: list[Cell] = []
    for hour in hours:
        begins = days.instant(on, time(hour))
        span = [(begins, begins + timedelta(hours=1))]
        theirs = [one for one in day["meetings"] if _hour(one["start"]) == hour]
        shade, words = _shade(span, opens, away)
        is_first = bool(words) and (not cells or cells[-1].words != words)
        cells.append(Cell(theirs, shade, words, is_first))
    return cells


def _shade(span: list[Span], opens: list[Span], away: list[Span]) -> tuple[str, str]:
    gone = days.both(span, away)
    if gone:
        whole = next(one for one in away if one[0] < span[0][1] and one[1] > span[0][0])
        return AWAY, _gone(whole)
    return (CLOSED, "Utenfor arbeidstiden") if not days.both(span, opens) else ("", "")


def _open(on: date, diary: Diary, who: UUID | None) -> list[Span]:
    if days.is_holiday(on) or on in diary.closing_days:
        return []
    unset: Callable[[date], Iterable[Span]] = opening.any_time
    spans = diary.employee(who, on, unset) if who else diary.office(on, unset)
    half = days.half_day_ends(on)
    until = days.instant(on, half) if half else days.whole(on)[1]
    return days.both(days.joined(spans), [(days.whole(on)[0], until)])


def _hour(moment: datetime) -> int:
    return moment.astimezone(OSLO).hour


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(OSLO):%H.%M}"
