"""What other systems can hear from us, as AsyncAPI 3: drawn from the events that say how they are told outside."""

import inspect
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from typing import Any, get_type_hints
from uuid import UUID

import yaml
from django.apps import apps
from django.conf import settings

from navmeet.outbox.outside import Outside, item_of_set, without_none
from navmeet.outbox.publish import Event

CHANNEL = "meetingEvents"
UUID_SCHEMA = {"type": "string", "format": "uuid"}
INSTANT = {"type": "string", "format": "date-time"}
MEETING = UUID_SCHEMA | {"description": "The meeting it happened to; also the key of the message."}
ENVELOPE: dict[str, dict[str, Any]] = {
    "event_id": UUID_SCHEMA | {"description": "The same each time the same event is sent: drop what you have seen."},
    "name": {"type": "string"},
    "version": {"type": "integer", "description": "Of this event. Fields are added without a new one."},
    "occurred_at": INSTANT,
    "position": {
        "type": "integer",
        "minimum": 1,
        "description": "Rises with each event of a meeting. Not without gaps, and says nothing between meetings.",
    },
    "meeting_id": MEETING,
}
PROMISES = """\
What happens to meetings in navmeet: that it happened, to which meeting, when. Ids, times, numbers and enum values;
no person's name, number, id or words. Who may know more asks navmeet with the id.

Each event is sent at least once. The same event has the same `event_id` each time. Events of one meeting have one
key, so one partition, and come for the first time in the order in which they happened; a repetition may come later:
pass by a `position` that is not above the last you took of the meeting.

An event is sent when the change is committed, and never for one that was undone or only rehearsed. When Kafka is
away events wait in navmeet's database and come later. Fields may be added: pass by what you do not know.
"""


class Lines(yaml.SafeDumper):
    """YAML in which text of several lines stands as it is read."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)

    def ignore_aliases(self, _: object) -> bool:
        return True


Lines.add_representer(str, Lines.represent_text)


def published() -> Iterator[type[Event]]:
    """Every event of every app, in the order of apps and of writing."""
    for config in apps.get_app_configs():
        if config.name.startswith("django") or find_spec(f"{config.name}.events") is None:
            continue
        module = import_module(f"{config.name}.events")
        for kind in vars(module).values():
            if inspect.isclass(kind) and issubclass(kind, Event) and kind.__module__ == module.__name__:
                yield kind


def told_outside() -> dict[type[Event], Outside]:
    """Those of them that other systems are told of."""
    return {kind: kind.outside for kind in published() if kind.outside is not None}


def document() -> dict[str, Any]:
    """The whole document as plain data."""
    told = told_outside()
    names = [outside.name for outside in told.values()]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "navmeet meeting events", "version": "1", "description": PROMISES},
        "defaultContentType": "application/json",
        "channels": {
            CHANNEL: {
                "address": settings.TOPIC_MEETING_EVENTS,
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
            }
        },
        "operations": {
            "tellMeetingEvents": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{CHANNEL}"},
                "messages": [{"$ref": f"#/channels/{CHANNEL}/messages/{name}"} for name in names],
            }
        },
        "components": {"messages": {outside.name: _message(kind, outside) for kind, outside in told.items()}},
    }


def as_yaml() -> str:
    """The document as text, the same for the same code."""
    text: str = yaml.dump(document(), Dumper=Lines, sort_keys=False, allow_unicode=True, width=120)
    return text


def _message(kind: type[Event], outside: Outside) -> dict[str, Any]:
    hints = get_type_hints(kind)
    own = {name: _schema(hints[name]) for name in outside.fields}
    fixed = {"name": {"const": outside.name}, "version": ENVELOPE["version"] | {"const": outside.version}}
    optional = {name for name in outside.fields if without_none(hints[name]) is not hints[name]}
    return {
        "name": outside.name,
        "summary": inspect.cleandoc(kind.__doc__ or "").partition(". ")[0].rstrip(".") + ".",
        "bindings": {"kafka": {"key": MEETING}},
        "payload": {
            "type": "object",
            "properties": ENVELOPE | fixed | own,
            "required": [*ENVELOPE, *(name for name in own if name not in optional)],
        },
    }


def _schema(hint: Any) -> dict[str, Any]:
    inner = without_none(hint)
    if inner is not hint:
        return {"oneOf": [_schema(inner), {"type": "null"}]}
    item = item_of_set(hint)
    if item is not None:
        return {"type": "array", "uniqueItems": True, "items": _schema(item)}
    if issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    return dict({UUID: UUID_SCHEMA, datetime: INSTANT, bool: {"type": "boolean"}, int: {"type": "integer"}}[hint])
