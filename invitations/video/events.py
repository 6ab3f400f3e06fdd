"""What the platform tells us of who comes and goes (Pexip's event sink, contracts/video.md § 4).

A node sends its events in order and stops sending when it is refused: what we do not understand is passed over, and
nothing here raises on what is told. Whose connection it is stands in the tag that our own policy gave it; a name is
never read.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from invitations import presences
from invitations.models import Presence
from invitations.video.policy import is_connection, normalised
from navmeet.accounts.actor import Actor

CAME = frozenset({"participant_connected", "participant_updated"})
GONE = "participant_disconnected"
# In the meeting itself: others are still on their way, or held at a lock.
INSIDE = frozenset({"conference", "lecture"})
BY = Actor.system("video")


def receive(told: object, at: datetime) -> int:
    """Keep what one event, or a bundle of them, says of our visits; how many of them said something."""
    if not isinstance(told, dict):
        return 0
    data = told.get("data")
    if told.get("event") == "eventsink_bulk":
        return sum(receive(one, at) for one in data if _is_single(one)) if isinstance(data, list) else 0
    return int(isinstance(data, dict) and _keep(told.get("event"), data, at))


def _is_single(one: object) -> bool:
    return isinstance(one, dict) and one.get("event") != "eventsink_bulk"


def _keep(event: object, data: dict[str, Any], at: datetime) -> bool:
    visit_id, connection = _uuid(data.get("call_tag")), data.get("uuid")
    if visit_id is None or not isinstance(connection, str) or not is_connection(connection):
        return False
    # What signals for a browser is not what sends its sound and picture; and who is rung out to did not come to us.
    if data.get("protocol") == "API" or data.get("call_direction") == "out":
        return False
    if event == GONE:
        return presences.part(visit_id=visit_id, connection=connection, by=BY, at=at) is not None
    if event not in CAME or data.get("service_type") not in INSIDE:
        return False
    if Presence.objects.filter(visit_id=visit_id, connection=connection).exists():
        return True
    dialled = data.get("destination_alias")
    alias = normalised(dialled) if isinstance(dialled, str) else ""
    return presences.join(visit_id=visit_id, connection=connection, alias=alias, by=BY, at=at) is not None


def _uuid(tag: object) -> UUID | None:
    try:
        return UUID(tag) if isinstance(tag, str) else None
    except ValueError:
        return None
