"""The consumer of Min side's status events, as the process it is, against a real broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer
from django.conf import settings
from django.db import connection

from invitations.models import Message, MessageState, Pulse, Receipt
from navmeet.dev.servers import kafka
from tests import make
from tests.faults.figures import only_long
from tests.faults.test_sender_killed import database_url
from tests.invitations.messages.test_receipts import event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

ROOT = Path(__file__).resolve().parents[2]
# Longer than a consumer is thought alive without a word (session.timeout.ms, 10 s).
HUNG_SECONDS = 25


class Consumer:
    """`manage.py consume_ditt_nav`, started at a broker, ended by SIGTERM."""

    def __init__(self, broker: str) -> None:
        environment = os.environ | {
            "NAVMEET_MODE": "test",
            "DATABASE_URL": database_url(),
            "KAFKA_BROKERS": broker,
            "NAIS_NAMESPACE": "navmeet",
            "NAIS_APP_NAME": "navmeet",
        }
        self._process = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "consume_ditt_nav"], env=environment)

    def end(self) -> float:
        """How long it took to end in order."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(20) == 0
        return time.monotonic() - began

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def message() -> Message:
    meeting = make.meeting()
    told = Message.objects.get(meeting=meeting, occasion="INVITED")
    Message.objects.filter(pk=told.pk).update(state=MessageState.SENT, sent_at=make.NOW)
    return told


@pytest.fixture
def consumers() -> Iterator[Callable[[str], Consumer]]:
    started = []

    def start(broker: str) -> Consumer:
        started.append(Consumer(broker))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def _say(broker: str, *values: bytes | None) -> None:
    producer = Producer({"bootstrap.servers": broker, "message.max.bytes": 2_000_000})
    for value in values:
        producer.produce(settings.TOPIC_NOTIFICATION_EVENTS, value)
    assert producer.flush(10) == 0


def _wait(done: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.1)
    return False


def test_it_reads_from_the_earliest_lives_through_odd_messages_and_ends_at_once(
    message: Message, consumers: Callable[[str], Consumer], tmp_path: Path
) -> None:
    broker = kafka.start(tmp_path / "kafka")
    try:
        _say(broker.address, b"not json", event(message, "bestilt"))
        consumer = consumers(broker.address)
        assert _wait(lambda: Receipt.objects.filter(status="bestilt").exists())
        _say(broker.address, b"{" * 500, event(message, "sendt"), event(message, "sendt"))
        assert _wait(lambda: Message.objects.filter(pk=message.pk, state=MessageState.DELIVERED).exists())
        assert Pulse.objects.filter(name="consumer").exists()
        assert consumer.end() < 5
    finally:
        broker.stop()


def test_a_megabyte_and_nulls_everywhere_are_passed_by_on_the_wire_too(
    message: Message, consumers: Callable[[str], Consumer], tmp_path: Path
) -> None:
    broker = kafka.start(tmp_path / "kafka")
    nulls: dict[str, Any] = dict.fromkeys(
        ("@event_name", "varselId", "varseltype", "tidspunkt", "status", "kanal", "renotifikasjon")
    )
    try:
        consumers(broker.address)
        large = event(message, "bestilt", melding="x" * 1_100_000)
        _say(broker.address, None, event(message, **nulls), large, event(message, "sendt", feilmelding=None))
        assert _wait(lambda: Message.objects.filter(pk=message.pk, state=MessageState.DELIVERED).exists())
        assert set(Receipt.objects.values_list("status", flat=True)) == {"bestilt", "sendt"}
    finally:
        broker.stop()


@only_long
def test_a_broker_that_hangs_and_comes_back_costs_it_nothing(
    message: Message, consumers: Callable[[str], Consumer], tmp_path: Path
) -> None:
    broker = kafka.start(tmp_path / "kafka")
    try:
        consumer = consumers(broker.address)
        _say(broker.address, event(message, "bestilt"))
        assert _wait(lambda: Receipt.objects.count() == 1)
        broker.pause()
        time.sleep(HUNG_SECONDS)
        broker.resume()
        _say(broker.address, event(message, "sendt"))
        assert _wait(lambda: Receipt.objects.count() == 2)
        assert consumer.end() < 5
    finally:
        broker.stop()


def test_killed_and_moved_to_an_empty_broker_it_keeps_each_event_once(
    message: Message, consumers: Callable[[str], Consumer], tmp_path: Path
) -> None:
    first = kafka.start(tmp_path / "first")
    try:
        _say(first.address, event(message, "bestilt"))
        consumer = consumers(first.address)
        assert _wait(lambda: Receipt.objects.count() == 1)
        consumer.kill()
    finally:
        first.stop()
    second = kafka.start(tmp_path / "second")
    try:
        _say(second.address, event(message, "bestilt"), event(message, "sendt"))
        consumers(second.address)
        assert _wait(lambda: Receipt.objects.count() == 2)
    finally:
        second.stop()


def test_a_database_that_cuts_everybody_off_costs_it_nothing(
    message: Message, consumers: Callable[[str], Consumer], tmp_path: Path
) -> None:
    broker = kafka.start(tmp_path / "kafka")
    try:
        consumers(broker.address)
        _say(broker.address, event(message, "bestilt"))
        assert _wait(lambda: Receipt.objects.count() == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        _say(broker.address, event(message, "sendt"))
        assert _wait(lambda: Receipt.objects.count() == 2)
    finally:
        broker.stop()
