"""The whole house for a browser: real processes on their own ports and data, the time given through a file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from navmeet.dev.servers.environment import Ports
from navmeet.dev.servers.house import House
from navmeet.dev.servers.running import ROOT

OSLO = ZoneInfo("Europe/Oslo")
SCREENSHOTS = ROOT / ".build" / "screenshots"
# What the tests' own settings put into the environment: the house must not take it for servers of somebody else.
OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "KAFKA_BROKERS")


class Clock:
    """The time of every process of ours; the stand-ins keep to the real one where they stand for others."""

    def __init__(self, file: Path, now: datetime) -> None:
        self._file = file
        self.now = now
        self.set(now)

    def set(self, now: datetime) -> None:
        """Written whole or not at all: a process may read at any moment."""
        self.now = now
        new = self._file.with_suffix(".new")
        new.write_text(now.isoformat(), encoding="ascii")
        new.replace(self._file)


def next_tuesday() -> datetime:
    """10.00 on a Tuesday at least a day from now: an hour in which nothing is quiet."""
    day = datetime.now(OSLO).date() + timedelta(days=2)
    while day.weekday() != 1:
        day += timedelta(days=1)
    return datetime.combine(day, time(10), OSLO)


@contextmanager
def running(folder: Path) -> Iterator[tuple[House, Clock]]:
    """Everything up with the demo's data; everything down afterwards, whatever happened."""
    kept = {name: os.environ.pop(name) for name in OWN if name in os.environ}
    clock = Clock(folder / "clock", next_tuesday())
    house = House(folder, Ports.free(), extra={"NAVMEET_CLOCK": str(folder / "clock")}, careless=True)
    try:
        house.start()
        yield house, clock
    finally:
        house.stop()
        os.environ.update(kept)
