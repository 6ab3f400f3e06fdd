"""A refused time is answered with the nearest free ones: looked for after the change is rolled back, outside of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from meetings import asking, free_times
from meetings.calendars import Occupied
from meetings.free_times import Wish
from meetings.models import Format
from meetings.overruling import NotSuitable
from meetings.serializers.calendars import SlotOutput
from meetings.times import Slot
from navmeet.api.views import Endpoint


@contextmanager
def offering(wish: Callable[[], Wish], *, instead_of: datetime, at: datetime) -> Iterator[None]:
    """Give Occupied and NotSuitable from within `extra["free_times"]`, the nearest three; `wish` is asked only then."""
    try:
        yield
    except (Occupied, NotSuitable) as error:
        near = free_times.nearest(wish(), instead_of, at=at)
        error.extra["free_times"] = SlotOutput(near, many=True).data
        raise


@contextmanager
def offering_to_change(arguments: Mapping[str, Any], view: Endpoint) -> Iterator[None]:
    """`offering` for a change of a meeting to another time (`to`); any other change is left as it is."""
    slot = arguments.get("to")
    if not isinstance(slot, Slot):
        yield
        return

    def wish() -> Wish:
        meeting = asking.known(arguments["meeting_id"], by=view.by)
        place = arguments.get("place")
        room_id = meeting.booked_room_id if place is None else place.room_id
        length = slot.ends_at - slot.starts_at
        return free_times.for_meeting(meeting, length=length, held=Format(meeting.format), room_id=room_id)

    with offering(wish, instead_of=slot.starts_at, at=view.at):
        yield
