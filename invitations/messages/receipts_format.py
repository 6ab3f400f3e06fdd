"""What Min side says became of a notification, as it stands on the topic that all producers share.

Source: tms-varsel-event-gateway, `hendelse.kt`. No event tells whom it concerns; our own varselId does.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from invitations.messages.ditt_nav import Producer

# The event that tells of SMS and e-mail.
EXTERNAL = "eksternStatusOppdatert"
# The event that a notification stands on Ditt NAV no more.
INACTIVATED = "inaktivert"
# The widths of the columns that keep them: what is longer is none of the words we know, and is cut.
_LONGEST = 40
_LONGEST_VIA = 16


class Unreadable(ValueError):
    """Not a status event in any form that we know. The text tells what is wrong, and nothing of what stood there."""


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """`event`: opprettet, inaktivert, slettet or eksternStatusOppdatert, or a new word kept as it is named.

    `status`: venter, bestilt, sendt, feilet, kansellert, ferdigstilt; empty where the event has none. `via`: SMS or
    EPOST, where something was sent.
    """

    key: UUID
    event: str
    status: str
    via: str
    is_renotification: bool
    happened_at: datetime


def ours(value: bytes | None, producer: Producer) -> StatusEvent | None:
    """The event if it concerns a notification that `producer` sent, else None. Raises Unreadable."""
    event = _object(value)
    if (event.get("namespace"), event.get("appnavn")) != (producer.namespace, producer.app):
        return None
    name = _word(event, "@event_name", _LONGEST)
    if not name:
        raise Unreadable("no @event_name")
    return StatusEvent(
        key=_key(event),
        event=name,
        status=_word(event, "status", _LONGEST),
        via=_word(event, "kanal", _LONGEST_VIA),
        is_renotification=event.get("renotifikasjon") is True,
        happened_at=_instant(event),
    )


def _object(value: bytes | None) -> dict[str, Any]:
    try:
        event = json.loads(value or b"")
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    if not isinstance(event, dict):
        raise Unreadable("not a JSON object")
    return event


def _key(event: dict[str, Any]) -> UUID:
    try:
        return UUID(_word(event, "varselId", _LONGEST))
    except ValueError:
        raise Unreadable("varselId is not one of ours") from None


def _instant(event: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(_word(event, "tidspunkt", _LONGEST))
    except ValueError:
        raise Unreadable("tidspunkt is not a time") from None
    if at.utcoffset() is None:
        raise Unreadable("tidspunkt has no zone")
    return at


def _word(event: dict[str, Any], name: str, longest: int) -> str:
    value = event.get(name)
    return value[:longest].replace("\x00", "") if isinstance(value, str) else ""
