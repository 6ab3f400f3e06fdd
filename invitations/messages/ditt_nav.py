"""Notifications on Ditt NAV (Min side): the events as JSON, and the topic they are sent to.

The shapes are those of tms-varsel-authority, varsel-action v2.2. What Min side demands of them is `min_side_rules`.
"""

import functools
import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka import Message as KafkaMessage
from confluent_kafka import Producer as KafkaProducer
from django.conf import settings

VERSION = "v2.2"
# Below the lease of the ledger (90 s): what the broker has not taken by then is given up before another may claim it.
MESSAGE_TIMEOUT_MS = 60_000


@dataclass(frozen=True, slots=True)
class Producer:
    """Who sends: what `produsent` says, and what status events are recognised by."""

    cluster: str
    namespace: str
    app: str

    @classmethod
    def from_settings(cls) -> Self:
        """This deployment, as its platform names it."""
        return cls(settings.NAIS_CLUSTER_NAME, settings.NAIS_NAMESPACE, settings.NAIS_APP_NAME)


@dataclass(frozen=True, slots=True)
class Text:
    """What is shown on Ditt NAV in one language; of several, exactly one is the default."""

    language: str
    text: str = field(repr=False)
    default: bool = False


@dataclass(frozen=True, slots=True)
class External:
    """What is sent as SMS or e-mail. All three texts are ours: who sets one of them must set all."""

    sms: str = field(repr=False)
    email_title: str = field(repr=False)
    email_text: str = field(repr=False)
    channels: tuple[str, ...] = ("SMS",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One notification. `key` is the varselId: chosen once, the same at every attempt; Min side drops the second.

    `active_until` must be aware. Without `external` nothing is sent but what stands on Ditt NAV.
    """

    key: UUID
    kind: Literal["oppgave", "beskjed"]
    ident: str = field(repr=False)
    sensitivity: Literal["substantial", "high"]
    link: str = field(repr=False)
    texts: tuple[Text, ...]
    external: External | None = None
    active_until: datetime | None = None


def opprett(notification: Notification, producer: Producer, built_at: datetime) -> dict[str, Any]:
    """The event that shows a notification. Raises ValueError when a time has no zone."""
    event: dict[str, Any] = {
        "@event_name": "opprett",
        "type": notification.kind,
        "varselId": str(notification.key),
        "ident": notification.ident,
        "sensitivitet": notification.sensitivity,
        "link": notification.link,
        "tekster": [
            {"spraakkode": text.language, "tekst": text.text, "default": text.default} for text in notification.texts
        ],
    }
    if notification.external is not None:
        event["eksternVarsling"] = {
            "prefererteKanaler": list(notification.external.channels),
            "smsVarslingstekst": notification.external.sms,
            "epostVarslingstittel": notification.external.email_title,
            "epostVarslingstekst": notification.external.email_text,
            "kanBatches": False,
        }
    if notification.active_until is not None:
        event["aktivFremTil"] = _instant(notification.active_until)
    return event | _signature(producer, built_at)


def inaktiver(key: UUID, producer: Producer, built_at: datetime) -> dict[str, Any]:
    """The event that takes a notification away. Raises ValueError when the time has no zone."""
    return {"@event_name": "inaktiver", "varselId": str(key)} | _signature(producer, built_at)


def encode(event: Mapping[str, Any]) -> bytes:
    """The event as it goes on the topic: JSON in UTF-8, without what is None."""
    return json.dumps(_without_none(event), ensure_ascii=False, separators=(",", ":")).encode()


def connection() -> dict[str, str]:
    """How any client of ours reaches Kafka: the brokers, and in a cluster the certificate that the platform mounts."""
    reached = {"bootstrap.servers": settings.KAFKA_BROKERS}
    if settings.KAFKA_CERTIFICATE_PATH:
        reached |= {
            "security.protocol": "SSL",
            "ssl.certificate.location": settings.KAFKA_CERTIFICATE_PATH,
            "ssl.key.location": settings.KAFKA_PRIVATE_KEY_PATH,
            "ssl.ca.location": settings.KAFKA_CA_PATH,
        }
    return reached


class Topic:
    """A topic that we write to, with one producer a process (librdkafka's threads do not survive a fork)."""

    def __init__(self, name: str, **options: str | int) -> None:
        self.name = name
        self._options = options
        self._producer: tuple[int, KafkaProducer] | None = None
        self._making = threading.Lock()

    def send_batch(self, events: Sequence[tuple[str, bytes]], timeout: float) -> dict[str, str | None]:
        """Send all and wait at most `timeout` seconds; never raises for what the broker does.

        Per key None, or the name of what went wrong: each by its own delivery report. A key whose report did not come
        in time may have arrived all the same: send it again with the same key. What still stood in our own queue then
        is taken out of it, so that it cannot leave after the lease. A key that occurs twice is well if both are.
        """
        producer = self._of_this_process()
        reported: dict[int, str | None] = {}
        for number, (key, value) in enumerate(events):
            problem = self._put(producer, key, value, number, reported)
            if problem is not None:
                reported[number] = problem
        if producer.flush(timeout):
            producer.purge(in_queue=True, in_flight=False, blocking=False)
            producer.poll(0)
        settled: dict[str, str | None] = {}
        for number, (key, _) in enumerate(events):
            settled[key] = settled.get(key) or reported.get(number, "NO_DELIVERY_REPORT")
        return settled

    def _put(
        self, producer: KafkaProducer, key: str, value: bytes, number: int, reported: dict[int, str | None]
    ) -> str | None:
        def report(error: KafkaError | None, _: KafkaMessage) -> None:
            reported[number] = error.name() if error is not None else None

        try:
            producer.produce(self.name, value=value, key=key.encode(), on_delivery=report)
            producer.poll(0)
        except BufferError:
            return "QUEUE_FULL"
        except KafkaException as refused:
            error = refused.args[0]
            return error.name() if isinstance(error, KafkaError) else "REFUSED"
        return None

    def _of_this_process(self) -> KafkaProducer:
        with self._making:
            if self._producer is None or self._producer[0] != os.getpid():
                self._producer = (os.getpid(), KafkaProducer(self._configuration()))
            return self._producer[1]

    def _configuration(self) -> dict[str, Any]:
        return {
            **connection(),
            "client.id": "navmeet",
            "enable.idempotence": True,
            "acks": "all",
            "message.timeout.ms": MESSAGE_TIMEOUT_MS,
            "linger.ms": 5,
            # Java's partitioner, so that everybody who writes a key writes it to one partition.
            "partitioner": "murmur2_random",
            **self._options,
        }


@functools.cache
def notifications() -> Topic:
    """The topic that Min side reads."""
    return Topic(settings.TOPIC_NOTIFICATIONS)


def _signature(producer: Producer, built_at: datetime) -> dict[str, Any]:
    return {
        "produsent": {"cluster": producer.cluster, "namespace": producer.namespace, "appnavn": producer.app},
        "metadata": {"version": VERSION, "built_at": _instant(built_at), "builder_lang": "python"},
    }


def _instant(at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError("a time without a zone")
    return at.isoformat(timespec="seconds")


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_none(part) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_without_none(part) for part in value]
    return value
