"""Free times of three calendars over four weeks, with 10,000 occupancies in the database and with a million.

`make bench NAME=free-times`. The ratio says what the million costs: 1 is nothing. Two databases on one server, one
process each, asked in turn. The plans are printed: the search is three scans of the index, whatever lies beside.
"""

import subprocess
import sys
from functools import partial

from benchmarks import measuring
from navmeet.dev.servers import postgres
from navmeet.dev.servers.environment import Addresses, Ports, environment
from navmeet.dev.servers.running import ROOT
from navmeet.dev.servers.secrets import Secrets

SIZES = {"10,000": 10_000, "1 million": 1_000_000}
SEARCHES, ROUNDS = 20, 15
PLAN = """
EXPLAIN (ANALYZE, TIMING OFF) SELECT resource_id, during FROM meetings_occupancy
WHERE int8range(resource_id, resource_id, '[]') IN (int8range(1, 1, '[]'), int8range(2, 2, '[]'), int8range(3, 3, '[]'))
    AND during && tstzrange('2027-03-01 07:00Z', '2027-03-29 07:00Z')
"""


class Searcher:
    """A process that searches one database when it is told to."""

    def __init__(self, values: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.free_times_run"],
            env=values,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.found = 0
        self.in_database: list[float] = []

    def rate(self) -> float:
        """Searches a second over `SEARCHES`."""
        return SEARCHES / sum(self._once() for _ in range(SEARCHES))

    def _once(self) -> float:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a searcher without pipes")
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        took, in_database, found = self._process.stdout.readline().split()
        self.in_database.append(float(in_database))
        self.found = int(found)
        return float(took)

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(10)


def main() -> None:
    """Make two databases, measure, drop them."""
    server = postgres.start(ROOT / ".build" / "bench-postgres")
    names = {size: f"navmeet_bench_free_{number}" for size, number in SIZES.items()}
    searchers: dict[str, Searcher] = {}
    try:
        for size, name in names.items():
            server.drop(name)
            server.create(name)
            values = _values(server, name)
            _run(values, "manage.py", "prepare_database")
            as_owner = {**values, "DATABASE_URL": values["DATABASE_OWNER_URL"]}
            _run(as_owner, "-m", "benchmarks.free_times_data", str(SIZES[size]))
            searchers[size] = Searcher(values)
        _measure(searchers)
        _show_plan(server, names["1 million"])
    finally:
        for searcher in searchers.values():
            searcher.close()
        for name in names.values():
            server.drop(name)
        server.stop()


def _values(server: postgres.PostgresServer, name: str) -> dict[str, str]:
    addresses = Addresses(
        database_url=server.url(database=name),
        database_owner_url=server.url(postgres.OWNER, name),
        redis_url="redis://127.0.0.1:1/0",
        kafka_brokers="127.0.0.1:1",
    )
    return environment(ports=Ports.free(), addresses=addresses, secrets=Secrets.new(), surfaces="staff,internal")


def _run(values: dict[str, str], *words: str) -> None:
    done = subprocess.run([sys.executable, *words], env=values, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)


def _measure(searchers: dict[str, Searcher]) -> None:
    figures = measuring.in_turn({size: partial(one.rate) for size, one in searchers.items()}, rounds=ROUNDS)
    measuring.table(figures, unit="searches/s", base="10,000")
    for size, one in searchers.items():
        spent = sorted(one.in_database)
        median, slow = spent[len(spent) // 2] * 1000, spent[len(spent) * 99 // 100] * 1000
        print(f"{size:<10} {one.found} times found; in the database: median {median:.1f} ms, p99 {slow:.1f} ms")
    least, most = figures["10,000"], figures["1 million"]
    measuring.result(name="free-times", value=most, unit="searches/s", yardstick=least, n=SEARCHES * ROUNDS)


def _show_plan(server: postgres.PostgresServer, name: str) -> None:
    import psycopg

    with psycopg.connect(server.url(postgres.OWNER, name)) as connection:
        for (line,) in connection.execute(PLAN):
            print(line)


if __name__ == "__main__":
    main()
