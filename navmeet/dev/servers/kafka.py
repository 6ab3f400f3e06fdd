"""A Kafka broker as a process of its own: librdkafka's mock cluster, over the real wire protocol.

It keeps everything in memory (about 5 MB a partition), so a restart is a new and empty broker on another port, and
it chooses the port itself. `python -m navmeet.dev.servers.kafka --address-file F` writes host:port to F when ready.
"""

import argparse
import os
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Producer

from navmeet.dev.servers import probes
from navmeet.dev.servers.processes import Program, Stack

TOPICS = ("min-side.aapen-brukervarsel-v1", "min-side.aapen-varsel-hendelse-v1", "navmeet.meeting-events-v1")


@dataclass(frozen=True, slots=True)
class KafkaBroker:
    """A running broker. `address` is host:port; `pause` and `resume` make it hang and come back."""

    address: str
    _stack: Stack

    def pause(self) -> None:
        self._stack["kafka"].freeze()

    def resume(self) -> None:
        self._stack["kafka"].thaw()

    def stop(self) -> None:
        self._stack.stop()


def program(folder: Path) -> Program:
    folder.mkdir(parents=True, exist_ok=True)
    file = address_file(folder)
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return Program(
        name="kafka",
        command=(sys.executable, "-m", "navmeet.dev.servers.kafka", "--address-file", str(file)),
        environment={**environment, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        is_ready=lambda: _answers(file),
        is_kept=True,
    )


def address_file(folder: Path) -> Path:
    return folder / "address"


def address(folder: Path) -> str:
    """The address of the broker that was started with `program(folder)`."""
    return address_file(folder).read_text(encoding="utf-8").strip()


def start(folder: Path) -> KafkaBroker:
    """Start a broker, or find the one left in this folder; raises CannotStart."""
    stack = Stack.of_one(folder, program(folder / "kafka"))
    return KafkaBroker(address(folder / "kafka"), stack)


def _answers(file: Path) -> bool:
    if not file.exists():
        return False
    host, _, port = file.read_text(encoding="utf-8").strip().rpartition(":")
    return probes.accepts_connections(int(port), host)() if port else False


def serve(file: Path) -> None:
    """Be the broker until SIGTERM or SIGINT."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    file.unlink(missing_ok=True)
    # The cluster lives exactly as long as this producer.
    producer = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "ignored", "log_level": 3})
    broker = next(iter(producer.list_topics(timeout=10).brokers.values()))
    where = f"{broker.host}:{broker.port}"
    _create_topics(producer)
    fresh = file.with_suffix(".new")
    fresh.write_text(where, encoding="utf-8")
    fresh.replace(file)
    while not ended.wait(0.5):
        producer.poll(0)
    file.unlink(missing_ok=True)


def _create_topics(producer: Producer) -> None:
    # The mock answers no request to create a topic, but makes one that is asked about, with four partitions.
    for topic in TOPICS:
        producer.list_topics(topic, timeout=10)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--address-file", type=Path, required=True)
    serve(arguments.parse_args().address_file)
