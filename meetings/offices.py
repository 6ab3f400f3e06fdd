"""What an office decides for its meetings: its rooms, the notice it gives, and the time it keeps free around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from meetings.keeping import check_can_keep, my_offices
from meetings.models import MOST_IN_A_ROOM, Format, Office, Room
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.api.text import clean
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid, NotFound

MOST_NOTICE: Final = 90
LONGEST_BUFFER: Final = 120
_NAME: Final = 80


@dataclass(frozen=True)
class RoomInput:
    """A room as it is to be. One that is not active stays with its meetings, and nobody books it."""

    name: str
    capacity: int
    is_step_free: bool = False
    has_hearing_loop: bool = False
    is_active: bool = True

    def checked(self) -> "RoomInput":
        """Raises Invalid at `name` or `capacity`."""
        name = clean(self.name, field="name", longest=_NAME)
        if not name:
            raise Invalid("Skriv hva rommet heter.", code="name_missing", field="name")
        if not 2 <= self.capacity <= MOST_IN_A_ROOM:
            text = f"Et rom har plass til minst 2 og høyst {MOST_IN_A_ROOM}."
            raise Invalid(text, code="capacity", field="capacity")
        return RoomInput(name, self.capacity, self.is_step_free, self.has_hearing_loop, self.is_active)


@change
def add_room(*, room: RoomInput, by: Actor, at: datetime) -> Room:
    """A new room at the office of `by`. Raises NotPermitted, Invalid, Conflict at `name` for one that is there."""
    check_can_keep(my_offices(by), by)
    wanted = room.checked()
    _check_name(wanted.name, by)
    added = Room.objects.create(office_id=by.known_office, **vars(wanted))
    record("room.added", by=by, at=at, subject=added, office=by.known_office)
    return added


@change
def change_room(*, room_id: UUID, room: RoomInput, by: Actor, at: datetime) -> Room:
    """The room is as it says from now on; meetings that have it keep it. Raises as `add_room`, and NotFound."""
    check_can_keep(my_offices(by), by)
    found = Room.objects.select_for_update().filter(pk=room_id, office_id=by.known_office).first()
    if found is None:
        raise NotFound("Vi finner ikke rommet.", code="room_not_found")
    wanted = room.checked()
    _check_name(wanted.name, by, but=found.pk)
    for name, value in vars(wanted).items():
        setattr(found, name, value)
    found.save(update_fields=list(vars(wanted)))
    record("room.changed", by=by, at=at, subject=found, office=by.known_office)
    return found


@change
def set_rules(*, least_notice_days: int, buffers: Mapping[str, int], by: Actor, at: datetime) -> Office:
    """The office's least notice in days, and minutes free around meetings by format (none given: the setting's).

    Raises NotPermitted, Invalid at `least_notice_days` or `buffers.<format>`.
    """
    check_can_keep(my_offices(by), by)
    if not 0 <= least_notice_days <= MOST_NOTICE:
        text = f"Varselet kan være fra 0 til {MOST_NOTICE} dager."
        raise Invalid(text, code="notice", field="least_notice_days")
    for held, minutes in buffers.items():
        if held not in Format.values or not 0 <= minutes <= LONGEST_BUFFER:
            text = f"Pausen kan være fra 0 til {LONGEST_BUFFER} minutter."
            raise Invalid(text, code="buffer", field=f"buffers.{held}" if held in Format.values else "buffers")
    office = Office.objects.select_for_update().get(pk=by.known_office)
    office.least_notice_days, office.buffers = least_notice_days, dict(buffers)
    office.save(update_fields=["least_notice_days", "buffers"])
    who = User.objects.get(pk=by.known_id)
    record("office.rules_set", by=by, at=at, subject=who, office=office.pk, notice=least_notice_days)
    return office


def _check_name(name: str, by: Actor, *, but: UUID | None = None) -> None:
    same = Room.objects.filter(office_id=by.known_office, name=name)
    if (same.exclude(pk=but) if but else same).exists():
        raise Conflict("Enheten har allerede et rom med dette navnet.", code="room_exists", field="name")
