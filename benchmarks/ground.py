"""What a benchmark stands on: databases of its own, the environment of our processes on them, programs run there."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from navmeet.dev.servers import postgres
from navmeet.dev.servers import redis as redis_server
from navmeet.dev.servers.environment import Addresses, Ports, environment
from navmeet.dev.servers.running import ROOT
from navmeet.dev.servers.secrets import Secrets


@contextmanager
def server() -> Iterator[postgres.PostgresServer]:
    """The benchmarks' own PostgreSQL, which keeps what it is given: stopped afterwards."""
    running = postgres.start(ROOT / ".build" / "bench-postgres")
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def redis() -> Iterator[str]:
    """The address of a Redis of the benchmarks' own: what wakes the workers fails without, and that costs too."""
    running = redis_server.start(ROOT / ".build" / "bench-redis", Ports.free().redis)
    try:
        yield running.url
    finally:
        running.stop()


@contextmanager
def database(running: postgres.PostgresServer, name: str) -> Iterator[str]:
    """An empty database `navmeet_bench_<name>`, dropped afterwards."""
    whole = f"navmeet_bench_{name}"
    running.drop(whole)
    running.create(whole)
    try:
        yield whole
    finally:
        running.drop(whole)


def values(
    running: postgres.PostgresServer,
    name: str,
    *,
    ports: Ports | None = None,
    surfaces: str = "staff,internal",
    clock: Path | None = None,
    redis_url: str = "redis://127.0.0.1:1/0",
) -> dict[str, str]:
    """The environment of a process of ours on that database. Nobody listens at its Kafka, nor at its Redis untold."""
    addresses = Addresses(
        database_url=running.url(database=name),
        database_owner_url=running.url(postgres.OWNER, name),
        redis_url=redis_url,
        kafka_brokers="127.0.0.1:1",
    )
    return environment(
        ports=ports or Ports.free(), addresses=addresses, secrets=Secrets.new(), surfaces=surfaces, clock=clock
    )


def run(given: dict[str, str], *words: str) -> str:
    """A program of ours run to its end; the last line it printed. SystemExit with what it said when it failed."""
    done = subprocess.run([sys.executable, *words], env=given, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)
    return (done.stdout.strip().splitlines() or [""])[-1]


def prepared(running: postgres.PostgresServer, name: str, **more: object) -> dict[str, str]:
    """As `values`, with all tables there."""
    given = values(running, name, **more)  # type: ignore[arg-type]
    run(given, "manage.py", "prepare_database")
    return given


class Asked:
    """A program of ours that measures when it is told to: one line in, one line of figures out."""

    def __init__(self, given: dict[str, str], *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *words],
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )

    def once(self, asked: str = "") -> list[str]:
        """The words it answers."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a program without pipes")
        self._process.stdin.write(f"{asked}\n")
        self._process.stdin.flush()
        answered = str(self._process.stdout.readline()).split()
        if not answered:
            raise RuntimeError("it ended before it answered")
        return answered

    def close(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(10)
