"""The stand-in for Ditt NAV as its own process, as a test sees it: over HTTP and on the topics."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from confluent_kafka import Consumer, TopicPartition

from navmeet.dev.servers import probes

ROOT = Path(__file__).resolve().parents[2]
STATUSES = "min-side.aapen-varsel-hendelse-v1"
NO_PATIENCE = 60.0


class StandIn:
    """The process, and the broker that it reads from. `clock` is a file that says what time it is there."""

    def __init__(self, state: Path, brokers: str, clock: Path | None = None) -> None:
        self.brokers = brokers
        self._clock = {"NAVMEET_CLOCK": str(clock)} if clock else {}
        self._state = state
        self._port = probes.free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        options = ("--port", str(self._port), "--brokers", self.brokers, "--state", str(self._state), "--pace", "0.05")
        self._process = subprocess.Popen(
            (sys.executable, "-m", "navmeet.dev.ditt_nav", *options),
            env={**kept, **self._clock, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
        )
        eventually(probes.accepts_connections(self._port))

    def stop(self, how: int = signal.SIGTERM) -> float:
        began = time.monotonic()
        self._process.send_signal(how)
        self._process.wait(10)
        return time.monotonic() - began

    def api(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/api/events", trust_env=False).json()
        return found

    def events(self, key: UUID) -> list[dict[str, Any]]:
        return [entry for entry in self.api()["events"] if entry["key"] == str(key)]

    def verdicts(self, key: UUID) -> list[str]:
        return [entry["verdict"] for entry in self.events(key)]

    def notice(self, key: UUID) -> dict[str, Any] | None:
        return next((notice for notice in self.api()["notices"] if notice["varselId"] == str(key)), None)

    def statuses(self) -> list[dict[str, Any]]:
        """Everything on the topic of status events, partition by partition, from the beginning."""
        consumer = Consumer({"bootstrap.servers": self.brokers, "group.id": str(uuid4()), "enable.partition.eof": True})
        partitions = consumer.list_topics(STATUSES, timeout=5).topics[STATUSES].partitions
        consumer.assign([TopicPartition(STATUSES, partition, 0) for partition in partitions])
        ends, found = 0, []
        while ends < len(partitions):
            message = consumer.poll(5)
            assert message is not None
            if message.error():
                ends += 1
            else:
                found.append(json.loads(message.value() or b""))
        consumer.close()
        return found

    def told(self, key: UUID) -> list[str]:
        return [
            str(event.get("status") or event["@event_name"])
            for event in self.statuses()
            if event["varselId"] == str(key)
        ]


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + NO_PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
