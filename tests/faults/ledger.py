"""What was planned (the database) against what was received (the recorder's file) and what was marked sent."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from invitations.models import Message, MessageState, Retraction


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


def received(path: Path) -> list[dict[str, str]]:
    """The whole lines of the file; a line being written is not there yet."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.split("\n")[:-1] if line]


def compare(path: Path) -> Ledger:
    events = received(path)
    shown = Counter(event["key"] for event in events if event["event"] == "opprett")
    planned = {str(key) for key in Message.objects.values_list("key", flat=True)}
    unsettled = [
        *map(str, Message.objects.exclude(state=MessageState.SENT).values_list("pk", flat=True)),
        *map(str, Retraction.objects.filter(state__in=["PLANNED", "CLAIMED"]).values_list("pk", flat=True)),
    ]
    return Ledger(
        planned=len(planned),
        received=sum(shown.values()),
        lost=sorted(planned - set(shown)),
        unplanned=sorted(set(shown) - planned),
        doubled=sorted(key for key, count in shown.items() if count > 1),
        unsettled=unsettled,
        wrong_order=_taken_back_too_early(events),
    )


def _taken_back_too_early(events: list[dict[str, str]]) -> list[str]:
    seen, early = set(), []
    for event in events:
        if event["event"] == "opprett":
            seen.add(event["key"])
        elif event["key"] not in seen:
            early.append(event["key"])
    return early
