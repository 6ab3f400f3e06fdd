"""Where a meeting is, or who rings whom, as lines of a page."""

from meetings.models import Caller, Format, Revision
from meetings.revisions import place_of
from navmeet.pages.staff import words


def lines(revision: Revision) -> list[str]:
    """Line by line; nothing for a meeting by video."""
    place = place_of(revision)
    if revision.format == Format.PHONE:
        return [f"{words.CALLERS[Caller(place.caller)]}, {place.phone}"]
    return [line for line in (place.address, place.room, place.directions) if line]
