"""What would follow from a change, as a caseworker reads it before deciding."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from invitations.messages.log import OCCASIONS, STEPS, WHY_NOT
from navmeet.outbox.publish import Consequences, PlannedMessage
from navmeet.pages.staff import words


@dataclass(frozen=True)
class Line:
    """One message: what about, to whom, by what, when, and why not if not."""

    what: str
    to: str
    by: str
    is_now: bool
    due_at: datetime
    why_not: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Preview:
    lines: list[Line]
    lacks: list[str]
    voided: int


def preview(follows: Consequences, at: datetime) -> Preview:
    """In the order in which it would be told."""
    messages = sorted(follows.messages, key=lambda one: one.due_at)
    return Preview([_line(one, at) for one in messages], list(dict.fromkeys(follows.lacks)), follows.voided)


def _line(one: PlannedMessage, at: datetime) -> Line:
    return Line(
        what=OCCASIONS[one.occasion] + STEPS[one.step],
        to=words.ROLES.get(one.role, ""),  # type: ignore[call-overload]
        by=words.CHANNELS.get(one.channel, ""),
        is_now=one.due_at <= at,
        due_at=one.due_at,
        why_not=WHY_NOT.get(one.falls, ""),
        texts={name: text for name, text in one.texts.items() if text},
    )
