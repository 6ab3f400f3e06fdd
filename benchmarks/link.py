"""The link page against an empty view and against a view with one signature check and one row, on one server.

`make bench NAME=link`. Yardstick: the view with one row. One process of granian, one kept-alive connection.
"""

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks import measuring
from navmeet.dev.servers import postgres, programs
from navmeet.dev.servers.environment import Addresses, Ports, environment
from navmeet.dev.servers.processes import Stack
from navmeet.dev.servers.running import ROOT
from navmeet.dev.servers.secrets import Secrets

REQUESTS, ROUNDS = 400, 9


def main() -> None:
    """Start a database and a server, measure, stop them."""
    with tempfile.TemporaryDirectory() as folder:
        server = postgres.start(ROOT / ".build" / "bench-postgres")
        database = "navmeet_bench_link"
        server.drop(database)
        server.create(database)
        ports = Ports.free()
        addresses = Addresses(
            database_url=server.url(database=database),
            database_owner_url=server.url(postgres.OWNER, database),
            redis_url="redis://127.0.0.1:1/0",
            kafka_brokers="127.0.0.1:1",
        )
        values = environment(ports=ports, addresses=addresses, secrets=Secrets.new(), surfaces="citizen,internal")
        stack = Stack(Path(folder))
        try:
            token = _prepare(values)
            stack.start(programs.web("citizen", ports, {**values, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}))
            _measure(ports.citizen, token)
        finally:
            stack.stop()
            server.drop(database)
            server.stop()


def _prepare(values: dict[str, str]) -> str:
    """Migrate, and book one meeting as a program of its own, which prints the link's token."""
    for words in (["manage.py", "prepare_database"], ["-m", "benchmarks.one_meeting"]):
        done = subprocess.run(
            [sys.executable, *words], env=values, capture_output=True, text=True, check=False, cwd=ROOT
        )
        if done.returncode:
            raise SystemExit(done.stderr)
    return done.stdout.strip().splitlines()[-1]


def _measure(port: int, token: str) -> None:
    paths = {"empty": "/bench/empty/", "row": f"/bench/row/{token}/", "link": f"/i/{token}/"}
    wires = {name: measuring.Wire(port, path) for name, path in paths.items()}
    figures = measuring.in_turn({name: partial(wire.rate, REQUESTS) for name, wire in wires.items()}, rounds=ROUNDS)
    for wire in wires.values():
        wire.close()
    measuring.table(figures, unit="requests/s", base="row")
    measuring.result(
        name="link", value=figures["link"], unit="requests/s", yardstick=figures["row"], n=REQUESTS * ROUNDS
    )


if __name__ == "__main__":
    main()
