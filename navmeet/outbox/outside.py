"""What of an event leaves the house: closed by default, by field and by type.

Other systems learn that something happened to a meeting, and ask us for more if they may know it. So an event carries
ids of meetings and of what belongs to them, times, numbers and enum values. No person's id: with a meeting it says
who met Nav. No text: text attracts what should not be told.
"""

import dataclasses
import json
import types
import typing
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from navmeet.outbox.models import OutboxEvent
    from navmeet.outbox.publish import Event

# Ids that may be told. A participant's, an employee's or a citizen's is not among them, whatever it is called.
IDS = frozenset({"meeting_id", "revision_id", "version_id"})
# In every event, from its own columns.
ALWAYS = ("meeting_id", "at")


@dataclass(frozen=True)
class Outside:
    """How other systems are told: under which name, in which version, and with which of the event's fields.

    A field that is not named stays in the house. A new version is a new number: fields are added, never renamed.
    """

    name: str
    fields: tuple[str, ...] = ()
    version: int = 1


class MayNotLeave(TypeError):
    """A value of a type that events do not carry. Names the field, never the value."""


def body(event: "Event") -> dict[str, Any]:
    """The fields told beside the meeting and the time. Raises MayNotLeave."""
    told = _outside(type(event)).fields
    return {name: _told(name, getattr(event, name)) for name in told}


def wire(stored: "OutboxEvent") -> bytes:
    """The event as it goes on the topic: JSON in UTF-8, the same bytes at every attempt."""
    envelope: dict[str, Any] = {
        "event_id": str(stored.event_id),
        "name": stored.name,
        "version": stored.version,
        "occurred_at": stored.at.isoformat(),
        "position": stored.position,
        "meeting_id": str(stored.meeting_id),
    }
    return json.dumps(envelope | stored.body, separators=(",", ":"), ensure_ascii=False).encode()


def problems_with(kind: "type[Event]") -> list[str]:
    """What of a declaration would let out more than may leave, or could not be told. For the tests."""
    declared = _outside(kind)
    hints = typing.get_type_hints(kind)
    present = {field.name for field in dataclasses.fields(kind)}
    found = [f"{name} is not there" for name in (*ALWAYS, *declared.fields) if name not in present]
    found += [f"{name} is told already" for name in declared.fields if name in ALWAYS]
    found += [
        f"{name} may not leave"
        for name in (*ALWAYS, *declared.fields)
        if name in present and not _may_leave(name, hints[name])
    ]
    return found


def item_of_set(hint: Any) -> Any:
    """The type inside `frozenset[...]`, else None."""
    return typing.get_args(hint)[0] if typing.get_origin(hint) is frozenset else None


def without_none(hint: Any) -> Any:
    """The type beside None, where a field may lack a value."""
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        rest = [part for part in typing.get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint


def _may_leave(name: str, hint: Any) -> bool:
    kind = without_none(hint)
    kind = item_of_set(kind) or kind
    if not isinstance(kind, type):
        return False
    if issubclass(kind, UUID):
        return name in IDS
    return kind in {int, bool, datetime} or issubclass(kind, Enum)


def _told(name: str, value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(_told(name, one) for one in value)
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value.isoformat()
    if isinstance(value, UUID) and name in IDS:
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    raise MayNotLeave(f"{name}: a {type(value).__name__} may not leave the house")


def _outside(kind: "type[Event]") -> Outside:
    if kind.outside is None:
        raise MayNotLeave(f"{kind.__name__} stays in the house")
    return kind.outside
