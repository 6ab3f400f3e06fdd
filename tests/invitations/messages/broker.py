"""A stand-in for the topic: keeps what it took, refuses or runs something on demand. The real wire: tests/faults."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from invitations.messages import ditt_nav, min_side_rules


class FakeTopic:
    """Takes events as Min side does: what is invalid, or known by its key, is dropped; here a test sees it."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.doubles: list[str] = []
        self.refused: list[Any] = []
        self.problem: str | None = None
        self.while_sending: Callable[[], None] = lambda: None

    def send_batch(self, events: Sequence[tuple[str, bytes]], timeout: float) -> dict[str, str | None]:
        self.while_sending()
        if self.problem:
            return {key: self.problem for key, _ in events}
        for key, value in events:
            event = json.loads(value)
            assert key == event["varselId"]
            self._take(event)
        return {key: None for key, _ in events}

    def _take(self, event: dict[str, Any]) -> None:
        problems = min_side_rules.problems_with(event)
        if problems:
            self.refused.append((event, problems))
        elif event["@event_name"] == "opprett" and event["varselId"] in {one["varselId"] for one in self.shown()}:
            self.doubles.append(event["varselId"])
        else:
            self.events.append(event)

    def shown(self) -> list[dict[str, Any]]:
        """What was put on Ditt NAV, in order."""
        return [event for event in self.events if event["@event_name"] == "opprett"]

    def taken_back(self) -> list[str]:
        return [event["varselId"] for event in self.events if event["@event_name"] == "inaktiver"]

    def active(self) -> list[dict[str, Any]]:
        """What stands there now."""
        gone = set(self.taken_back())
        return [event for event in self.shown() if event["varselId"] not in gone]

    def install(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(ditt_nav, "notifications", lambda: self)
