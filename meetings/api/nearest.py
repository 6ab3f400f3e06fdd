"""A refused time is answered with the nearest free ones: looked for after the change is rolled back, outside of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from meetings import free_times
from meetings.calendars import Occupied
from meetings.free_times import Wish
from meetings.overruling import NotSuitable
from meetings.serializers.calendars import SlotOutput


@contextmanager
def offering(wish: Callable[[], Wish], *, instead_of: datetime, at: datetime) -> Iterator[None]:
    """Give Occupied and NotSuitable from within `extra["free_times"]`, the nearest three; `wish` is asked only then."""
    try:
        yield
    except (Occupied, NotSuitable) as error:
        near = free_times.nearest(wish(), instead_of, at=at)
        error.extra["free_times"] = SlotOutput(near, many=True).data
        raise
