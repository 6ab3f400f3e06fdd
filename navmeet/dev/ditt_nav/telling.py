"""What time brings: SMS and e-mail on their way, notifications that run out, and the status events to producers."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from navmeet.dev.ditt_nav import contacts
from navmeet.dev.ditt_nav.contacts import Contact
from navmeet.dev.ditt_nav.kept import Kept, Notice, external_status, now, stamp
from navmeet.dev.ditt_nav.ledger import Entry
from navmeet.dev.ditt_nav.reading import ended

TOPIC = "min-side.aapen-varsel-hendelse-v1"
NOISE_EVERY = timedelta(seconds=60)
OSLO = ZoneInfo("Europe/Oslo")
# Min side's own words (tekster.kt), where the producer sent none.
STANDARD = {
    "oppgave": (
        "Du har fått en oppgave fra Nav",
        "Hei! Du har fått en ny oppgave fra Nav. Logg inn på Nav for å se hva oppgaven gjelder. Vennlig hilsen Nav",
    ),
    "beskjed": ("Beskjed fra Nav", "Hei! Du har fått en ny beskjed fra Nav. Logg inn på Nav for å se hva den gjelder."),
}


class Teller(threading.Thread):
    """One step about every `pace` seconds until `stopping`: venter, bestilt, sendt, ferdigstilt."""

    def __init__(self, brokers: str, kept: Kept, stopping: threading.Event, pace: float) -> None:
        super().__init__(name="teller", daemon=True)
        self._kept = kept
        self._stopping = stopping
        self._pace = pace
        self._under_way: set[str] = set()
        self._confirmed_now: set[str] = set()
        self._next_noise = now()
        configuration: dict[str, Any] = {"bootstrap.servers": brokers, "enable.idempotence": True, "log_level": 0}
        self._producer = Producer({**configuration, "linger.ms": 5, "message.timeout.ms": 30_000})

    def run(self) -> None:
        while not self._stopping.is_set():
            self._kept.decide(lambda: run_out(self._kept))
            advance(self._kept, contacts.look_up)
            self._send()
            self._producer.poll(0)
            self._keep_confirmed()
            self._stopping.wait(self._pace)
        self._producer.flush(1)
        self._keep_confirmed()

    def _send(self) -> None:
        """Hand over what Kafka has not confirmed; what fails is tried again at the next step."""
        with self._kept.locked():
            waiting = {known: event for known, event in self._kept.to_tell.items() if known not in self._under_way}
        for known, event in waiting.items():
            self._under_way.add(known)
            self._put(event, self._confirmed(known))
        if now() >= self._next_noise:
            self._next_noise = now() + NOISE_EVERY
            for event in of_somebody_else():
                self._put(event, lambda *_: None)

    def _put(self, event: dict[str, Any], report: Callable[[KafkaError | None, Message], None]) -> None:
        value = json.dumps(event, ensure_ascii=False)
        try:
            self._producer.produce(TOPIC, key=event["varselId"], value=value, on_delivery=report)
        except (BufferError, KafkaException):
            self._under_way.clear()

    def _confirmed(self, known: str) -> Callable[[KafkaError | None, Message], None]:
        def report(error: KafkaError | None, _: Message) -> None:
            if error is None:
                self._confirmed_now.add(known)
            else:
                self._under_way.discard(known)

        return report

    def _keep_confirmed(self) -> None:
        if self._confirmed_now:
            self._kept.record([{"kind": "told", "ids": sorted(self._confirmed_now)}])
            self._under_way -= self._confirmed_now
            self._confirmed_now.clear()


def run_out(kept: Kept) -> list[Entry]:
    """Notifications whose `aktivFremTil` has passed go."""
    at = now()
    entries: list[Entry] = []
    for notice in kept.notices.values():
        if notice.ended is None and notice.until is not None and notice.until <= at:
            entries += ended(notice.event, "frist")
    return entries


def advance(kept: Kept, look_up: Callable[[set[str]], dict[str, Contact]]) -> None:
    """Each SMS or e-mail on its way comes one step further; the register is asked before the lock is taken."""
    with kept.locked():
        moving = [notice for notice in kept.notices.values() if notice.is_being_told]
        asked = {notice.event["ident"] for notice in moving if notice.external[-1]["status"] == "bestilt"}
    if not moving:
        return
    found = look_up(asked) if asked else {}
    kept.decide(lambda: [entry for notice in moving for entry in _step(notice, found, asked)])


def _step(notice: Notice, found: dict[str, Contact], asked: set[str]) -> list[Entry]:
    match notice.external[-1]["status"]:
        case "venter" if notice.ended:
            return external_status(notice.event, "kansellert", None, None)
        case "venter":
            waits = notice.sms_at is not None and notice.sms_at > now()
            return [] if waits else external_status(notice.event, "bestilt", None, None)
        case "bestilt" if notice.event["ident"] in asked:
            return _sent(notice, found.get(notice.event["ident"]))
        case "sendt":
            return external_status(notice.event, "ferdigstilt", None, None)
    return []


def _sent(notice: Notice, contact: Contact | None) -> list[Entry]:
    if contact is None:
        return external_status(notice.event, "feilet", None, "person_kan_ikke_varsles")
    external = notice.event["eksternVarsling"]
    title, body = STANDARD.get(notice.kind, STANDARD["beskjed"])
    if _channel(external.get("prefererteKanaler", []), contact) == "SMS":
        known, told = external_status(notice.event, "sendt", "SMS", "Varsel er sendt på SMS.")
        what = {"to": contact.phone, "text": external.get("smsVarslingstekst", body)}
    else:
        known, told = external_status(notice.event, "sendt", "EPOST", "Varsel er sendt på e-post.")
        what = {"to": contact.email, "title": external.get("epostVarslingstittel", title)}
        what |= {"text": external.get("epostVarslingstekst", body)}
    return [known | what, told]


def _channel(preferred: list[str], contact: Contact) -> str:
    """One preferred channel is taken; several, or BETINGET_SMS, mean SMS by day; none means e-mail."""
    wanted = preferred[0] if len(preferred) == 1 else "BETINGET_SMS" if preferred else "EPOST"
    if wanted == "BETINGET_SMS":
        wanted = "SMS" if 9 <= now().astimezone(OSLO).hour < 17 else "EPOST"
    if wanted == "SMS":
        return "SMS" if contact.phone else "EPOST"
    return "EPOST" if contact.email else "SMS"


def of_somebody_else() -> list[dict[str, Any]]:
    """What every reader of the shared topic must pass over: events of other producers' notifications."""
    whose = {"namespace": "team-esyfo", "appnavn": "esyfovarsel", "tidspunkt": stamp(), "varselId": str(uuid4())}
    internal: dict[str, Any] = {"@event_name": "opprettet", "varseltype": "beskjed", "varselType": "beskjed", **whose}
    external: dict[str, Any] = {
        "@event_name": "eksternStatusOppdatert",
        "status": "sendt",
        "varseltype": "beskjed",
        "kanal": "EPOST",
    }
    external |= {"renotifikasjon": False, "sendtSomBatch": True, **whose}
    return [internal | {"eventId": whose["varselId"]}, external]
