"""publish(): tell the rest of the house, in the same transaction, and gather what follows from it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from navmeet.outbox import keep
from navmeet.outbox.outside import Outside


@dataclass(frozen=True)
class Event:
    """Something that happened in the domain: ids, times, enum values. Never a person's name, number or words.

    Stays in the house unless `outside` says how other systems are told of it.
    """

    outside: ClassVar[Outside | None] = None


@dataclass(frozen=True)
class PlannedMessage:
    """What somebody will be told: as the caseworker sees it before, and as it is stored after.

    `words` says when and through what. `falls`: why it does not go out. `moved`: why it goes out at another time than
    by itself, and `moved_from` at which, where it would go sooner or later but for quiet time. `at_cost_of`: what gives
    it a place on a day that was full. `counts` towards what one person is told on a day. `reminded_at`: when Min side
    itself reminds of it. `sms_at`: when its SMS or e-mail goes, where that waits for the morning. `ahead_of`: when Min
    side would send the old that this takes the place of, where it is to leave before that. `is_sms_too_late`: Min side
    may keep its SMS until it is of no use.
    """

    participant_id: UUID
    role: str
    occasion: str
    step: str
    channel: str
    due_at: Any
    not_after: Any
    texts: Mapping[str, str]
    falls: str = ""
    moved: str = ""
    moved_from: Any = None
    at_cost_of: str = ""
    words: str = ""
    counts: bool = True
    reminded_at: Any = None
    is_sms_too_late: bool = False
    sms_at: Any = None
    ahead_of: Any = None


@dataclass(frozen=True)
class Overtaken:
    """What somebody was to be told, and now will not be: the change came first."""

    participant_id: UUID
    role: str
    occasion: str
    step: str
    due_at: Any


@dataclass
class Consequences:
    """What follows from a change.

    `waits` is what would be told if the citizen agreed to it: the words, and no row of it is written. `lacks` are
    sentences: what is missing for it to be good. `lapses` are sentences too: whose answer, choice or
    release no longer holds, and whose wish stays open. `voided` counts the messages that will not go out, which
    `overtaken` names.
    """

    messages: list[PlannedMessage] = field(default_factory=list)
    waits: list[PlannedMessage] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    lapses: list[str] = field(default_factory=list)
    voided: int = 0
    overtaken: list[Overtaken] = field(default_factory=list)

    def add(self, other: "Consequences") -> None:
        """Take in what another reaction said."""
        self.messages += other.messages
        self.waits += other.waits
        self.lacks += other.lacks
        self.lapses += other.lapses
        self.voided += other.voided
        self.overtaken += other.overtaken


Reaction = Callable[[Any], Consequences | None]

_gathering: ContextVar[Consequences | None] = ContextVar("navmeet_gathering", default=None)


class NotInAChange(RuntimeError):
    """publish() belongs inside @change: what answers it must share its transaction."""


@lru_cache(maxsize=1)
def reactions() -> Mapping[type[Event], Sequence[Reaction]]:
    """The wiring named by settings.REACTIONS."""
    table: Mapping[type[Event], Sequence[Reaction]] = import_string(settings.REACTIONS)
    return table


def publish(event: Event) -> Consequences:
    """Run the event's reactions in order and return what follows. A reaction may veto by raising a DomainError.

    What other systems are told is stored first, in the same transaction: vetoed, rolled back or rehearsed, it was
    never there. Raises NotInAChange outside @change.
    """
    gathered = _gathering.get()
    if gathered is None:
        raise NotInAChange(type(event).__name__)
    if event.outside is not None:
        keep.for_relay(event)
    total = Consequences()
    for react in reactions().get(type(event), ()):
        total.add(react(event) or Consequences())
    gathered.add(total)
    return total


def gather(consequences: Consequences) -> None:
    """Add what a verb itself brought about, so that rehearsing shows it too. Raises NotInAChange."""
    gathered = _gathering.get()
    if gathered is None:
        raise NotInAChange("gather")
    gathered.add(consequences)


@contextmanager
def gathering() -> Iterator[Consequences]:
    """Collect the consequences of what is published inside. For @change alone."""
    mine = Consequences()
    token = _gathering.set(mine)
    try:
        yield mine
    finally:
        _gathering.reset(token)


__all__ = [
    "Consequences",
    "Event",
    "NotInAChange",
    "Overtaken",
    "PlannedMessage",
    "gather",
    "gathering",
    "publish",
    "reactions",
]
