"""Who is in a room just now. A page that is loaded again is the same one in there; one that is gone has left."""

import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from navmeet.dev.video.node import Answer, Policy


@dataclass
class Leg:
    """One page in a room. `loads` counts how often it was shown: a page that says goodbye may do so after the next."""

    connection: str
    answer: Answer
    data: dict[str, Any]
    loads: int = 1


@dataclass
class Legs:
    """Those who are in, each under the name that its page has."""

    policy: Policy
    _inside: dict[str, Leg] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def again(self, page: str) -> Leg | None:
        """This page is in already, and was loaded again."""
        with self._lock:
            leg = self._inside.get(page)
            if leg is not None:
                leg.loads += 1
            return leg

    def enter(self, page: str, alias: str, answer: Answer, connection: str) -> Leg:
        """Somebody is in; the meeting's owner is told."""
        data = {
            "uuid": connection,
            "conference": answer.conference,
            "service_type": "waiting_room" if answer.waits_for_host else "conference",
            "role": "chair" if answer.role == "host" else "guest",
            "call_tag": answer.tag,
            "display_name": answer.name,
            "protocol": "WebRTC",
            "call_direction": "in",
            "destination_alias": alias,
            "has_media": True,
        }
        leg = Leg(connection, answer, data)
        with self._lock:
            self._inside[page] = leg
        self.policy.tell("participant_connected", data)
        return leg

    def leave(self, page: str, loads: int | None = None) -> None:
        """This page is gone; or, where it has been loaded again since, is not."""
        with self._lock:
            leg = self._inside.get(page)
            if leg is None or (loads is not None and loads < leg.loads):
                return
            del self._inside[page]
        self.policy.tell("participant_disconnected", leg.data | {"disconnect_reason": "User initiated disconnect"})


def new_name() -> str:
    """Of a connection, or of a page."""
    return str(uuid4())
