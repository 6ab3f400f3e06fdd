"""The consumer of Min side's status events: kept in the database first, committed to the broker after.

What is read twice (a crash between the two, a broker that came back empty) is kept once. What cannot be read is
passed by and counted: the topic is everybody's, and one odd message must not stop all that follow.
"""

import threading
import time
from collections.abc import Sequence

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException
from confluent_kafka import Message as KafkaMessage
from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError, close_old_connections, connections

from invitations.messages import ditt_nav, pulse, receipts
from invitations.messages.receipts_format import StatusEvent, Unreadable, ours
from navmeet import clock
from navmeet.outbox import kafka

GROUP = "navmeet-receipts-v1"
MOST_AT_ONCE = 200
# Short, so that a request to stop is heard at once.
WAIT_SECONDS = 0.5
PULSE_SECONDS = 10.0
DATABASE_RETRY_SECONDS = 1.0
UNSTORABLE = (DataError, OverflowError, ValueError)

_log = structlog.get_logger(__name__)


def until(ended: threading.Event) -> None:
    """Read and keep until `ended`. Lives through restarts of the broker and of the database."""
    consumer = Consumer(
        {
            **kafka.connection(),
            "group.id": GROUP,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 10_000,
            # A new topic, or a broker that came back empty, is seen within seconds.
            "topic.metadata.refresh.interval.ms": 5_000,
            "allow.auto.create.topics": False,
        }
    )
    consumer.subscribe([settings.TOPIC_NOTIFICATION_EVENTS])
    beaten = 0.0
    try:
        while not ended.is_set():
            taken = [one for one in consumer.consume(MOST_AT_ONCE, WAIT_SECONDS) if _is_message(one)]
            if taken and _kept(taken, ended):
                _commit(consumer)
            if time.monotonic() - beaten > PULSE_SECONDS and _beat():
                beaten = time.monotonic()
    finally:
        consumer.close()


def read(values: Sequence[bytes | None]) -> list[StatusEvent]:
    """Those that concern us, in their order; what cannot be read is logged by cause, never by content."""
    producer = ditt_nav.Producer.from_settings()
    events = []
    for value in values:
        try:
            event = ours(value, producer)
        except Unreadable as odd:
            _log.warning("status_event_unreadable", cause=str(odd))
            continue
        if event is not None:
            events.append(event)
    return events


def _is_message(one: KafkaMessage) -> bool:
    error = one.error()
    if error is None:
        return True
    _log.warning("broker_trouble", cause=error.name())
    return False


def _kept(taken: Sequence[KafkaMessage], ended: threading.Event) -> bool:
    """Try until the database takes them, or we are told to stop (then they are read again by the next)."""
    events = read([one.value() for one in taken])
    while not ended.is_set():
        try:
            close_old_connections()
            _keep(events)
        except (OperationalError, InterfaceError) as error:
            _log.warning("database_away", cause=type(error).__name__)
            connections.close_all()
            ended.wait(DATABASE_RETRY_SECONDS)
        else:
            return True
    return False


def _keep(events: Sequence[StatusEvent]) -> None:
    """All; if one of them cannot be stored at all (a year 9999, half a character), all the others."""
    try:
        receipts.keep(events, clock.now())
    except UNSTORABLE as error:
        if len(events) == 1:
            _log.warning("status_event_unstorable", cause=type(error).__name__)
            return
        for event in events:
            _keep([event])


def _commit(consumer: Consumer) -> None:
    try:
        consumer.commit(asynchronous=False)
    except KafkaException as error:
        # They are read again, and kept once.
        problem = error.args[0]
        _log.warning("offsets_not_committed", cause=problem.name() if isinstance(problem, KafkaError) else "")


def _beat() -> bool:
    try:
        close_old_connections()
        pulse.beat("consumer", clock.now())
    except (OperationalError, InterfaceError):
        connections.close_all()
        return False
    return True
