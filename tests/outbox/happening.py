"""Events of the tests' own, and verbs that publish them without locking any meeting."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from navmeet.accounts.actor import Actor
from navmeet.change import change
from navmeet.outbox.models import OutboxEvent
from navmeet.outbox.outside import Outside
from navmeet.outbox.publish import Event, publish
from tests import make

SYSTEM = Actor.system("tests")


@dataclass(frozen=True)
class Noted(Event):
    """Something was noted."""

    outside: ClassVar[Outside | None] = Outside("test.noted", ("number",))

    meeting_id: UUID
    number: int
    at: datetime


@change
def note(*, meeting_id: UUID, number: int, by: Actor, at: datetime) -> None:
    publish(Noted(meeting_id=meeting_id, number=number, at=at))


def noted(meeting_id: UUID | None = None, number: int = 1) -> UUID:
    """One event; its meeting."""
    meeting_id = meeting_id or uuid4()
    note(meeting_id=meeting_id, number=number, by=SYSTEM, at=make.NOW)
    return meeting_id


def unrelayed() -> int:
    return OutboxEvent.objects.filter(relayed_at=None).count()
