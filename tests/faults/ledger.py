"""What was planned (the database) against what was received (the receiver's file) and what was marked sent.

Read with plain SQL, by address: neither through the code under test, nor only from the tests' own database.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

PLANNED = "SELECT key::text FROM invitations_message WHERE channel = %(channel)s AND due_at <= %(by)s"
SENT = PLANNED + " AND state IN ('SENT', 'DELIVERED')"
UNSETTLED = """
SELECT key::text FROM invitations_message
WHERE channel = %(channel)s AND due_at <= %(by)s AND state NOT IN ('SENT', 'DELIVERED')
UNION ALL
SELECT retraction.id::text FROM invitations_retraction retraction
JOIN invitations_message message ON message.id = retraction.message_id
WHERE message.channel = %(channel)s AND retraction.state IN ('PLANNED', 'CLAIMED')
"""


@dataclass(frozen=True)
class Ledger:
    """`doubled` are keys received more than once; a receiver that drops known keys shows each of them once."""

    planned: int
    received: int
    lost: list[str]
    unplanned: list[str]
    doubled: list[str]
    unsettled: list[str]
    wrong_order: list[str]

    def __str__(self) -> str:
        return (
            f"planned {self.planned}, received {self.received}, lost {len(self.lost)}, "
            f"unplanned {len(self.unplanned)}, doubled by key {len(self.doubled)} (dropped by the receiver), "
            f"unsettled {len(self.unsettled)}, inaktiver before opprett {len(self.wrong_order)}"
        )

    @property
    def is_whole(self) -> bool:
        """Everything planned arrived and is settled, and nothing else did."""
        return not (self.lost or self.unplanned or self.unsettled or self.wrong_order)


@dataclass(frozen=True)
class Book:
    """Where to read: the database, the receivers' files, and the instant by which messages were due."""

    url: str
    files: tuple[Path, ...]
    due_by: str = "2027-01-12"
    channel: str = "DITT_NAV"

    def compare(self) -> Ledger:
        events = self.received()
        shown = Counter(event["key"] for event in events if event["event"] == "opprett")
        planned = self.keys(PLANNED)
        return Ledger(
            planned=len(planned),
            received=sum(shown.values()),
            lost=sorted(planned - set(shown)),
            unplanned=sorted(set(shown) - planned),
            doubled=sorted(key for key, count in shown.items() if count > 1),
            unsettled=sorted(self.keys(UNSETTLED)),
            wrong_order=_taken_back_too_early(events),
        )

    def received(self) -> list[dict[str, Any]]:
        """The whole lines of the files; a line being written is not there yet."""
        return [line for path in self.files for line in _lines(path)]

    def sent(self) -> set[str]:
        return self.keys(SENT)

    def is_unsettled(self) -> bool:
        return bool(self.keys(UNSETTLED))

    def keys(self, query: str) -> set[str]:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(query, {"channel": self.channel, "by": self.due_by}).fetchall()
        return {row[0] for row in rows}


def _lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [_event(json.loads(line)) for line in text.split("\n")[:-1] if line]


def _event(line: dict[str, Any]) -> dict[str, Any]:
    """The stand-in for Altinn writes "ordered", and "repeated" where a key came again and was dropped."""
    orders = {"ordered": "opprett", "repeated": "opprett", "step": ""}
    return line if "event" in line else {"key": line["key"], "event": orders[line["kind"]]}


def _taken_back_too_early(events: Iterable[dict[str, Any]]) -> list[str]:
    seen, early = set(), []
    for event in events:
        if event["event"] == "opprett":
            seen.add(event["key"])
        elif event["event"] and event["key"] not in seen:
            early.append(event["key"])
    return early
