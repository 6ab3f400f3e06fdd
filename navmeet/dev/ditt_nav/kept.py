"""What the stand-in knows now, made anew from its ledger at every start."""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from navmeet.dev.ditt_nav.ledger import Entry, Ledger
from navmeet.dev.ditt_nav_rules import parsed_time

FINISHED = ("feilet", "kansellert", "ferdigstilt")


@dataclass(slots=True)
class Notice:
    """One notification that was accepted. `ended` says by whom and when; `external` is one row a status."""

    event: dict[str, Any]
    number: int
    read_at: str
    until: datetime | None
    ended: dict[str, str] | None = None
    external: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.event["varselId"])

    @property
    def kind(self) -> str:
        return str(self.event["type"])

    @property
    def is_high(self) -> bool:
        return str(self.event["sensitivitet"]) == "high"

    @property
    def is_being_told(self) -> bool:
        """Whether an SMS or e-mail is still on its way."""
        return bool(self.external) and self.external[-1]["status"] not in FINISHED

    @property
    def sms_at(self) -> datetime | None:
        """When its SMS or e-mail goes, if the producer asked for a time."""
        return parsed_time(self.event.get("eksternVarsling", {}).get("utsettSendingTil", ""))

    def text(self, language: str) -> dict[str, Any]:
        """The text in this language, else the default one: a `spraakkode` and a `tekst`."""
        texts: list[dict[str, Any]] = self.event["tekster"]
        chosen = [text for text in texts if text["spraakkode"].lower() == language.lower()]
        return (chosen or [text for text in texts if text.get("default")] or texts)[0]


class Kept:
    """Everything read, every notification, and the status events that Kafka has not taken yet. Safe for threads."""

    def __init__(self, ledger: Ledger) -> None:
        self.read: list[Entry] = []
        self.positions: set[tuple[int, ...]] = set()
        self.notices: dict[str, Notice] = {}
        self.told: dict[str, list[Entry]] = {}
        self.to_tell: dict[str, dict[str, Any]] = {}
        self._ledger = ledger
        self._lock = threading.RLock()
        for entry in ledger.entries():
            self._apply(entry)

    def locked(self) -> AbstractContextManager[object]:
        """For a look at several things that belong together, or a decision that rests on them."""
        return self._lock

    def record(self, entries: Sequence[Entry]) -> None:
        """Write down what happened, then let it count. Raises OSError when the disk does not take it."""
        if not entries:
            return
        with self._lock:
            self._ledger.append(entries)
            for entry in entries:
                self._apply(entry)

    def decide(self, entries: Callable[[], Sequence[Entry]]) -> None:
        """Look and record with nobody in between."""
        with self._lock:
            self.record(entries())

    def _apply(self, entry: Entry) -> None:
        match entry["kind"]:
            case "read":
                entry = {**entry, "number": len(self.read) + 1}
                self.read.append(entry)
                self.positions.add(tuple(entry["position"]))
                if entry["verdict"] == "accepted" and entry["event"]["@event_name"] == "opprett":
                    notice = Notice(
                        entry["event"],
                        entry["number"],
                        entry["at"],
                        parsed_time(entry["event"].get("aktivFremTil", "")),
                    )
                    self.notices[notice.key] = notice
            case "ended":
                self.notices[entry["varselId"]].ended = {"by": entry["by"], "at": entry["at"]}
            case "external":
                self.notices[entry["varselId"]].external.append(entry)
            case "status":
                self.to_tell[entry["id"]] = entry["event"]
                self.told.setdefault(entry["event"]["varselId"], []).append(entry)
            case "told":
                for told in entry["ids"]:
                    self.to_tell.pop(told, None)


def now() -> datetime:
    """The present instant; NAVMEET_CLOCK names a file that may say otherwise, as in the processes under test."""
    given = os.environ.get("NAVMEET_CLOCK")
    if given and Path(given).exists():
        return datetime.fromisoformat(Path(given).read_text(encoding="ascii").strip())
    return datetime.now(UTC)


def stamp() -> str:
    """Now, as Min side writes it."""
    return now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def internal_status(event: dict[str, Any], name: str) -> Entry:
    """`opprettet` or `inaktivert`, with the legacy doubles that the real ones carry."""
    return _status(
        event, {"@event_name": name, "eventId": event["varselId"], "varselType": event["type"], "tidspunkt": stamp()}
    )


def external_status(event: dict[str, Any], status: str, via: str | None, message: str | None) -> list[Entry]:
    """What is known of an SMS or e-mail from now on, and the event that says so."""
    at = stamp()
    told: dict[str, Any] = {"@event_name": "eksternStatusOppdatert", "status": status, "kanal": via}
    told |= {"melding": None, "feilmelding": message} if status == "feilet" else {"melding": message}
    told |= {"renotifikasjon": False, "sendtSomBatch": False}
    known = {"kind": "external", "varselId": event["varselId"], "status": status, "kanal": via, "at": at}
    return [known, _status(event, {**told, "tidspunkt": at})]


def _status(event: dict[str, Any], told: dict[str, Any]) -> Entry:
    whose = event["produsent"]
    whole = {
        **told,
        "varselId": event["varselId"],
        "varseltype": event["type"],
        "namespace": whose["namespace"],
        "appnavn": whose["appnavn"],
    }
    return {
        "kind": "status",
        "id": str(uuid4()),
        "event": {name: value for name, value in whole.items() if value is not None},
    }
