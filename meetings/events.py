"""What happens to meetings, told to the rest of the house in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from navmeet.outbox.outside import Outside
from navmeet.outbox.publish import Event


class Aspect(StrEnum):
    """What a revision is another of."""

    TIME = "time"
    FORMAT = "format"
    PLACE = "place"


class Changed(StrEnum):
    """What of a partner is another. Only `TEXTS` tells nobody: it is read when they open their page."""

    WAY_IN = "way_in"
    PART = "part"
    CONTACT = "contact"
    TEXTS = "texts"


class Detail(StrEnum):
    """What of the rest is another. `SPELLING`: the same texts, written right, which tells nobody."""

    TEXTS = "texts"
    SPELLING = "spelling"
    LANGUAGE = "language"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_NOT_ASKED = "identity_not_asked"


@dataclass(frozen=True)
class MeetingBooked(Event):
    """A meeting was booked: revision `revision_id` holds.

    `can_be_told`: the contact register says its citizen can be told digitally.
    """

    outside: ClassVar[Outside | None] = Outside("meeting.booked")

    meeting_id: UUID
    revision_id: UUID
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class MeetingRevised(Event):
    """Time, format or place changed: revision `number` now holds. `what` names which."""

    outside: ClassVar[Outside | None] = Outside("meeting.revised", ("revision_id", "number", "what"))

    meeting_id: UUID
    revision_id: UUID
    number: int
    what: frozenset[Aspect]
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class MeetingCancelled(Event):
    """The meeting will not be held."""

    outside: ClassVar[Outside | None] = Outside("meeting.cancelled")

    meeting_id: UUID
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class MeetingReinstated(Event):
    """A cancelled meeting will be held after all: revision `number` now holds, at the time it had."""

    outside: ClassVar[Outside | None] = Outside("meeting.reinstated", ("revision_id", "number"))

    meeting_id: UUID
    revision_id: UUID
    number: int
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class DetailsChanged(Event):
    """What was written to the citizen, their language, or whether they must show who they are."""

    meeting_id: UUID
    what: frozenset[Detail]
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class StaffChanged(Event):
    """A colleague is to take part, or no more. Who, stays in the house."""

    meeting_id: UUID
    participant_id: UUID
    is_added: bool
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class HostChanged(Event):
    """Somebody else leads the meeting. `is_to_come`: it is not over yet."""

    outside: ClassVar[Outside | None] = Outside("meeting.handed_over")

    meeting_id: UUID
    participant_id: UUID
    is_to_come: bool
    can_be_told: bool
    at: datetime


@dataclass(frozen=True)
class PartnerAdded(Event):
    """A doctor or an employer was added to a meeting that was booked before, or with it (`is_with_booking`)."""

    meeting_id: UUID
    participant_id: UUID
    can_be_told: bool
    at: datetime
    is_with_booking: bool = False


@dataclass(frozen=True)
class PartnerChanged(Event):
    """Something about a partner is another; `what` names which."""

    meeting_id: UUID
    participant_id: UUID
    what: frozenset[Changed]
    at: datetime


@dataclass(frozen=True)
class PartnerRemoved(Event):
    """A partner is taken out of the meeting."""

    meeting_id: UUID
    participant_id: UUID
    at: datetime


@dataclass(frozen=True)
class MeetingEnded(Event):
    """The host ended the meeting: its door is closed. What it was planned to take of people's time is not changed."""

    outside: ClassVar[Outside | None] = Outside("meeting.ended")

    meeting_id: UUID
    at: datetime


@dataclass(frozen=True)
class MeetingConcluded(Event):
    """It is said whether the meeting was held; said again where it is corrected."""

    outside: ClassVar[Outside | None] = Outside("meeting.concluded", ("held",))

    meeting_id: UUID
    held: bool
    at: datetime


@dataclass(frozen=True)
class NoShowClaimed(Event):
    """Somebody is about to be noted as not having met. A reaction that knows that delivery, link or host failed vetoes.

    Stays in the house: what became of a person is told to no other system.
    """

    meeting_id: UUID
    participant_id: UUID
    at: datetime


@dataclass(frozen=True)
class OutcomeSet(Event):
    """What became of a participant is another than `before` (None: nothing was said). Stays in the house."""

    meeting_id: UUID
    participant_id: UUID
    before: str | None
    outcome: str
    at: datetime
