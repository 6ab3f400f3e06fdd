"""A stand-in for the topic: keeps what it took, in order; fails or pauses on demand. The real wire: test_killed."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from navmeet.outbox import relay


class FakeTopic:
    """What arrived, message by message, as other systems see it."""

    def __init__(self) -> None:
        self.arrived: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.refusing: set[str] = set()
        self.is_away = False
        self.while_sending: Callable[[], None] = lambda: None

    def send_batch(self, events: Sequence[tuple[str, bytes]], timeout: float) -> dict[str, str | None]:
        self.while_sending()
        assert len({key for key, _ in events}) == len(events), "one event of a meeting at a time"
        settled: dict[str, str | None] = {}
        for key, value in events:
            if self.is_away or key in self.refusing:
                settled[key] = "_MSG_TIMED_OUT"
                continue
            self.keys.append(key)
            self.arrived.append(json.loads(value))
            settled[key] = None
        return settled

    def ids(self) -> list[str]:
        return [event["event_id"] for event in self.arrived]

    def of(self, meeting_id: object) -> list[dict[str, Any]]:
        return [event for event in self.arrived if event["meeting_id"] == str(meeting_id)]

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(relay, "topic", lambda: self)
