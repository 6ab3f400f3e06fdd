"""What was ordered, and the feed of what became of it: made anew from a file of lines at every start."""

import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from navmeet.dev.altinn import delivery
from navmeet.dev.altinn.delivery import Kind
from navmeet.dev.ditt_nav.ledger import Entry, Ledger


@dataclass(slots=True)
class Shipment:
    """One SMS or e-mail. `steps` are those still to come, `repeats` how often its order came again."""

    entry: Entry
    steps: list[tuple[str, str]]
    status: str = ""
    repeats: int = 0

    @property
    def kind(self) -> Kind:
        kind: Kind = "Email" if self.entry["what"] == "email" else "SMS"
        return kind


@dataclass
class Kept:
    """Safe for threads. Nothing counts before it is on the disk."""

    ledger: Ledger
    shipments: dict[str, Shipment] = field(default_factory=dict)
    feed: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        for entry in self.ledger.entries():
            self._apply(entry)

    def order(self, what: str, order: dict[str, Any], *, fails_at_provider: bool = False) -> tuple[Shipment, bool]:
        """The shipment of this order, and whether it is new: the same key twice is one, whatever else it says."""
        key = order["idempotencyId"]
        with self.lock:
            known = self.shipments.get(key)
            if known is None:
                self._record(_ordered(what, order, fails_at_provider))
                return self.shipments[key], True
            self._record({"kind": "repeated", "key": key, "at": stamp()})
            return known, False

    def step(self) -> bool:
        """Move every shipment on by one step. Whether there was anything to move."""
        with self.lock:
            waiting = [(key, shipment) for key, shipment in self.shipments.items() if shipment.steps]
            for key, _ in waiting:
                self._record({"kind": "step", "key": key, "at": stamp()})
            return bool(waiting)

    def since(self, after: int, most: int) -> list[dict[str, Any]]:
        """The feed's entries with a higher number than `after`."""
        with self.lock:
            return self.feed[max(0, after) :][:most]

    def _record(self, entry: Entry) -> None:
        self.ledger.append([entry])
        self._apply(entry)

    def _apply(self, entry: Entry) -> None:
        match entry["kind"]:
            case "ordered":
                kind: Kind = "Email" if entry["what"] == "email" else "SMS"
                steps = delivery.steps(kind, entry["to"], fails_at_provider=entry["fails_at_provider"])
                shipment = Shipment(entry, steps)
                self.shipments[entry["key"]] = shipment
                self._tell(shipment, entry["at"])
            case "repeated":
                self.shipments[entry["key"]].repeats += 1
            case "step":
                self._tell(self.shipments[entry["key"]], entry["at"])

    def _tell(self, shipment: Shipment, at: str) -> None:
        order_status, shipment.status = shipment.steps.pop(0)
        recipient = {"type": shipment.kind, "destination": shipment.entry["to"]}
        self.feed.append(
            {
                "sequenceNumber": len(self.feed) + 1,
                "shipmentId": shipment.entry["shipment_id"],
                "sendersReference": shipment.entry["reference"],
                "type": "Notification",
                "status": order_status,
                "lastUpdate": at,
                "recipients": [{**recipient, "status": shipment.status, "lastUpdate": at}],
            }
        )


def now() -> datetime:
    """The present instant; NAVMEET_CLOCK names a file that may say otherwise, as in the processes under test."""
    given = os.environ.get("NAVMEET_CLOCK")
    if given and Path(given).exists():
        return datetime.fromisoformat(Path(given).read_text(encoding="ascii").strip())
    return datetime.now(UTC)


def stamp() -> str:
    """Now, as Altinn writes it."""
    return now().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _ordered(what: str, order: dict[str, Any], fails_at_provider: bool) -> Entry:
    recipient = order["recipientSms" if what == "sms" else "recipientEmail"]
    words = recipient["smsSettings" if what == "sms" else "emailSettings"]
    return {
        "kind": "ordered",
        "what": what,
        "key": order["idempotencyId"],
        "reference": order.get("sendersReference"),
        "order_id": str(uuid4()),
        "shipment_id": str(uuid4()),
        "to": recipient["phoneNumber" if what == "sms" else "emailAddress"],
        "sender": words.get("sender" if what == "sms" else "senderEmailAddress") or "Altinn",
        "subject": words.get("subject", ""),
        "body": words["body"],
        "time_to_live": recipient.get("timeToLiveInSeconds"),
        "fails_at_provider": fails_at_provider,
        "at": stamp(),
    }
