"""From the topic to a verdict: accepted, refused with the reasons, or dropped because there is nothing to do."""

import json
import threading
from collections.abc import Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from navmeet.dev.ditt_nav.kept import Kept, external_status, internal_status, stamp
from navmeet.dev.ditt_nav.ledger import Entry
from navmeet.dev.ditt_nav_rules import refusals

TOPIC = "min-side.aapen-brukervarsel-v1"
GROUP = "min-side-etterlikning"


class Reader(threading.Thread):
    """Reads the topic until `stopping`. What was read is on the disk before Kafka is told that it was."""

    def __init__(self, brokers: str, kept: Kept, stopping: threading.Event) -> None:
        super().__init__(name="reader", daemon=True)
        self._brokers = brokers
        self._kept = kept
        self._stopping = stopping

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._read()
            except KafkaException as away:
                print(f"ditt_nav: Kafka cannot be read ({away}); trying again", flush=True)
                self._stopping.wait(1)

    def _read(self) -> None:
        consumer = Consumer(
            {
                "bootstrap.servers": self._brokers,
                "group.id": GROUP,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 100,
                "log_level": 0,
            }
        )
        try:
            # All partitions by hand: one reader needs no group to share them out, nor the seconds that takes.
            found = consumer.list_topics(TOPIC, timeout=5).topics[TOPIC].partitions
            consumer.assign([TopicPartition(TOPIC, partition) for partition in found])
            while not self._stopping.is_set():
                messages = [message for message in consumer.consume(500, timeout=0.2) if not message.error()]
                if messages:
                    take(self._kept, messages)
                    consumer.commit(asynchronous=False)
        finally:
            consumer.close()


def take(kept: Kept, messages: Sequence[Message]) -> None:
    """Judge each in turn and keep all of it with one wait for the disk.

    One that was kept before a crash, and comes again because Kafka did not hear of it, was not sent twice.
    """

    def entries() -> list[Entry]:
        judging = _Judging(kept)
        unread = [message for message in messages if _position(message) not in kept.positions]
        return [entry for message in unread for entry in judging.entries(message)]

    kept.decide(entries)


def _position(message: Message) -> tuple[int, ...]:
    """Where it stands on the topic; with the time, since another broker counts from the beginning again."""
    return (message.partition() or 0, message.offset() or 0, message.timestamp()[1])


class _Judging:
    """One batch. `opened` and `closed` are what the batch itself changes before it is kept."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._opened: dict[str, dict[str, Any]] = {}
        self._closed: set[str] = set()

    def entries(self, message: Message) -> list[Entry]:
        """The verdict, and what follows from it."""
        judged = self._judged((message.key() or b"").decode(errors="replace"), message.value())
        judged[0]["position"] = _position(message)
        return judged

    def _judged(self, name: str, value: bytes | None) -> list[Entry]:
        try:
            event = json.loads(value or b"")
        except (ValueError, RecursionError):
            text = (value or b"").decode(errors="replace")
            return [_read(name, "refused", [("ikke_json", "")], raw=text)]
        wrong = refusals(event)
        if wrong:
            return [_read(name, "refused", wrong, event=event)]
        if event["@event_name"] == "opprett":
            return self._opprett(name, event)
        return self._inaktiver(name, event)

    def _opprett(self, name: str, event: dict[str, Any]) -> list[Entry]:
        key = event["varselId"]
        if key in self._kept.notices or key in self._opened:
            return [_read(name, "dropped", [("varsel_finnes_allerede", "varselId")], event=event)]
        self._opened[key] = event
        # Not one of Min side's rules, but what keeps the events of one notification in their order.
        remarks = [] if name == key else [("kafka_noekkel_er_ikke_varselid", "")]
        entries = [_read(name, "accepted", remarks, event=event), internal_status(event, "opprettet")]
        if "eksternVarsling" in event:
            entries += external_status(event, "venter", None, None)
        return entries

    def _inaktiver(self, name: str, event: dict[str, Any]) -> list[Entry]:
        key = event["varselId"]
        known = self._kept.notices.get(key)
        opened = known.event if known else self._opened.get(key)
        if opened is None:
            return [_read(name, "dropped", [("varsel_finnes_ikke", "varselId")], event=event)]
        if key in self._closed or (known and known.ended):
            return [_read(name, "dropped", [("varsel_er_inaktivt", "varselId")], event=event)]
        self._closed.add(key)
        return [_read(name, "accepted", [], event=event), *ended(opened, "produsent")]


def ended(event: dict[str, Any], by: str) -> list[Entry]:
    """A notification goes: `by` is bruker, produsent or frist."""
    gone = {"kind": "ended", "varselId": event["varselId"], "by": by, "at": stamp()}
    return [gone, internal_status(event, "inaktivert")]


def _read(key: str, verdict: str, reasons: Sequence[tuple[str, str]], **what: Any) -> Entry:
    named = [{"title": title, "field": field} for title, field in reasons]
    return {"kind": "read", "at": stamp(), "key": key, "verdict": verdict, "reasons": named, **what}
