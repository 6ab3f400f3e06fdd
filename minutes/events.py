"""What happens to minutes, told to the rest of the house in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from navmeet.outbox.outside import Outside
from navmeet.outbox.publish import Event


@dataclass(frozen=True)
class MinutesShared(Event):
    """A version of the minutes is now open to the citizen."""

    outside: ClassVar[Outside | None] = Outside("minutes.shared", ("version_id", "number"))

    meeting_id: UUID
    version_id: UUID
    number: int
    can_be_told: bool
    at: datetime
