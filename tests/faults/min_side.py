"""A small model of Min side, fed what the receiver wrote down: what stands on Ditt NAV at each moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True)
class Event:
    """`at` by the clock of the one who sent it; `until` is Min side's own deadline."""

    key: str
    name: str
    link: str
    until: datetime | None
    at: datetime

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Self:
        until = line["until"] and datetime.fromisoformat(line["until"])
        return cls(line["key"], line["event"], line["link"], until, datetime.fromisoformat(line["at"]))


def in_order(lines: Iterable[Mapping[str, Any]]) -> list[Event]:
    """As they were put on the wire: between partitions the receiver's file has no order. A key keeps its own."""
    return [Event.read(line) for line in sorted(lines, key=lambda line: line["wire"])]


@dataclass
class MinSide:
    """Drops a varselId it knows, and passes by the end of one it does not, as Min side does."""

    shown: dict[str, Event] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    ended_unknown: set[str] = field(default_factory=set)
    # Shown after its end had come: nothing will take it away.
    outlived: list[str] = field(default_factory=list)

    def take(self, event: Event) -> None:
        if event.name != "opprett":
            (self.gone if event.key in self.shown else self.ended_unknown).add(event.key)
        elif event.key not in self.shown:
            self.shown[event.key] = event
            self.outlived += [event.key] if event.key in self.ended_unknown else []

    def of(self, link: str) -> list[Event]:
        """What stands there with this link, but for deadlines."""
        return [event for key, event in self.shown.items() if event.link == link and key not in self.gone]

    def links(self) -> set[str]:
        return {event.link for event in self.shown.values()}


@dataclass(frozen=True)
class Truth:
    """From `at` on, the meeting ends then."""

    at: datetime
    ends_at: datetime


def gaps(events: Sequence[Event], truths: Mapping[str, Sequence[Truth]]) -> Iterator[str]:
    """Each moment between an invitation's arrival and its meeting's end at which its link is not on Ditt NAV."""
    side = MinSide()
    last = max((truth.ends_at for of in truths.values() for truth in of), default=None)
    for event, until in zip(events, [*(one.at for one in events[1:]), last], strict=True):
        side.take(event)
        for link in side.links() & truths.keys():
            lost = _lost(side.of(link), event.at)
            if lost is not None and (until is None or lost < until) and lost < _end(truths[link], lost):
                yield f"{link[-12:]}: nothing there from {lost}, after {event.name} of {event.key}"


def _lost(there: Sequence[Event], now: datetime) -> datetime | None:
    """When the last of them goes by its deadline; `now` if there is none; None for never."""
    if any(one.until is None for one in there):
        return None
    return max([now, *(one.until for one in there if one.until is not None)])


def _end(truths: Sequence[Truth], at: datetime) -> datetime:
    return [truth for truth in truths if truth.at <= at][-1].ends_at
