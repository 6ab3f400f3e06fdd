"""What speaks against a time: hours, absence, holidays, closing days, notice, buffers, and a room too small.

All of it can be overruled, with a reason that stays in the history. That somebody is taken cannot: see calendars.
Where nobody ever set hours, no time is outside them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from meetings import calendars, days, opening, rooms
from meetings.calendars import Calendar
from meetings.models import Format, Meeting, MeetingType, Office, Resource, Revision, Room
from meetings.opening import Diary
from meetings.overruling import NOTHING, Code, NotSuitable, Objection, Overrule, Overruled, settle
from meetings.times import OSLO, Slot

# What a place brings, whatever the time.
_OF_THE_PLACE: Final = frozenset({Code.OFFICE_HOURS, Code.CLOSED, Code.BUFFER, Code.ROOM_TOO_SMALL})


def check(
    *,
    slot: Slot,
    held: Format,
    staff: tuple[UUID, ...],
    room: Room | None,
    meeting_type: MeetingType,
    office: Office,
    at: datetime,
    overrule: Overrule | None = None,
    in_person: int = 0,
    ignoring: UUID | None = None,
    before: Revision | None = None,
    office_of: Mapping[UUID, str] | None = None,
) -> Overruled:
    """What was overruled, to be kept with the revision. Call it under `calendars.lock`, after `check_free`.

    `office_of` are the offices of `staff`, where they are known. `before` is the revision that holds now: where the
    time stays, only what the new format or room brings is asked, and what was overruled stays so. Raises NotSuitable,
    Invalid at `overrule` or `overrule_why`.
    """
    is_same_time = before is not None and (before.starts_at, before.ends_at) == (slot.starts_at, slot.ends_at)
    kept = Overruled.of(before) if before is not None and is_same_time else NOTHING
    if before is not None and is_same_time and not _is_to_another_place(before, held, room):
        return kept
    found = objections(
        slot=slot,
        held=held,
        staff=staff,
        room=room,
        meeting_type=meeting_type,
        office=office,
        at=at,
        in_person=in_person,
        ignoring=ignoring,
        office_of=office_of,
    )
    if is_same_time:
        found = tuple(one for one in found if one.code in _OF_THE_PLACE and one.code not in kept.codes)
    new = settle(found, overrule)
    return Overruled(codes=(*kept.codes, *new.codes), why=new.why or kept.why)


def check_meeting(
    meeting: Meeting,
    *,
    slot: Slot,
    held: Format,
    room: Room | None,
    at: datetime,
    overrule: Overrule | None,
    before: Revision | None,
) -> Overruled:
    """`check` for a meeting that is there, with the people who take part in it."""
    people = list(meeting.participants.filter(removed_at=None))
    return check(
        slot=slot,
        held=held,
        staff=tuple(one.user_id for one in people if one.user_id is not None),
        room=room,
        meeting_type=meeting.type,
        office=meeting.office,
        at=at,
        overrule=overrule,
        in_person=rooms.in_person(people),
        ignoring=meeting.pk,
        before=before,
    )


def objections(
    *,
    slot: Slot,
    held: Format,
    staff: tuple[UUID, ...],
    room: Room | None,
    meeting_type: MeetingType,
    office: Office,
    at: datetime,
    in_person: int = 0,
    ignoring: UUID | None = None,
    office_of: Mapping[UUID, str] | None = None,
) -> tuple[Objection, ...]:
    """All that speaks against it, in the order people fix it. `in_person`: how many come to the room.

    At most one query a table. Names no employee, and no other meeting.
    """
    diary = opening.read(
        staff=staff, office_id=office.pk, starts_at=slot.starts_at, ends_at=slot.ends_at, office_of=office_of
    )
    found = [
        *by_diary(slot, diary, held=held, staff=staff, meeting_type=meeting_type, office=office, at=at),
        *_against_neighbours(slot, held, staff, room, office, ignoring),
    ]
    if room is not None and in_person > room.capacity:
        told = f"Rommet har plass til {room.capacity}, og dere blir {in_person}. Velg et annet rom."
        found.append(Objection(Code.ROOM_TOO_SMALL, told, field="room_id"))
    return tuple(found)


def by_diary(
    slot: Slot,
    diary: Diary,
    *,
    held: Format,
    staff: tuple[UUID, ...],
    meeting_type: MeetingType,
    office: Office,
    at: datetime,
) -> Iterator[Objection]:
    """What speaks against it by what is set for employees, office and type; nothing is asked of the database."""
    yield from _against_day(slot, diary)
    yield from _against_people(slot, held, staff, diary)
    yield from _against_notice(slot, meeting_type, office, at)


def too_near(buffer: timedelta) -> Objection:
    """Another meeting is nearer than the buffer."""
    return Objection(Code.BUFFER, f"Det skal være minst {buffer // timedelta(minutes=1)} minutter mellom møtene.")


def _against_day(slot: Slot, diary: Diary) -> Iterator[Objection]:
    """Holidays, half days, and days on which the office is closed."""
    for day in days.days_of(slot.starts_at, slot.ends_at):
        if days.is_holiday(day):
            yield Objection(Code.HOLIDAY, "Det er helligdag denne dagen.")
        ends = days.half_day_ends(day)
        if ends is not None and slot.ends_at > days.instant(day, ends):
            yield Objection(Code.HOLIDAY, f"Arbeidsdagen slutter kl. {ends:%H.%M} denne dagen.")
        if day in diary.closing_days:
            yield Objection(Code.CLOSED, "Enheten holder ikke møter denne dagen.")


def earliest(meeting_type: MeetingType, office: Office, at: datetime) -> datetime:
    """The first instant that gives as many days' notice as the type or the office asks for, whichever is longer."""
    notice = max(meeting_type.least_notice_days, office.least_notice_days)
    return max(at, days.whole(at.astimezone(OSLO).date() + timedelta(days=notice))[0])


def _against_notice(slot: Slot, meeting_type: MeetingType, office: Office, at: datetime) -> Iterator[Objection]:
    """Too few days from now."""
    notice = max(meeting_type.least_notice_days, office.least_notice_days)
    if notice and slot.starts_at < earliest(meeting_type, office, at):
        many = "én dags varsel" if notice == 1 else f"{notice} dagers varsel"
        yield Objection(Code.NOTICE, f"Innbyggeren skal ha minst {many}.")


def buffer_of(office: Office, held: Format) -> timedelta:
    """How long is kept free on both sides of such a meeting, for those from Nav and the room."""
    return timedelta(minutes=office.buffers.get(held, settings.BUFFER_MINUTES.get(held, 0)))


def _is_to_another_place(before: Revision, held: Format, room: Room | None) -> bool:
    """To a meeting in person that was none, or in another room. A click that turns it into a call is never refused."""
    is_elsewhere = before.format != held or before.booked_room_id != (room.pk if room else None)
    return held == Format.IN_PERSON and is_elsewhere


def _against_people(slot: Slot, held: Format, staff: tuple[UUID, ...], diary: Diary) -> Iterator[Objection]:
    wanted = list(days.days_of(slot.starts_at, slot.ends_at))

    def is_within(spans: Iterable[days.Span]) -> bool:
        return any(opens <= slot.starts_at and slot.ends_at <= closes for opens, closes in days.joined(spans))

    if not all(is_within(one for day in wanted for one in diary.employee(who, day, opening.any_time)) for who in staff):
        yield Objection(Code.OUTSIDE_HOURS, "Tidspunktet er utenfor arbeidstiden til en av dere fra Nav.")
    if any(diary.is_absent(who, slot.starts_at, slot.ends_at) for who in staff):
        yield Objection(Code.ABSENT, "En av dere fra Nav er borte på dette tidspunktet.")
    if held == Format.IN_PERSON and not is_within(one for day in wanted for one in diary.office(day, opening.any_time)):
        yield Objection(Code.OFFICE_HOURS, "Kontoret er ikke åpent på dette tidspunktet.")


def _against_neighbours(
    slot: Slot, held: Format, staff: tuple[UUID, ...], room: Room | None, office: Office, ignoring: UUID | None
) -> Iterator[Objection]:
    buffer = buffer_of(office, held)
    if not buffer:
        return
    whose = [Calendar(Resource.Kind.STAFF, who) for who in staff]
    resources = calendars.known([*whose, *([Calendar(Resource.Kind.ROOM, room.pk)] if room else [])])
    near = calendars.taken(
        [one.pk for one in resources], starts_at=slot.starts_at - buffer, ends_at=slot.ends_at + buffer
    )
    if (near.exclude(meeting_id=ignoring) if ignoring else near).exists():
        yield too_near(buffer)


__all__ = [
    "Code",
    "NotSuitable",
    "Objection",
    "Overrule",
    "Overruled",
    "buffer_of",
    "check",
    "check_meeting",
    "earliest",
    "objections",
]
