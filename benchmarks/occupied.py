"""How long a refusal takes, where the other meeting is one that the caller may know of, and where it is not.

`make bench NAME=occupied`. The figure is the area under the curve (AUC): how often a refusal of the one kind takes
longer than one of the other. 0.5 is what a coin says; from 0.45 to 0.55 nobody learns whose office it was. Measured in
the verb itself, in the search for free times, and in the whole answer of the API with all that stands before it
(session, registers over HTTP, the nearest free times), without what a network adds. The control is a house that looks
the meeting up once more where it may be known: there the measure must see it.
"""

import json
from contextlib import ExitStack

from benchmarks import ground, measuring

PAIRS = 1_000
NAMES = ("refused", "searched", "answered", "control")


def main() -> None:
    """Make a database, measure in a program of its own, drop it."""
    with ExitStack() as stack:
        server = stack.enter_context(ground.server())
        name = stack.enter_context(ground.database(server, "occupied"))
        told = ground.run(ground.prepared(server, name), "-m", "benchmarks.occupied_run", str(PAIRS))
    taken: dict[str, list[float]] = json.loads(told)
    for name in NAMES:
        known, hidden = taken[f"{name}, known"], taken[f"{name}, hidden"]
        figure = measuring.area(known, hidden)
        middle = [sorted(one)[len(one) // 2] * 1000 for one in (known, hidden)]
        print(f"{name}: AUC {figure:.3f}; median {middle[0]:.2f} ms where known, {middle[1]:.2f} ms where hidden")
        measuring.result(name=f"occupied-{name}", value=figure, unit="AUC", yardstick=0.5, n=len(known))


if __name__ == "__main__":
    main()
