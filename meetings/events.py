"""What happens to meetings, told to the rest of the house in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from navmeet.outbox.publish import Event


@dataclass(frozen=True)
class MeetingBooked(Event):
    """A meeting was booked. `can_be_told`: the contact register says its citizen can be told digitally."""

    meeting_id: UUID
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class MeetingRevised(Event):
    """Time, format or place changed: revision `number` now holds. `what` names which: "time", "format", "place"."""

    meeting_id: UUID
    revision_id: UUID
    number: int
    what: frozenset[str]
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class MeetingCancelled(Event):
    """The meeting will not be held."""

    meeting_id: UUID
    can_be_told: bool
    at: datetime
