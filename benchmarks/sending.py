"""Messages a second to Kafka through the ledger, against one Celery task a message, and against a bare loop.

`make bench NAME=sending`. The same worker (two processes, as in service) on the same rows, servers and registers does
all three in turn. Measured from the first message that is settled to the last, so that neither what it takes to be
woken, nor to put so many tasks into Redis, counts for anybody.
"""

import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import psycopg
from celery import Celery

from benchmarks import ground, measuring
from benchmarks.sending_data import DUE, EMPTY
from navmeet.dev.servers import kafka, probes, programs
from navmeet.dev.servers.environment import Ports
from navmeet.dev.servers.processes import Program, Stack
from navmeet.dev.servers.running import Running

PEOPLE, ROUNDS = 1_000, 3
# How many messages a round, by way: each takes some seconds.
MESSAGES = {"ledger": 2_000, "task a message": 150, "bare loop": 4_000}
PATIENCE = 120.0
# An hour after the messages were due, on a Monday, in no quiet time.
NOW = "2027-01-11T10:00:00+00:00"


@dataclass
class Bench:
    """The worker, and where it works."""

    database: "psycopg.Connection[tuple[int]]"
    asking: Celery
    worker: Running

    def rate(self, way: str) -> float:
        """Messages a second, after the first that were settled; all of them are, or this raises."""
        count = MESSAGES[way]
        self.database.execute(EMPTY)
        self.database.execute(DUE, {"count": count, "people": PEOPLE})
        self.database.execute("VACUUM ANALYZE invitations_message")
        os.kill(self.worker.pid, signal.SIGSTOP)
        self._ask(way)
        os.kill(self.worker.pid, signal.SIGCONT)
        began, at_first = self._settled(1)
        ended, _ = self._settled(count)
        return (count - at_first) / (ended - began)

    def _ask(self, way: str) -> None:
        if way == "task a message":
            for (key,) in self.database.execute("SELECT id::text FROM invitations_message ORDER BY due_at").fetchall():
                self.asking.send_task("bench.one", kwargs={"message_id": key}, ignore_result=True)
        else:
            task = {"ledger": "invitations.sweep", "bare loop": "bench.bare"}[way]
            for _ in range(2):
                self.asking.send_task(task, ignore_result=True)

    def _settled(self, least: int) -> tuple[float, int]:
        """When so many were settled, and how many they were then."""
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            row = self.database.execute("SELECT count(*) FROM invitations_message WHERE state = 'SENT'").fetchone()
            if row and row[0] >= least:
                return time.perf_counter(), row[0]
            time.sleep(0.02)
        raise RuntimeError("messages that are due were not sent")


def main() -> None:
    """Start everything, measure, stop everything."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bench = _started(stack, folder)
        figures = measuring.in_turn({way: partial(bench.rate, way) for way in MESSAGES}, rounds=ROUNDS)
    measuring.table(figures, unit="messages/s", base="task a message")
    print(f"of the bare loop: {figures['ledger'] / figures['bare loop']:.2f}")
    measuring.result(
        name="sending",
        value=figures["ledger"],
        unit="messages/s",
        yardstick=figures["task a message"],
        n=MESSAGES["ledger"] * ROUNDS,
    )


def _started(stack: ExitStack, folder: Path) -> Bench:
    server = stack.enter_context(ground.server())
    name = stack.enter_context(ground.database(server, "sending"))
    redis_url, ports, clock = stack.enter_context(ground.redis()), Ports.free(), folder / "clock"
    clock.write_text(NOW, encoding="ascii")
    broker = kafka.start(folder)
    stack.callback(broker.stop)
    given = ground.prepared(server, name, ports=ports, clock=clock, redis_url=redis_url)
    # The few people of the bench get more on one day than anybody is ever sent.
    given |= {"KAFKA_BROKERS": broker.address, "MOST_MESSAGES_A_DAY": "1000000"}
    ground.run(given, "-m", "benchmarks.sending_data", str(PEOPLE))
    processes = Stack(folder / "ours")
    stack.callback(processes.stop)
    registers = Program(
        name="registers",
        command=(sys.executable, "-m", "benchmarks.sending_registers", str(ports.registers), str(PEOPLE)),
        environment=given,
        is_ready=probes.accepts_connections(ports.registers),
    )
    as_it_is = programs.worker(given)
    words = tuple("benchmarks.sending_worker" if word == "navmeet" else word for word in as_it_is.command)
    processes.start(registers, replace(as_it_is, command=words))
    database = stack.enter_context(psycopg.connect(server.url("postgres", name), autocommit=True))
    asking = stack.enter_context(Celery(broker=redis_url, set_as_current=False))
    asking.conf.broker_transport_options = {"global_keyprefix": "navmeet:"}
    return Bench(database, asking, processes["worker"])


if __name__ == "__main__":
    main()
