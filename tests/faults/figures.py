"""How large the runs are, and what they found. `make faults` sets FAULTS=long; each figure is told with its n."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from navmeet.dev.personas import CITIZENS
from navmeet.dev.servers.running import ROOT

PEOPLE = [one for one in CITIZENS if not one.reserved and one.protection == "UGRADERT"]
FILE = ROOT / ".build" / "fault-figures"
IS_LONG = os.environ.get("FAULTS") == "long"
only_long = pytest.mark.skipif(not IS_LONG, reason="takes minutes: make faults")


@dataclass(frozen=True)
class Size:
    """Of a run: each may be given by an environment variable, FAULT_ and its name."""

    short: int
    long: int

    def of(self, name: str) -> int:
        return int(os.environ.get(f"FAULT_{name}", self.long if IS_LONG else self.short))


MESSAGES = Size(300, 3000).of("MESSAGES")
SEEDS = Size(1, 10).of("SEEDS")
KILLS = Size(3, 20).of("KILLS")
AT_POINTS = Size(150, 1000).of("AT_POINTS")
RESTARTS = Size(2, 10).of("RESTARTS")
RESTART_MESSAGES = Size(300, 3000).of("RESTART_MESSAGES")
WORKER_MESSAGES = Size(300, 3000).of("WORKER_MESSAGES")
WORKER_KILLS = Size(3, 15).of("WORKER_KILLS")
REDIS_KILLS = Size(1, 5).of("REDIS_KILLS")
AWAY_SECONDS = Size(20, 600).of("AWAY_SECONDS")
BOOKINGS = Size(5, 30).of("BOOKINGS")
REMEMBERED = Size(3_000, 200_000).of("REMEMBERED")
BROKER_PAUSES = Size(1, 5).of("BROKER_PAUSES")
EMAILS = Size(40, 400).of("EMAILS")
TEXTS = Size(2_000, 100_000).of("TEXTS")
ON_TIME = Size(300, 10_000).of("ON_TIME")
ON_TIME_SECONDS = Size(5, 600).of("ON_TIME_SECONDS")
OUTAGE = Size(150, 2000).of("OUTAGE")
OUTAGE_SECONDS = Size(3, 60).of("OUTAGE_SECONDS")
CUTS = Size(1, 10).of("CUTS")
HOUR_MEETINGS = Size(9, 200).of("HOUR_MEETINGS")
NIGHT_MEETINGS = Size(24, 2000).of("NIGHT_MEETINGS")
HISTORIES = Size(50, 2000).of("HISTORIES")
HISTORY_SECONDS = Size(15, 360).of("HISTORY_SECONDS")


def tell(what: str) -> None:
    """On the screen, and in the file that `make faults` shows at its end."""
    sys.stdout.write(f"\n{what}\n")
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("a", encoding="utf-8") as file:
        file.write(what + "\n")


def tell_doubled(seed: int, doubled: Sequence[str], in_hand: Sequence[set[str]]) -> None:
    """Each key that was received twice, and in the hand of whom it was, by the number of the kill."""
    lines = [f"seed {seed}, kill {_kills(key, in_hand)}: {key}\n" for key in doubled]
    with FILE.with_name("fault-doubles").open("a", encoding="utf-8") as file:
        file.writelines(lines)


def _kills(key: str, in_hand: Sequence[set[str]]) -> list[int]:
    return [number for number, held in enumerate(in_hand) if key in held]


def wait(done: Callable[[], bool], seconds: float = 60, pause: float = 0.05) -> bool:
    """Did it come about in time?"""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(pause)
    return done()
