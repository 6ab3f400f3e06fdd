"""A thousand that are due, among 100,000 that are planned and among a million; and nothing due among a million.

`make bench NAME=sweep`. What a sweep finds, claims, takes back and looks for, all but the sending itself. The ratio
says what the million costs: 1 is nothing. Two databases on one server, one process each, asked in turn.
"""

from contextlib import ExitStack
from functools import partial

import psycopg

from benchmarks import ground, measuring

SIZES = {"100,000": 100_000, "1 million": 1_000_000}
DUE, ROUNDS, IDLE = 1_000, 7, 100
PLANS = {
    "due": "SELECT id FROM invitations_message WHERE state = 'PLANNED' AND due_at <= '2027-01-11 09:00Z' "
    "AND (not_before IS NULL OR not_before <= '2027-01-11 09:00Z') ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED",
    "run out": "SELECT id FROM invitations_message WHERE state = 'CLAIMED' AND claimed_until < now()",
}


def main() -> None:
    """Make two databases, measure, drop them."""
    with ExitStack() as stack:
        server = stack.enter_context(ground.server())
        programs = {}
        for size, number in SIZES.items():
            name = stack.enter_context(ground.database(server, f"sweep_{number}"))
            given = ground.prepared(server, name)
            as_superuser = {**given, "DATABASE_URL": server.url("postgres", name)}
            ground.run(as_superuser, "-m", "benchmarks.sweep_data", str(number), str(DUE))
            programs[size] = ground.Asked(given, "-m", "benchmarks.sweep_run")
            stack.callback(programs[size].close)
        _measure(programs)
        with psycopg.connect(server.url("postgres", name)) as connection:
            for what, query in PLANS.items():
                print(f"{what}:")
                for (line,) in connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {query}"):
                    print(f"    {line}")


def _measure(programs: dict[str, ground.Asked]) -> None:
    def rate(program: ground.Asked) -> float:
        return DUE / float(program.once("due")[0])

    figures = measuring.in_turn({size: partial(rate, one) for size, one in programs.items()}, rounds=ROUNDS)
    measuring.table(figures, unit="claimed/s", base="100,000")
    for size, program in programs.items():
        times = sorted(float(program.once("idle")[0]) * 1_000 for _ in range(IDLE))
        median, slow = times[len(times) // 2], times[len(times) * 99 // 100]
        print(f"nothing due among {size}: median {median:.1f} ms, p99 {slow:.1f} ms (n = {IDLE})")
    least, most = figures["100,000"], figures["1 million"]
    measuring.result(name="sweep", value=most, unit="claimed/s", yardstick=least, n=DUE * ROUNDS)


if __name__ == "__main__":
    main()
