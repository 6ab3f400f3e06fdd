"""Who goes, of what counts on a day that has no room for all of it: what cannot wait, and of that the nearer meeting.

| goes before what stands below                           | among themselves          | where it has no room       |
|---------------------------------------------------------|---------------------------|----------------------------|
| a reminder near the meeting: 1_HOUR, 1_DAY              | whose meeting comes first | falls                      |
| news that would be none the next morning                | whose time is over first  | falls, and somebody rings  |
| a reminder a week ahead: 1_DAY comes after it, and it   | whose meeting comes first | falls                      |
| goes only if they have answered                         |                           |                            |
| other news                                              | whose time is over first  | waits for a day with room  |

Pure, and by the row alone: the same whenever it is asked, so that the order in which they are planned is nothing.
"""

from datetime import datetime
from enum import IntEnum
from typing import Final, NamedTuple
from uuid import UUID

from invitations.messages import quiet
from invitations.messages.own import own
from invitations.models import Message, Occasion, Step

# Of two for one meeting.
_STEPS: Final = {Step.HOUR_1: 0, Step.DAY_1: 1, Step.DAYS_7: 2}


class Kind(IntEnum):
    """The less, the stronger."""

    NEAR = 0
    NEWS_OF_TODAY = 1
    FAR = 2
    NEWS = 3


class Rank(NamedTuple):
    """Compared as it stands: the less, the stronger. `message` names it, and decides where all else is equal."""

    kind: Kind
    moment: datetime
    step: int
    message: UUID

    @property
    def is_reminder(self) -> bool:
        """It falls where there is no room; else it waits, if it can."""
        return self.kind in {Kind.NEAR, Kind.FAR}


def of(message: Message, due_at: datetime | None = None) -> Rank:
    """Of a message as it is planned, or as if it were due at `due_at`."""
    starts_at = own(message.participant, message.meeting).starts_at
    return rank(message.pk, message.occasion, message.step, starts_at, due_at or message.due_at, message.not_after)


def rank(message: UUID, occasion: str, step: str, starts_at: datetime, due_at: datetime, not_after: datetime) -> Rank:
    """As `of`; `starts_at` is the receiver's own part of the meeting."""
    if occasion == Occasion.REMINDER:
        kind = Kind.FAR if step == Step.DAYS_7 else Kind.NEAR
        return Rank(kind, starts_at, _STEPS.get(Step(step), 0), message)
    kind = Kind.NEWS_OF_TODAY if quiet.next_morning(due_at) > not_after else Kind.NEWS
    return Rank(kind, not_after, 0, message)
