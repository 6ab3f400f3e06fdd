"""A house of its own, with real servers and processes: PostgreSQL and Redis are struck here, never the tests' own."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from celery import Celery
from django.conf import settings

from navmeet.dev.servers import postgres, probes, programs
from navmeet.dev.servers.environment import Ports
from navmeet.dev.servers.house import House
from navmeet.dev.servers.processes import Program, Stack
from navmeet.dev.servers.running import ROOT, Running
from tests import make
from tests.faults import stage
from tests.faults.figures import wait
from tests.faults.ledger import Book

# Not below pytest's own temporary folder, which PostgreSQL's user may not enter.
FOLDER = ROOT / ".build" / "faults"
# What the tests' own settings put into the environment: the house must not take it for servers of somebody else.
OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "KAFKA_BROKERS", "CRASH_AT", "NAVMEET_MODE")
LEASE_SECONDS = "6"


@dataclass
class StruckHouse:
    house: House

    @property
    def book(self) -> Book:
        return Book(self.owner_url, (self.house.folder / "received",))

    @property
    def owner_url(self) -> str:
        return self.house.environment()["DATABASE_OWNER_URL"]

    def run(self, name: str, *words: str) -> str:
        """A script of the tests to its end, as one of the house's own processes; what it printed."""
        program = Program(
            name=name,
            command=(sys.executable, "-m", *words),
            environment=self.house.environment(),
            is_ready=lambda: True,
            patience=120,
        )
        self.house.stack.run(program)
        return (self.house.stack.logs / f"{name}.log").read_text(encoding="utf-8")

    def plan(self, count: int, taken_back: int = 0, *when: str) -> None:
        self.run("planning", "tests.faults.planning", str(count), str(taken_back), *when)

    def strike_postgres(self) -> None:
        """What `pg_ctl -m immediate restart` does: everybody is cut off, nothing is written, the next recovers."""
        folder = self.house.folder / "postgres"
        os.kill(postgres.start(folder).pid, signal.SIGQUIT)
        assert wait(lambda: not postgres.is_running(folder), 10)
        postgres.start(folder)

    def strike_redis(self) -> None:
        """kill -9, and with it everything it held is gone."""
        self.house.stack["redis"].kill()
        for left in (self.house.folder / "redis").rglob("*"):
            if left.is_file():
                left.unlink()

    def start_redis(self) -> None:
        self.house.stack.restart("redis")

    def revive(self) -> list[str]:
        """What the platform does: of worker and beat, what has ended is started again; which."""
        return self.house.stack.revive()

    def wake(self) -> None:
        """What a booking does once it is committed."""
        with Celery(broker=self.house.environment()["REDIS_URL"], set_as_current=False) as asking:
            asking.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
            asking.send_task("invitations.sweep", expires=30, ignore_result=True)

    @contextmanager
    def other_worker(self, folder: Path, **given: str) -> Iterator[Running]:
        """One more worker, with these in its environment."""
        stack = Stack.of_one(folder, worker({**self.house.environment(), **given}))
        try:
            yield stack["worker"]
        finally:
            stack.stop()

    @contextmanager
    def others(self, folder: Path, **given: str) -> Iterator["Others"]:
        """A worker, a beat and staff's web with these in their environment, in place of the house's own."""
        environment = {**self.house.environment(), **given}
        ports = replace(self.house.ports, staff=probes.free_ports(1)[0])
        names = ("worker", "beat")
        for name in names:
            self.house.stack[name].kill()
        stack = Stack(folder)
        web = programs.web("staff", ports, environment)
        try:
            stack.start(worker(environment), programs.beat(environment, folder), web)
            yield Others(stack, ports.staff_url)
        finally:
            stack.stop()
            for name in names:
                self.house.stack.restart(name)

    def caseworker(self, home: str = "") -> "Caseworker":
        """Logged in, at the house's own address if no other is given."""
        session, person = self.run("session", "tests.faults.session").split()[-2:]
        return Caseworker(home or self.house.ports.staff_url, session, person)

    def pass_time(self) -> None:
        """Ten seconds, on a clock that else stands still: what a slow register made wait may be tried again."""
        self.set_clock(self.now() + timedelta(seconds=10))

    @contextmanager
    def running_clock(self) -> Iterator["RunningClock"]:
        """For all of its processes time goes as it does outside, from where it stood."""
        running = RunningClock(self, self.now(), time.time())
        running.start()
        try:
            yield running
        finally:
            running.ended.set()
            running.join()

    def now(self) -> datetime:
        return datetime.fromisoformat(self._clock.read_text(encoding="ascii"))

    @property
    def _clock(self) -> Path:
        return self.house.folder / "clock"

    def set_clock(self, now: datetime) -> None:
        """For all of its processes; written whole or not at all."""
        fresh = self.house.folder / "clock.new"
        fresh.write_text(now.isoformat(), encoding="ascii")
        fresh.replace(self._clock)


@dataclass(frozen=True)
class Others:
    """Processes in place of the house's own, and where their web answers."""

    stack: Stack
    home: str


class RunningClock(threading.Thread):
    """Sets the house's clock on, ten times a second."""

    def __init__(self, house: StruckHouse, from_: datetime, began: float) -> None:
        super().__init__(name="clock", daemon=True)
        self.house, self.from_, self.began = house, from_, began
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.1):
            self.house.set_clock(self.at(time.time()))

    def at(self, outside: float) -> datetime:
        """What that moment outside is on this clock."""
        return self.from_ + timedelta(seconds=outside - self.began)


@dataclass
class Caseworker:
    """Somebody logged in at staff's address; `person` is whom they may book."""

    home: str
    session: str
    person: str

    def book(self, day: str, clock: str) -> httpx.Response:
        body = {"type": "FOLLOW_UP", "format": "VIDEO", "day": day, "time": clock, "minutes": 30, "theme": "Veien"}
        token = "a" * 32
        headers = {
            "Cookie": f"__Host-staff={self.session}; __Host-staff-csrf={token}",
            "X-CSRFToken": token,
            "Idempotency-Key": str(uuid4()),
        }
        given: dict[str, Any] = {"json": body | {"person_id": self.person}, "headers": headers, "timeout": 20}
        return httpx.post(f"{self.home}/api/v1/meetings/", **given)


def worker(environment: dict[str, str]) -> Program:
    """Our worker, with a lease that ends within the test, and a platform that never tires; the rest is as it is."""
    as_it_is = programs.worker(environment)
    command = tuple("tests.faults.hurried" if word == "navmeet" else word for word in as_it_is.command)
    given = {"LEASE_SECONDS": LEASE_SECONDS, **environment}
    return replace(as_it_is, command=command, environment=given, restarts=1000)


@contextmanager
def standing(folder: Path) -> Iterator[StruckHouse]:
    """Servers, registers, worker, beat and staff's web, with no data; everything down afterwards."""
    kept = {name: os.environ.pop(name) for name in OWN if name in os.environ}
    # Not careless: what is struck must stand on what is promised.
    house = House(folder, Ports.free(), extra={"NAVMEET_CLOCK": str(folder / "clock")})
    StruckHouse(house).set_clock(make.later(hours=1))
    recorder = None
    try:
        house.start_servers()
        recorder = stage.record(house.environment()["KAFKA_BROKERS"], folder / "received")
        house.start_stand_ins("registers")
        house.manage("prepare_database")
        house.stack.start(worker(house.environment()))
        house.start_ours("beat", "web_staff")
        yield StruckHouse(house)
    finally:
        if recorder is not None:
            recorder.kill()
            recorder.wait()
        house.stop()
        os.environ.update(kept)
