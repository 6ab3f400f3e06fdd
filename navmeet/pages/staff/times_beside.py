"""Free times beside a form, each to be taken in one click, and why a wished time does not suit.

That somebody is taken is said, never who or by what.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from meetings import days, free_times, hours
from meetings.free_times import Wish
from meetings.models import LONGEST, SHORTEST, Format, Meeting, MeetingType, Office
from meetings.overruling import Objection
from meetings.times import FURTHEST, OSLO, Slot, slot
from navmeet.accounts.actor import Actor
from navmeet.exceptions import Invalid
from navmeet.look import dates

# How far ahead is looked, how many days are shown, how many times of each, and how far apart they are at the least.
AHEAD: Final = timedelta(days=28)
DAYS, EACH_DAY = 3, 7
APART: Final = timedelta(minutes=60)
MOST: Final = 400
_TAKEN: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})/([01]?)")


@dataclass(frozen=True)
class Choice:
    """A free time. `value` is the day and the clock on the wall, and which of two where that comes twice."""

    slot: Slot

    @property
    def value(self) -> str:
        return f"{self.slot.meant}/{_fold(self.slot)}"

    @property
    def starts_at(self) -> datetime:
        return self.slot.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.slot.ends_at


@dataclass(frozen=True)
class Suits:
    """Whether the wished time does, what speaks against it, and the free times nearest to it."""

    wished: Slot | None
    against: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    nearest: tuple[Choice, ...] = ()

    @property
    def can_be_overruled(self) -> bool:
        return bool(self.codes)


@dataclass(frozen=True)
class Day:
    date: date
    choices: list[Choice]


@dataclass(frozen=True)
class Times:
    """`note` says what is missing before times can be looked for, or what is not known yet."""

    days: tuple[Day, ...] = ()
    later: str = ""
    note: str = ""
    suits: Suits | None = None
    searched: bool = False


def of_booking(form: Any, *, person_id: UUID, by: Actor, at: datetime, later: str = "") -> Times:
    """As the form stands, sent or just begun."""
    held, length = _value(form, "format"), _length(form)
    if not held or length is None:
        return Times(note=_lacking(length))
    kind = MeetingType.objects.filter(code=_value(form, "type") or "").first()
    room = _value(form, "room_id")
    wish = Wish(
        staff=(by.known_id, *(UUID(one) for one in _value(form, "staff") or ())),
        person_id=person_id,
        room_id=UUID(room) if room and held == Format.IN_PERSON else None,
        length=length,
        held=Format(held),
        meeting_type=kind or MeetingType(least_notice_days=0),
        office=Office.objects.get(pk=by.known_office),
    )
    note = "" if kind else "Velg møtetype. Noen typer krever varsel i god tid."
    return _times(form, wish, at, later, note)


def of_meeting(form: Any, meeting: Meeting, *, at: datetime, later: str = "") -> Times:
    """Of a meeting that is to be moved; the time it has is not in its own way."""
    length = _length(form)
    if length is None:
        return Times(note=_lacking(length))
    room = _value(form, "room_id")
    room_id = UUID(room) if room else None
    wish = free_times.for_meeting(meeting, length=length, held=Format(meeting.format), room_id=room_id)
    times = _times(form, wish, at, later, "")
    wished = times.suits.wished if times.suits else None
    stays = wished is not None and (wished.starts_at, wished.ends_at) == (meeting.starts_at, meeting.ends_at)
    # What speaks against the time it has was settled when it was booked.
    return replace(times, suits=None) if stays and not form.objections else times


def is_part(request: HttpRequest) -> bool:
    """Whether the free times alone are asked for, by the page that they are to stand in."""
    return request.headers.get("X-Part") == "times"


def is_asked_for(request: HttpRequest) -> bool:
    """Whether a form was sent to look for times, not to be acted on."""
    return is_part(request) or request.POST.get("act") == "times" or bool({"take", "later"} & request.POST.keys())


def part(request: HttpRequest, times: Times, form: Any, *, sends_to: str) -> HttpResponse:
    """The free times alone; `sends_to` is the id of the form that their buttons send."""
    return render(request, "pages/staff/times_part.html", {"form": form, "times": times, "sends_to": sends_to})


def taken(sent: QueryDict) -> QueryDict:
    """What was sent, with the time that was taken by its button in place of what was typed."""
    found = _TAKEN.fullmatch(sent.get("take", ""))
    data = sent.copy()
    for name in ("take", "later", "overrule", "overrule_why"):
        data.pop(name, None)
    if found:
        data["day"], data["time"], data["fold"] = found.groups()
    return data


def _times(form: Any, wish: Wish, at: datetime, later: str, note: str) -> Times:
    wished, error = _wished(form, at)
    begins = max(_begins(form, at, later), hours.earliest(wish.meeting_type, wish.office, at))
    found = free_times.look(
        wish,
        from_=begins,
        until=begins + AHEAD,
        n=MOST,
        at=at,
        wished=wished.starts_at if wished else None,
    )
    shown = list(_days(found.times, wish.length))
    return Times(
        days=tuple(shown[:DAYS]),
        later=shown[DAYS].date.isoformat() if len(shown) > DAYS else "",
        note=note,
        suits=_suits(form, wish, wished, found.against, error, at),
        searched=True,
    )


def _suits(
    form: Any, wish: Wish, wished: Slot | None, found: tuple[Objection, ...], error: Invalid | None, at: datetime
) -> Suits | None:
    if error is not None and error.code == "time_exists_twice":
        form.ask_which()
    if wished is None:
        # What stands at its field is not said once more beside it.
        is_said = error is None or error.message in form.errors.get(error.field or "", ())
        return Suits(None, (error.message,)) if error and not is_said else None
    against = tuple(dict.fromkeys([*(one.message for one in found), *form.objections]))
    if not against:
        return Suits(wished)
    asked = str(form["overrule"].value() or "").split() if form.objections else []
    codes = [*(one.code for one in found if one.can_be_overruled), *asked]
    if any(not one.can_be_overruled for one in found):
        codes = []
    near = free_times.nearest(wish, wished.starts_at, at=at)
    return Suits(wished, against, tuple(dict.fromkeys(codes)), tuple(Choice(one) for one in near))


def _wished(form: Any, at: datetime) -> tuple[Slot | None, Invalid | None]:
    day, clock, length = _value(form, "day"), _value(form, "time"), _value(form, "minutes")
    if day is None or clock is None or length is None:
        return None, None
    fold = _value(form, "fold")
    try:
        return slot(day=day, clock=clock, minutes=length, fold=int(fold) if fold else None, at=at), None
    except Invalid as error:
        return None, error


def _begins(form: Any, at: datetime, later: str) -> datetime:
    """The day that was asked for, else the day that was typed, else now."""
    try:
        asked = date.fromisoformat(later) if later else _value(form, "day")
    except ValueError:
        asked = None
    today = at.astimezone(OSLO).date()
    if asked is None or not today < asked <= today + FURTHEST:
        return at
    return days.whole(asked)[0]


def _days(found: Iterable[Slot], length: timedelta) -> Iterator[Day]:
    """A few times of each day, at whole and half hours where there are such."""
    by_day: dict[date, list[Slot]] = {}
    for one in found:
        by_day.setdefault(one.starts_at.astimezone(OSLO).date(), []).append(one)
    for day, slots in by_day.items():
        yield Day(day, [Choice(one) for one in _some(slots, max(length, APART))])


def _some(slots: list[Slot], apart: timedelta) -> list[Slot]:
    kept: list[Slot] = []
    for one in sorted(slots, key=lambda one: (one.starts_at.minute % 30 != 0, one.starts_at)):
        if len(kept) < EACH_DAY and all(abs(one.starts_at - other.starts_at) >= apart for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.starts_at)


def _length(form: forms.Form) -> timedelta | None:
    minutes = _value(form, "minutes")
    if minutes is None or not 0 < minutes < 10_000:
        return None
    length = timedelta(minutes=minutes)
    return length if SHORTEST <= length <= LONGEST else None


def _lacking(length: timedelta | None) -> str:
    return "Velg møteform først." if length else "Møtet må vare fra 15 minutter til 7 timer og 30 minutter."


def _value(form: forms.Form, name: str) -> Any:
    """What stands in the field, sent or to begin with, as its type; None where that is nothing it can be."""
    if name not in form.fields:
        return None
    try:
        return form.fields[name].clean(form[name].value())
    except (ValidationError, ValueError):
        return None


def _fold(one: Slot) -> str:
    begins = dates.in_oslo(one.starts_at)
    comes_twice = begins.replace(fold=0).utcoffset() != begins.replace(fold=1).utcoffset()
    return str(begins.fold) if comes_twice else ""
