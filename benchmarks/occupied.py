"""How long a refusal takes, where the other meeting is one that the caller may know of, and where it is not.

`make bench NAME=occupied`. The figure is the area under the curve (AUC): how often a refusal of the one kind takes
longer than one of the other. 0.5 is what a coin says; from 0.45 to 0.55 nobody learns whose office it was. Measured in
the verb itself and in the search for free times, in turn, in one process, without what a network adds.
"""

import json
import subprocess
import sys
from bisect import bisect_left, bisect_right

from benchmarks import measuring
from benchmarks.free_times import _run, _values
from navmeet.dev.servers import postgres
from navmeet.dev.servers.running import ROOT

PAIRS = 2_000
DATABASE = "navmeet_bench_occupied"


def main() -> None:
    """Make a database, measure in a program of its own, drop it."""
    server = postgres.start(ROOT / ".build" / "bench-postgres")
    try:
        server.drop(DATABASE)
        server.create(DATABASE)
        values = _values(server, DATABASE)
        _run(values, "manage.py", "prepare_database")
        words = [sys.executable, "-m", "benchmarks.occupied_run", str(PAIRS)]
        done = subprocess.run(words, env=values, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            raise SystemExit(done.stderr)
        _tell(json.loads(done.stdout.strip().splitlines()[-1]))
    finally:
        server.drop(DATABASE)
        server.stop()


def _tell(taken: dict[str, list[float]]) -> None:
    for name in ("refused", "searched"):
        known, hidden = taken[f"{name}, known"], taken[f"{name}, hidden"]
        figure = area(known, hidden)
        middle = [sorted(one)[len(one) // 2] * 1000 for one in (known, hidden)]
        print(f"{name}: AUC {figure:.3f}; median {middle[0]:.2f} ms where known, {middle[1]:.2f} ms where hidden")
        measuring.result(name=f"occupied-{name}", value=figure, unit="AUC", yardstick=0.5, n=len(known))


def area(one: list[float], other: list[float]) -> float:
    """How often a value of `one` is the larger; ties count half."""
    ordered = sorted(other)
    below = sum((bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 for value in one)
    return below / (len(one) * len(other))


if __name__ == "__main__":
    main()
