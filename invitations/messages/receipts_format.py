"""What Min side says became of a notification, as it stands on the topic that all producers share.

Source: tms-varsel-event-gateway, `hendelse.kt`. No event tells whom it concerns; our own varselId does.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from invitations.messages.ditt_nav import Producer

EXTERNAL = "eksternStatusOppdatert"
# The widths of the columns that keep them: what is longer is none of the words we know, and is cut.
_LONGEST = 40
_LONGEST_VIA = 16


class Unreadable(ValueError):
    """Not a status event in any form that we know. The text tells what is wrong, and nothing of what stood there."""


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """`event`: opprettet, inaktivert, slettet or eksternStatusOppdatert, or a new word kept as it is named.

    `status`: venter, bestilt, sendt, feilet, kansellert, ferdigstilt; empty where the event has none. `via`: SMS or
    EPOST. `source`: who made it inactive (bruker, produsent, frist, admin), where the event tells.
    """

    key: UUID
    event: str
    status: str
    via: str
    is_renotification: bool
    happened_at: datetime
    source: str = ""


def ours(value: bytes | None, producer: Producer) -> StatusEvent | None:
    """The event if it concerns a notification that `producer` sent, else None. Raises Unreadable."""
    event = _object(value)
    if (event.get("namespace"), event.get("appnavn")) != (producer.namespace, producer.app):
        return None
    return StatusEvent(
        key=_key(event),
        event=_word(event, "@event_name", _LONGEST) or _refuse("no @event_name"),
        status=_word(event, "status", _LONGEST),
        via=_word(event, "kanal", _LONGEST_VIA),
        is_renotification=event.get("renotifikasjon") is True,
        happened_at=_instant(event),
        source=_word(event, "kilde", _LONGEST_VIA),
    )


def _object(value: bytes | None) -> dict[str, Any]:
    try:
        event = json.loads(value or b"")
    except (ValueError, RecursionError):
        return _refuse("not JSON")
    return event if isinstance(event, dict) else _refuse("not a JSON object")


def _key(event: dict[str, Any]) -> UUID:
    try:
        return UUID(_word(event, "varselId", _LONGEST))
    except ValueError:
        return _refuse("varselId is not one of ours")


def _instant(event: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(_word(event, "tidspunkt", _LONGEST))
    except ValueError:
        return _refuse("tidspunkt is not a time")
    return at if at.utcoffset() is not None else _refuse("tidspunkt has no zone")


def _word(event: dict[str, Any], name: str, longest: int) -> str:
    value = event.get(name)
    return value[:longest].replace("\x00", "") if isinstance(value, str) else ""


def _refuse(why: str) -> Any:
    raise Unreadable(why) from None
