"""Hand events to Kafka: at least once each, those of a meeting in their order, by one relay at a time.

A wave has at most one event of a meeting, its oldest; the next goes when that one is known to have arrived. So a
message that the broker refuses or takes late holds up its own meeting and no other, and the order needs no trust in
a producer's queue. What is sent again (a crash before it was marked) has the same `event_id` and `position`.
Read is what stands unrelayed, never "beyond the last position": a transaction that commits late is not passed by.
"""

import functools
import time
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from navmeet.outbox import lease
from navmeet.outbox.kafka import Topic
from navmeet.outbox.models import OutboxEvent
from navmeet.outbox.outside import wire

WAVE = 500
# Below the lease: what the broker has not confirmed by then goes again.
BROKER_SECONDS = 15.0
# Below the soft time limit of a task (45 s) with one more wave; the next relay goes on where this one ended.
RELAY_SECONDS = 25.0
KEPT = timedelta(days=30)

_log = structlog.get_logger(__name__)


def relay(at: datetime) -> int:
    """Send what waits, and return how many events arrived. 0 at once while another relays. Outside any transaction."""
    name = settings.TOPIC_MEETING_EVENTS
    holder = lease.take(name)
    if holder is None:
        return 0
    began, arrived = time.monotonic(), 0
    try:
        while lease.renew(name, holder):
            wave = list(next_wave()[:WAVE])
            sent = _send(wave, at)
            arrived += sent
            if sent < len(wave) or not wave or time.monotonic() - began > RELAY_SECONDS:
                break
    finally:
        lease.give_back(name, holder)
    return arrived


def next_wave() -> QuerySet[OutboxEvent]:
    """The oldest event not yet relayed of each meeting."""
    waiting = OutboxEvent.objects.filter(relayed_at=None)
    earlier = waiting.filter(meeting_id=OuterRef("meeting_id"), position__lt=OuterRef("position"))
    return waiting.filter(~Exists(earlier)).order_by("position")


def purge(at: datetime) -> int:
    """Forget what was relayed more than 30 days ago; how many. What was not relayed stays, however old."""
    gone, _ = OutboxEvent.objects.filter(relayed_at__lt=at - KEPT).delete()
    return gone


@functools.cache
def topic() -> Topic:
    """The topic that other systems read."""
    return Topic(settings.TOPIC_MEETING_EVENTS, **{"message.timeout.ms": int(BROKER_SECONDS * 1000)})


def _send(wave: list[OutboxEvent], at: datetime) -> int:
    if not wave:
        return 0
    results = topic().send_batch([(str(event.meeting_id), wire(event)) for event in wave], BROKER_SECONDS)
    arrived = [event.pk for event in wave if results[str(event.meeting_id)] is None]
    problems = sorted({problem for problem in results.values() if problem is not None})
    if problems:
        _log.warning("events_not_relayed", problems=problems, count=len(wave) - len(arrived))
    return OutboxEvent.objects.filter(pk__in=arrived, relayed_at=None).update(relayed_at=at)
