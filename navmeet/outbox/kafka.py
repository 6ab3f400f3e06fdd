"""The way to Kafka for whoever has something to send, and the producer that says of each message what became of it."""

import os
import threading
from collections.abc import Sequence
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from django.conf import settings

# Below the lease of the ledger (90 s): what the broker has not taken by then is given up before another may claim it.
MESSAGE_TIMEOUT_MS = 60_000


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
        self._producer: tuple[int, Producer] | None = None
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
        self, producer: Producer, key: str, value: bytes, number: int, reported: dict[int, str | None]
    ) -> str | None:
        def report(error: KafkaError | None, _: Message) -> None:
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

    def _of_this_process(self) -> Producer:
        with self._making:
            if self._producer is None or self._producer[0] != os.getpid():
                self._producer = (os.getpid(), Producer(self._configuration()))
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
