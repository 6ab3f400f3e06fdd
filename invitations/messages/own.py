"""What of the meeting is one participant's own: their part of the time, their way in, and what concerns them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.events import Aspect
from meetings.models import Format, Meeting, Participant, Revision


@dataclass(frozen=True)
class Own:
    """When and how one participant takes part."""

    starts_at: datetime
    ends_at: datetime
    held: Format


def own(participant: Participant, of: Meeting | Revision) -> Own:
    """Theirs, in a meeting as it is now or in one of its revisions."""
    starts_at, ends_at = of.starts_at, of.ends_at
    if participant.part_offset is not None and participant.part_minutes is not None:
        starts_at += timedelta(minutes=participant.part_offset)
        ends_at = starts_at + timedelta(minutes=participant.part_minutes)
    return Own(starts_at, ends_at, Format(participant.way_in or of.format))


def is_concerned(participant: Participant, what: Collection[Aspect], now: Revision) -> bool:
    """Does a change of the meeting change anything for them?

    Time moves everybody's part. Another format is nothing to one who comes in another way; nor is another place, to
    one who is not there.
    """
    if Aspect.TIME in what:
        return True
    if Aspect.FORMAT in what:
        return not participant.way_in
    return Aspect.PLACE in what and (participant.way_in or now.format) == now.format
