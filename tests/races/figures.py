"""How large the races are, and what they showed. `make races` sets RACING=long; each figure is told with its n."""

import math
import os
import sys
from collections.abc import Sequence

from navmeet.dev.servers.running import ROOT

FILE = ROOT / ".build" / "race-figures"
IS_LONG = os.environ.get("RACING") == "long"
ROUNDS = int(os.environ.get("RACE_ROUNDS", "200" if IS_LONG else "3"))
CLIENTS = int(os.environ.get("RACE_CLIENTS", "40"))
RUNS = int(os.environ.get("RACE_RUNS", "5000" if IS_LONG else "200"))


def tell(what: str) -> None:
    """On the screen, and in the file that `make races` shows at its end."""
    sys.stdout.write(f"\n{what}\n")
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("a", encoding="utf-8") as file:
        file.write(what + "\n")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are at or below."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def load() -> str:
    """How busy the machine was meanwhile: a time says little without it."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
