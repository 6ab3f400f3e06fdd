"""A broker, a receiver on it, and senders to be killed and stopped, on the tests' database."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from invitations.models import Message, Retraction
from navmeet.dev.servers import kafka
from navmeet.dev.servers.running import ROOT
from tests.faults.ledger import Book

HERE = Path(__file__).resolve().parent


def database_url() -> str:
    """Of the tests' database, for a process of its own."""
    values = connection.settings_dict
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"


class Nursery:
    """The process that senders are forked from (sender.py)."""

    def __init__(self, environment: dict[str, str]) -> None:
        given = {name: value for name, value in environment.items() if name != "CRASH_AT"}
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "sender.py")],
            env=given | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "navmeet.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, changes: dict[str, str]) -> "Sender":
        return Sender(self._ask({"start": changes})["pid"], self)

    def wait(self, pid: int) -> int:
        return self._ask({"wait": pid})["status"]

    def close(self) -> None:
        self._process.communicate()

    def _ask(self, command: dict[str, object]) -> dict[str, int]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer: dict[str, int] = json.loads(self._process.stdout.readline())
        return answer


@dataclass
class Sender:
    """One sender. What has ended is waited for once."""

    pid: int
    nursery: Nursery
    ended: int | None = None

    def wait(self) -> int:
        """How it ended: minus the signal. One that never ends is ended by its own alarm."""
        if self.ended is None:
            self.ended = self.nursery.wait(self.pid)
        return self.ended

    def kill(self) -> None:
        if self.ended is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def is_stopped(self) -> bool:
        return bool(psutil.Process(self.pid).status() == psutil.STATUS_STOPPED)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)


@dataclass
class Stage:
    folder: Path
    nursery: Nursery
    given: dict[str, str]
    brokers: list[kafka.KafkaBroker] = field(default_factory=list)
    senders: list[Sender] = field(default_factory=list)
    recorders: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def new_broker(self) -> kafka.KafkaBroker:
        """A new and empty one, with a receiver; senders that are started from now on know it."""
        number = len(self.brokers)
        broker = kafka.start(self.folder / f"kafka{number}")
        self.brokers.append(broker)
        self.recorders.append(record(broker.address, self.folder / f"received{number}"))
        self.given["KAFKA_BROKERS"] = broker.address
        return broker

    @property
    def book(self) -> Book:
        files = tuple(self.folder / f"received{number}" for number in range(len(self.brokers)))
        return Book(database_url(), files)

    def sender(self, **changes: str) -> Sender:
        self.senders.append(self.nursery.start(self.given | changes))
        return self.senders[-1]

    def pass_time(self, time: timedelta = timedelta(seconds=2)) -> None:
        """On a clock that else stands still: what waits for its next attempt may be tried."""
        clock = Path(self.given["CLOCK_FILE"])
        fresh = clock.with_suffix(".new")
        fresh.write_text((datetime.fromisoformat(clock.read_text(encoding="ascii")) + time).isoformat(), "ascii")
        fresh.replace(clock)

    def close(self) -> None:
        for sender in self.senders:
            sender.kill()
        for recorder in self.recorders:
            recorder.kill()
            recorder.wait()
        for broker in self.brokers:
            broker.stop()


def record(broker: str, path: Path) -> "subprocess.Popen[bytes]":
    """A receiver that writes to this file."""
    words = [sys.executable, str(HERE / "recorder.py"), broker, settings.TOPIC_NOTIFICATIONS, str(path)]
    return subprocess.Popen(words)


def let_leases_run_out() -> None:
    """As if 90 seconds had passed since a sender died; no other is alive when this is called."""
    for model in (Message, Retraction):
        model.objects.filter(state="CLAIMED").update(claimed_until=Now() - timedelta(seconds=1))
