"""What a node of the platform is answered when it asks (Pexip's external policy, contracts/video.md § 3).

Each answer is one read, changes nothing, and is decided by the door anew. An alias is a visit's own (`d-…`) or, for
those from Nav, the room's (`nav-…`); whatever else is asked for is not there.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from invitations import door
from invitations.door import Decision
from invitations.models import Presence, VideoRoom, Visit
from invitations.video.pexip import host_pin, service_name
from meetings.models import Format, Meeting, Participant

UNKNOWN = "Møterommet finnes ikke."
NOT_LET_IN = "Du er ikke sluppet inn. Gå til venterommet fra lenken din."
IN_ALREADY = "Noen er allerede inne med denne adressen. Gå til venterommet fra lenken din, og gå inn igjen derfra."
# For one with a strictly protected address nobody on the platform is to read a name.
ANYBODY, NAV = "Deltaker", "Nav"
LONGEST_ALIAS = 200
# The platform's own test call, which is not ours to answer for: its own database knows it.
TEST_CALL = "test"
_SCHEME = re.compile(r"(?:sips?|h323|tel|pexip):", re.IGNORECASE)
_CONNECTION = re.compile(r"[!-~]{1,64}")
_ALIAS = re.compile(r"(?:d|nav)-[0-9a-f]{32}")

# All that an answer needs of four tables: the texts beside it are the most of each row.
_MEETING = ("status", "format", "starts_at", "ends_at", "ended_at")
_PARTICIPANT = ("removed_at", "way_in", "part_offset", "person__protection", *(f"meeting__{name}" for name in _MEETING))
_INVITATION = ("invitation__closed_at", "invitation__deceased_at")
_READ = ("state", "name", *_INVITATION, *(f"invitation__participant__{name}" for name in _PARTICIPANT))

Answer = dict[str, Any]


@dataclass(frozen=True)
class _Asked:
    """Who an alias stands for, and what the door says. `refused` is empty for one who may come in.

    `is_taken`: another connection is in by this alias.
    """

    meeting: Meeting
    refused: str
    is_host: bool
    name: str
    tag: UUID
    is_taken: bool = False


def normalised(local_alias: str) -> str:
    """The bare alias of `abc`, `abc@video.nav.no` or `sip:abc@video.nav.no;transport=tls`; "" for what is none."""
    if len(local_alias) > LONGEST_ALIAS:
        return ""
    bare = _SCHEME.sub("", local_alias.strip(" "), count=1).partition("@")[0].partition(";")[0].strip(" ").lower()
    return bare if _ALIAS.fullmatch(bare) or bare == TEST_CALL else ""


def is_connection(name: str) -> bool:
    """Is it what a platform may call one of its connections?"""
    return _CONNECTION.fullmatch(name) is not None


def configuration(local_alias: str, at: datetime) -> Answer:
    """`service/configuration`: which conference an alias leads to. A question is no proof of a join."""
    alias = normalised(local_alias)
    if alias == TEST_CALL:
        return {"status": "success", "action": "continue"}
    asked = _look_up(alias, at)
    if asked is None:
        return _reject(UNKNOWN)
    if asked.refused:
        return _reject(asked.refused)
    return {
        "status": "success",
        "action": "continue",
        "result": {
            "service_type": "conference",
            "name": service_name(asked.meeting.pk),
            "service_tag": str(asked.meeting.pk),
            "pin": host_pin(asked.meeting.pk),
            "allow_guests": True,
            "guests_can_present": True,
            "locked": True,
            "enable_chat": "no",
            "enable_overlay_text": True,
            "crypto_mode": "on",
            "call_type": "video",
            "view": "five_mains_seven_pips",
        },
    }


def properties(local_alias: str, at: datetime, *, connection: str = "") -> Answer:
    """`participant/properties`: who comes, under which name, and past the lock, for our own lobby has let them in.

    An address in which another `connection` is, as far as the platform has told us, lets nobody in beside it. Who fell
    out before the platform has seen it goes in again from the waiting room, by a new address.
    `preauthenticated_role` comes after the PIN, and cannot spare a host from typing it: their address carries it.
    """
    alias = normalised(local_alias)
    if alias == TEST_CALL:
        return {"status": "success", "action": "continue"}
    asked = _look_up(alias, at, connection if is_connection(connection) else "")
    if asked is None:
        return _reject(UNKNOWN)
    if asked.refused:
        return _reject(asked.refused)
    if asked.is_taken:
        return _reject(IN_ALREADY)
    return {
        "status": "success",
        "action": "continue",
        "result": {
            "preauthenticated_role": "chair" if asked.is_host else "guest",
            "remote_display_name": asked.name,
            "call_tag": str(asked.tag),
            "bypass_lock": True,
        },
    }


def _look_up(alias: str, at: datetime, connection: str = "") -> _Asked | None:
    if not alias:
        return None
    return _guest(alias, at, connection) if alias.startswith("d-") else _host(alias, at)


def _guest(alias: str, at: datetime, connection: str) -> _Asked | None:
    visits = Visit.objects.select_related("invitation__participant__meeting", "invitation__participant__person")
    others = Presence.objects.filter(visit=OuterRef("pk"), alias=OuterRef("alias"), left_at=None)
    taken = Exists(others.exclude(connection=connection))
    visit = visits.only(*_READ).annotate(is_taken=taken).filter(alias=alias).first()
    if visit is None:
        return None
    participant = visit.invitation.participant
    decision = door.may_come_in(visit.invitation, at)
    if decision != Decision.OPEN:
        refused = door.reason(decision, door.opens_at(participant))
    else:
        refused = "" if visit.state == Visit.State.ADMITTED else NOT_LET_IN
    is_protected = participant.person is not None and participant.person.is_strictly_protected
    name = ANYBODY if is_protected or refused else visit.name or ANYBODY
    return _Asked(participant.meeting, refused, is_host=False, name=name, tag=visit.pk, is_taken=visit.is_taken)


def _host(alias: str, at: datetime) -> _Asked | None:
    by_video = Participant.objects.filter(meeting=OuterRef("meeting"), removed_at=None, way_in=Format.VIDEO)
    rooms = VideoRoom.objects.select_related("meeting").annotate(has_guest=Exists(by_video))
    room = rooms.filter(alias=alias).first()
    if room is None:
        return None
    decision = door.may_staff_come_in(room.meeting, at, has_guest_by_video=room.has_guest)
    opens = room.meeting.starts_at - door.OPENS_BEFORE
    refused = "" if decision == Decision.OPEN else door.reason(decision, opens)
    return _Asked(room.meeting, refused, is_host=True, name=NAV, tag=room.pk)


def _reject(why: str) -> Answer:
    return {"status": "success", "action": "reject", "result": {"reject_reason": why}}
