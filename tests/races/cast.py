"""Who races for what: caseworkers, citizens, rooms, a line of hours that nobody has yet, and acts on them."""

from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from meetings import booking, changes, handing_over, reinstating, starting_types
from meetings.models import Format, Meeting, Occupancy, Room
from meetings.places import Place
from meetings.times import OSLO, Slot, slot
from navmeet.accounts.models import User
from navmeet.people.models import Person
from tests import make
from tests.meetings.setting import changing, colleague
from tests.races.crowd import Act

FIRST_DAY = date(2027, 2, 1)
HOURS = range(8, 20)
_rooms = count(1)


class Cast:
    """As many employees and citizens as there are clients; some rooms of their one office."""

    def __init__(self, clients: int) -> None:
        starting_types.load()
        self.hosts: list[User] = [make.caseworker() for _ in range(clients)]
        self.citizens: list[Person] = [make.citizen() for _ in range(clients)]
        self.rooms: list[Room] = [make.room(str(next(_rooms))) for _ in range(3)]

    def book(self, host: int, citizen: int, when: Slot, *, room: Room | None = None) -> Act:
        """To book it, with a fresh id: nobody's second try."""
        by, person = make.actor(self.hosts[host]), self.citizens[citizen]
        values: dict[str, Any] = {"format": Format.IN_PERSON, "place": Place(room_id=room.pk)} if room else {}
        wanted = make.wanted(person, **values)
        wanted = booking.Booking(**{**vars(wanted), "slot": when})
        clearance = make.clearance(person, by)
        return lambda: booking.book(
            wanted=wanted, can_be_told=True, by=by, clearance=clearance, at=make.NOW, overrule=make.ANYHOW
        )

    def booked(self, host: int, citizen: int, when: Slot, *, room: Room | None = None) -> Meeting:
        made: Meeting = self.book(host, citizen, when, room=room)()
        return made

    def colleague(self, meeting: Meeting, host: int) -> dict[str, Any]:
        return {"to": colleague(meeting, self.hosts[host]), "stays": False}


def hour(number: int, *, day: int = 0, minutes: int = 45, past: int = 0) -> Slot:
    """Hour `number` of day `day`, counted on into the next days; `past` the full hour."""
    days, clock = divmod(number, len(HOURS))
    on = FIRST_DAY + timedelta(days=day + days)
    return slot(day=on, clock=time(HOURS[clock] + past // 60, past % 60), minutes=minutes, fold=0, at=make.NOW)


def place(meeting: Meeting) -> int:
    """The number of the hour it begins at."""
    begins = meeting.starts_at.astimezone(OSLO)
    return (begins.date() - FIRST_DAY).days * len(HOURS) + HOURS.index(begins.hour)


def move(meeting: Meeting, to: Slot) -> Act:
    arguments = changing(meeting, to=to, place=None, overrule=make.ANYHOW)
    return lambda: changes.move(**arguments)


def cancel(meeting: Meeting) -> Act:
    arguments = changing(meeting)
    return lambda: changes.cancel(**arguments)


def reinstate(meeting: Meeting) -> Act:
    arguments = changing(meeting, safety_measures=frozenset(), overrule=make.ANYHOW)
    return lambda: reinstating.reinstate(**arguments)


def hand_over(meeting: Meeting, to: dict[str, Any]) -> Act:
    arguments = changing(meeting, **to, overrule=make.ANYHOW)
    return lambda: handing_over.hand_over(**arguments)


def is_taken(who: UUID, when: Slot) -> bool:
    """Does a meeting that is to be held take their time then?"""
    return Occupancy.objects.filter(resource__of=who, during__overlap=(when.starts_at, when.ends_at)).exists()
