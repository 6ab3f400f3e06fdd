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
    starts_at, ends_at = own_start(of.starts_at, participant.part_offset, participant.part_minutes), of.ends_at
    if participant.part_offset is not None and participant.part_minutes is not None:
        ends_at = starts_at + timedelta(minutes=participant.part_minutes)
    return Own(starts_at, ends_at, Format(participant.way_in or of.format))


def own_start(starts_at: datetime, part_offset: int | None, part_minutes: int | None) -> datetime:
    """When the part of one who takes part begins, in a meeting that starts then."""
    has_part = part_offset is not None and part_minutes is not None
    return starts_at + timedelta(minutes=part_offset) if part_offset is not None and has_part else starts_at


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
