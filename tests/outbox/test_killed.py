"""The relay as a process against a real broker: killed between sending and marking, and with the broker hung."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, TopicPartition
from django.conf import settings
from django.db.models.functions import Now

from navmeet.dev.servers import kafka
from navmeet.outbox import relay
from navmeet.outbox.kafka import Topic
from navmeet.outbox.models import OutboxEvent, RelayLease
from tests import make
from tests.faults.test_sender_killed import database_url
from tests.outbox.happening import noted, unrelayed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

HERE = Path(__file__).resolve().parent
MEETINGS, EACH = 40, 3


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[kafka.KafkaBroker]:
    running = kafka.start(tmp_path / "kafka")
    yield running
    running.stop()


def _relayer(broker: kafka.KafkaBroker, **changes: str) -> int:
    """Run it to its end; how it ended."""
    environment = {
        "NAVMEET_MODE": "test",
        "DATABASE_URL": database_url(),
        "KAFKA_BROKERS": broker.address,
        "PYTHONPATH": str(HERE.parents[1]),
        "DJANGO_SETTINGS_MODULE": "navmeet.settings",
    }
    ended = subprocess.run(
        [sys.executable, str(HERE / "relayer.py")], env=os.environ | environment | changes, timeout=60, check=False
    )
    return ended.returncode


def _on_the_topic(broker: kafka.KafkaBroker) -> list[tuple[str, dict[str, Any]]]:
    """Key and value of everything, partition by partition, from the beginning."""
    name = settings.TOPIC_MEETING_EVENTS
    consumer = Consumer({"bootstrap.servers": broker.address, "group.id": str(uuid4()), "enable.partition.eof": True})
    partitions = consumer.list_topics(name, timeout=5).topics[name].partitions
    consumer.assign([TopicPartition(name, partition, 0) for partition in partitions])
    ends, found = 0, []
    while ends < len(partitions):
        message = consumer.poll(10)
        assert message is not None
        if message.error():
            ends += 1
        else:
            found.append(((message.key() or b"").decode(), json.loads(message.value() or b"")))
    consumer.close()
    return found


def _let_the_lease_run_out() -> None:
    """As if 30 seconds had passed since the relay died."""
    RelayLease.objects.update(until=Now() - timedelta(seconds=1))


def _happen() -> None:
    meetings = [uuid4() for _ in range(MEETINGS)]
    for number in range(1, EACH + 1):
        for meeting_id in meetings:
            noted(meeting_id, number)


def _first_numbers(events: list[tuple[str, dict[str, Any]]]) -> dict[str, list[int]]:
    """What a reader that drops known ids sees of each meeting, in the order it came."""
    seen, numbers = set(), dict[str, list[int]]()
    for key, event in events:
        assert key == event["meeting_id"]
        if event["event_id"] not in seen:
            seen.add(event["event_id"])
            numbers.setdefault(key, []).append(event["number"])
    return numbers


def test_killed_between_sending_and_marking_it_sends_the_same_again_and_loses_none(broker: kafka.KafkaBroker) -> None:
    _happen()
    kills = 3
    for _ in range(kills):
        assert _relayer(broker, DIE="sent") == -signal.SIGKILL
        assert unrelayed() == MEETINGS * EACH
        _let_the_lease_run_out()
    assert _relayer(broker) == 0
    assert unrelayed() == 0
    events = _on_the_topic(broker)
    times = Counter(event["event_id"] for _, event in events)
    assert set(times) == {str(one.event_id) for one in OutboxEvent.objects.all()}
    # Each kill doubled one wave, the oldest of each meeting; what came after was sent once.
    assert Counter(times.values()) == {kills + 1: MEETINGS, 1: MEETINGS * (EACH - 1)}
    assert set(map(tuple, _first_numbers(events).values())) == {tuple(range(1, EACH + 1))}
    bodies = {(event["event_id"], json.dumps(event)) for _, event in events}
    assert len(bodies) == len(times), "the same event is the same bytes"


def test_marked_before_it_is_sent_it_would_be_lost(broker: kafka.KafkaBroker) -> None:
    noted()
    assert _relayer(broker, WITHOUT="marking_after") == -signal.SIGKILL
    _let_the_lease_run_out()
    assert _relayer(broker) == 0
    assert _on_the_topic(broker) == []


def test_one_that_died_holds_up_the_next_no_longer_than_its_lease(broker: kafka.KafkaBroker) -> None:
    noted()
    assert _relayer(broker, DIE="sent") == -signal.SIGKILL
    assert _relayer(broker) == 0
    assert unrelayed() == 1
    assert RelayLease.objects.filter(until__lte=Now() + timedelta(seconds=30)).exists()
    _let_the_lease_run_out()
    assert _relayer(broker) == 0
    assert unrelayed() == 0


def test_a_broker_that_hangs_for_a_while_gets_everything_after(
    broker: kafka.KafkaBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = Topic(settings.TOPIC_MEETING_EVENTS, **{"bootstrap.servers": broker.address})
    monkeypatch.setattr(relay, "topic", lambda: topic)
    first = noted()
    assert relay.relay(make.NOW) == 1
    monkeypatch.setattr(relay, "BROKER_SECONDS", 0.5)
    broker.pause()
    try:
        noted(first, 2)
        # A stopped process stops a little after it was told to.
        number = 2
        while relay.relay(make.NOW):
            number += 1
            noted(first, number)
        noted(number=7)
        assert relay.relay(make.NOW) == 0
        assert unrelayed() == 2
    finally:
        broker.resume()
    monkeypatch.setattr(relay, "BROKER_SECONDS", 20.0)
    assert relay.relay(make.NOW) == 2
    assert _first_numbers(_on_the_topic(broker))[str(first)] == list(range(1, number + 1))


def test_a_broker_that_is_not_there_is_not_waited_for_beyond_its_time(
    broker: kafka.KafkaBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere: dict[str, str | int] = {"bootstrap.servers": "127.0.0.1:1", "log_level": 0}
    gone = Topic(settings.TOPIC_MEETING_EVENTS, **nowhere)
    monkeypatch.setattr(relay, "BROKER_SECONDS", 0.5)
    monkeypatch.setattr(relay, "topic", lambda: gone)
    noted()
    assert relay.relay(make.NOW) == 0
    found = Topic(settings.TOPIC_MEETING_EVENTS, **{"bootstrap.servers": broker.address})
    monkeypatch.setattr(relay, "BROKER_SECONDS", 20.0)
    monkeypatch.setattr(relay, "topic", lambda: found)
    assert relay.relay(make.NOW) == 1
    assert len(_on_the_topic(broker)) == 1
