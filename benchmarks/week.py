"""A caseworker's week among 10,000 meetings and among a million: what the page asks of the database, and its rows.

`make bench NAME=week`. The ratio says what the million costs: 1 is nothing. Two databases on one server, one process
each, asked in turn. The same 28 meetings are in the week, whatever lies beside.
"""

from contextlib import ExitStack
from functools import partial

from benchmarks import ground, measuring

SIZES = {"10,000": 10_000, "1 million": 1_000_000}
ASKED, ROUNDS = 20, 15


class Reader:
    """A process that reads the week of one database when it is told to."""

    def __init__(self, given: dict[str, str]) -> None:
        self.program = ground.Asked(given, "-m", "benchmarks.week_run")
        self.found = self.queries = 0
        self.in_database: list[float] = []

    def rate(self) -> float:
        """Weeks a second over `ASKED`."""
        return ASKED / sum(self._once() for _ in range(ASKED))

    def _once(self) -> float:
        took, in_database, queries, found = self.program.once()
        self.in_database.append(float(in_database))
        self.queries, self.found = int(queries), int(found)
        return float(took)


def main() -> None:
    """Make two databases, measure, drop them."""
    with ExitStack() as stack:
        server = stack.enter_context(ground.server())
        readers = {}
        for size, number in SIZES.items():
            name = stack.enter_context(ground.database(server, f"week_{number}"))
            given = ground.prepared(server, name)
            as_superuser = {**given, "DATABASE_URL": server.url("postgres", name)}
            ground.run(as_superuser, "-m", "benchmarks.week_data", str(number))
            readers[size] = Reader(given)
            stack.callback(readers[size].program.close)
        _measure(readers)


def _measure(readers: dict[str, Reader]) -> None:
    figures = measuring.in_turn({size: partial(one.rate) for size, one in readers.items()}, rounds=ROUNDS)
    measuring.table(figures, unit="weeks/s", base="10,000")
    for size, one in readers.items():
        spent = sorted(one.in_database)
        median, slow = spent[len(spent) // 2] * 1000, spent[len(spent) * 99 // 100] * 1000
        print(
            f"{size:<10} {one.found} meetings by {one.queries} queries; in the database: "
            f"median {median:.1f} ms, p99 {slow:.1f} ms"
        )
    least, most = figures["10,000"], figures["1 million"]
    measuring.result(name="week", value=most, unit="weeks/s", yardstick=least, n=ASKED * ROUNDS)


if __name__ == "__main__":
    main()
