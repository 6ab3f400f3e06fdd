"""What the platform's nodes are answered, against a bare view that reads one row, on one server.

`make bench NAME=policy`. Yardstick: the bare view with the same middleware. One process of granian, one kept-alive
connection. A node gives up after five seconds.
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
        database = "navmeet_bench_policy"
        server.drop(database)
        server.create(database)
        ports = Ports.free()
        addresses = Addresses(
            database_url=server.url(database=database),
            database_owner_url=server.url(postgres.OWNER, database),
            redis_url="redis://127.0.0.1:1/0",
            kafka_brokers="127.0.0.1:1",
        )
        clock = Path(folder) / "clock"
        values = environment(ports=ports, addresses=addresses, secrets=Secrets.new(), clock=clock)
        stack = Stack(Path(folder))
        try:
            alias = _prepare(values)
            settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.policy_settings"}
            stack.start(programs.web("policy", ports, {**values, **settings}))
            _measure(ports.policy, alias, values)
        finally:
            stack.stop()
            server.drop(database)
            server.stop()


def _prepare(values: dict[str, str]) -> str:
    """Migrate, and let somebody in at an open door; sets the clock, and gives the visit's alias."""
    for words in (["manage.py", "prepare_database"], ["-m", "benchmarks.one_visit"]):
        done = subprocess.run(
            [sys.executable, *words], env=values, capture_output=True, text=True, check=False, cwd=ROOT
        )
        if done.returncode:
            raise SystemExit(done.stderr)
    return done.stdout.strip().splitlines()[-1]


def _measure(port: int, alias: str, values: dict[str, str]) -> None:
    asked = f"local_alias={alias}%40video.nav.no&protocol=webrtc&registered=False"
    paths = {
        "empty": "/bench/empty",
        "row": f"/bench/row?{asked}",
        "configuration": f"/policy/v1/service/configuration?{asked}",
        "properties": f"/policy/v1/participant/properties?{asked}",
    }
    user, password = values["POLICY_USER"], values["POLICY_PASSWORD"]
    wires = {name: measuring.Wire(port, path, user=user, password=password) for name, path in paths.items()}
    figures = measuring.in_turn({name: partial(wire.rate, REQUESTS) for name, wire in wires.items()}, rounds=ROUNDS)
    for wire in wires.values():
        wire.close()
    measuring.table(figures, unit="requests/s", base="row")
    slowest = min(figures["configuration"], figures["properties"])
    measuring.result(name="policy", value=slowest, unit="requests/s", yardstick=figures["row"], n=REQUESTS * ROUNDS)


if __name__ == "__main__":
    main()
