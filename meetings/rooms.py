"""Rooms that are booked with a meeting: which may be, and what they fill in of its place."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from meetings.models import Format, Meeting, Participant, Room
from meetings.places import Place
from navmeet.exceptions import Invalid


def placed(
    place: Place, held: Format, *, office_id: str, kept: UUID | None = None, field: str = "room_id"
) -> tuple[Place, Room | None]:
    """The place as it is stored, checked as `Place.for_format`, and the room that is to be booked with it.

    A booked room gives the place its name, and the office's address where none was written. `kept` is a room that the
    meeting has already: it stays, also when nobody may book it any more. Raises InvalidFields, Invalid at `room_id`.
    """
    if held != Format.IN_PERSON or place.room_id is None:
        return place.for_format(held), None
    room = Room.objects.select_related("office").filter(pk=place.room_id, office_id=office_id).first()
    if room is None or not (room.is_active or room.pk == kept):
        raise Invalid("Velg et av rommene til enheten som eier møtet.", code="room_unknown", field=field)
    return replace(place, room=room.name, address=place.address or room.office.address).for_format(held), room


def coming(meeting: Meeting) -> int:
    """How many come in person to a meeting in a room. One query."""
    return in_person(meeting.participants.filter(removed_at=None))


def in_person(people: Iterable[Participant]) -> int:
    """How many of these come in person, when the meeting is in person."""
    return sum(one.way_in in ("", Format.IN_PERSON) for one in people)
