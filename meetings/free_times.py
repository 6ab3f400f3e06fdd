"""Free times: the first that suit all, and why a wished one does not. Whose time is taken, and by what, is not told."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.conf import settings

from meetings import calendars, days, hours, opening
from meetings.booking import Booking
from meetings.calendars import Calendar
from meetings.days import Hours, Span
from meetings.models import Format, Meeting, MeetingType, Office, Resource
from meetings.opening import Diary
from meetings.overruling import Objection
from meetings.times import OSLO, ZONE, Slot
from navmeet.accounts.actor import Actor

# Meetings are proposed on the quarter.
STEP: Final = timedelta(minutes=15)
# How far around a time that was refused others are looked for, and how many are offered.
BEFORE: Final = timedelta(days=3)
AFTER: Final = timedelta(days=14)
OFFERED: Final = 3

OCCUPIED: Final = Objection("OCCUPIED", "Tidspunktet er opptatt.")
PAST: Final = Objection("PAST", "Tidspunktet er passert.")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who is to meet, and how. `ignoring` is a meeting that is to be moved: its own time does not count as taken."""

    staff: tuple[UUID, ...]
    person_id: UUID | None
    room_id: UUID | None
    length: timedelta
    held: Format
    meeting_type: MeetingType
    office: Office
    ignoring: UUID | None = None


@dataclass(frozen=True)
class Found:
    """The first free times in order, and what speaks against the wished one (empty where it suits)."""

    times: tuple[Slot, ...]
    against: tuple[Objection, ...] = ()


def look(
    wish: Wish, *, from_: datetime, until: datetime, n: int, at: datetime, wished: datetime | None = None
) -> Found:
    """The first `n` times from `from_` that are over by `until`, and why `wished` does not suit.

    At most one query a table, however many days it is. Holidays, closing days, absence, notice and buffers are kept;
    where nobody set hours, those of the setting, Monday to Friday.
    """
    begins = max(from_, hours.earliest(wish.meeting_type, wish.office, at))
    spans = [(begins, until)] if begins < until else []
    asked = slot_at(wished, wish.length) if wished is not None else None
    around = [*spans, *([(asked.starts_at, asked.ends_at)] if asked is not None else [])]
    if not around:
        return Found(())
    first, last = min(one[0] for one in around), max(one[1] for one in around)
    diary = opening.read(staff=wish.staff, office_id=wish.office.pk, starts_at=first, ends_at=last)
    taken = _taken(wish, first, last)
    times = islice(_starts(_windows(wish, diary, taken, spans), wish.length), n)
    against = tuple(_against(asked, wish, diary, taken, at)) if asked is not None else ()
    return Found(tuple(slot_at(start, wish.length) for start in times), against)


def free_times(wish: Wish, *, from_: datetime, until: datetime, n: int, at: datetime) -> tuple[Slot, ...]:
    """The first `n` times that suit all, in order."""
    return look(wish, from_=from_, until=until, n=n, at=at).times


def why_not(wish: Wish, wished: datetime, *, at: datetime) -> tuple[Objection, ...]:
    """All that speaks against a wished time; nothing where it suits."""
    return look(wish, from_=wished, until=wished, n=0, at=at, wished=wished).against


def nearest(wish: Wish, wished: datetime, *, at: datetime) -> tuple[Slot, ...]:
    """Three free times as near as can be to one that was refused, in order."""
    most = int((BEFORE + AFTER) / STEP)
    found = free_times(wish, from_=max(at, wished - BEFORE), until=wished + AFTER, n=most, at=at)
    near = sorted(found, key=lambda one: (abs(one.starts_at - wished), one.starts_at))[:OFFERED]
    return tuple(sorted(near, key=lambda one: one.starts_at))


def for_booking(wanted: Booking, by: Actor) -> Wish:
    """What a booking by `by` asks for, at any time. Two queries."""
    return Wish(
        staff=(by.known_id, *wanted.staff),
        person_id=wanted.person_id,
        room_id=wanted.place.room_id,
        length=wanted.slot.ends_at - wanted.slot.starts_at,
        held=Format(wanted.format),
        meeting_type=MeetingType.objects.get(pk=wanted.type_code),
        office=Office.objects.get(pk=by.known_office),
    )


def for_meeting(meeting: Meeting, *, length: timedelta, held: Format, room_id: UUID | None) -> Wish:
    """What a meeting that is there asks for at another time; its own time does not count as taken. Three queries."""
    people = meeting.participants.filter(removed_at=None)
    return Wish(
        staff=tuple(one.user_id for one in people if one.user_id is not None),
        person_id=next((one.person_id for one in people if one.person_id is not None), None),
        room_id=room_id if held == Format.IN_PERSON else None,
        length=length,
        held=held,
        meeting_type=meeting.type,
        office=meeting.office,
        ignoring=meeting.pk,
    )


def slot_at(starts_at: datetime, length: timedelta) -> Slot:
    """The slot that starts at this instant, with the wall time it is."""
    local = starts_at.astimezone(OSLO)
    return Slot(
        starts_at=starts_at.astimezone(UTC),
        ends_at=starts_at.astimezone(UTC) + length,
        meant=f"{local:%Y-%m-%dT%H:%M}",
        fold=local.fold,
        zone=ZONE,
    )


def suggested(day: date) -> list[Span]:
    """The setting's hours, Monday to Friday: for those who set none."""
    if day.weekday() > 4:
        return []
    opens, closes = settings.DEFAULT_HOURS
    found = days.span(day, Hours(opens, closes))
    return [found] if found else []


@dataclass(frozen=True)
class _Taken:
    """What is taken as it is, and with what must be free around it; both joined and in order."""

    plain: list[Span]
    padded: list[Span]


def _taken(wish: Wish, first: datetime, last: datetime) -> _Taken:
    """Two queries: which calendars these are, and what they hold."""
    wanted = [Calendar(Resource.Kind.STAFF, who) for who in wish.staff]
    if wish.person_id is not None:
        wanted.append(Calendar(Resource.Kind.CITIZEN, wish.person_id))
    if wish.room_id is not None:
        wanted.append(Calendar(Resource.Kind.ROOM, wish.room_id))
    buffer = hours.buffer_of(wish.office, wish.held)
    kinds = {one.pk: one.kind for one in calendars.known(wanted)}
    held = calendars.taken(kinds, starts_at=first - buffer, ends_at=last + buffer)
    if wish.ignoring is not None:
        held = held.exclude(meeting_id=wish.ignoring)
    plain, padded = [], []
    for resource_id, during in held.values_list("resource_id", "during"):
        # The citizen needs no time between two meetings; those from Nav and the room do.
        around = timedelta(0) if kinds[resource_id] == Resource.Kind.CITIZEN else buffer
        plain.append((during.lower, during.upper))
        padded.append((during.lower - around, during.upper + around))
    return _Taken(days.joined(plain), days.joined(padded))


def _windows(wish: Wish, diary: Diary, taken: _Taken, spans: Iterable[Span]) -> Iterator[Span]:
    """The time in which all can meet: day by day, but joined over midnight."""
    for starts_at, ends_at in spans:
        whole = days.joined(one for day in days.days_of(starts_at, ends_at) for one in _day(wish, diary, day))
        free = days.both(whole, [(starts_at, ends_at)])
        for who in wish.staff:
            free = days.without(free, diary.absences.get(who, ()))
        yield from days.without(free, taken.padded)


def _day(wish: Wish, diary: Diary, day: date) -> list[Span]:
    if days.is_holiday(day) or day in diary.closing_days:
        return []
    begins, ends = days.whole(day)
    half = days.half_day_ends(day)
    spans = [(begins, ends if half is None else days.instant(day, half))]
    for who in wish.staff:
        spans = days.both(spans, days.joined(diary.employee(who, day, suggested)))
    if wish.held == Format.IN_PERSON or not wish.staff:
        # The hours of employees are hours enough, where the office set none.
        spans = days.both(spans, days.joined(diary.office(day, opening.any_time if wish.staff else suggested)))
    return spans


def _starts(windows: Iterable[Span], length: timedelta) -> Iterator[datetime]:
    for opens, closes in windows:
        start = _on_the_quarter(opens)
        while start + length <= closes:
            yield start
            start += STEP


def _on_the_quarter(moment: datetime) -> datetime:
    """The next whole quarter, in UTC; the hours of Oslo begin when those of UTC do."""
    here = moment.astimezone(UTC)
    return here + -(here - datetime.combine(here.date(), time(0), tzinfo=UTC)) % STEP


def _against(slot: Slot, wish: Wish, diary: Diary, taken: _Taken, at: datetime) -> Iterator[Objection]:
    if slot.starts_at < at:
        yield PAST
    is_taken = _overlaps(taken.plain, slot)
    if is_taken:
        yield OCCUPIED
    yield from hours.by_diary(
        slot,
        diary,
        held=wish.held,
        staff=wish.staff,
        meeting_type=wish.meeting_type,
        office=wish.office,
        at=at,
    )
    if not is_taken and _overlaps(taken.padded, slot):
        yield hours.too_near(hours.buffer_of(wish.office, wish.held))


def _overlaps(taken: list[Span], slot: Slot) -> bool:
    here = bisect_left(taken, slot.ends_at, key=lambda span: span[0])
    return here > 0 and taken[here - 1][1] > slot.starts_at
