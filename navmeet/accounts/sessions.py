"""What a session holds, how long it lasts, and the actor that is read from it.

Who and how, never a number and never a name in the clear: what must be kept (the ID token for logging out at the
issuer, the name for the page's head) is sealed, and bound to this session. A session belongs to the surface it was
made at: both surfaces share a table, and a key carried from one cookie to the other opens nothing.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.protect.columns import CannotOpen, new_id, open_sealed, seal

# contracts/login.md, 3.1 and 3.2: ID-porten's own limits, and Wonderwall's for employees. A partner typed one code:
# enough to read, answer and come back to the meeting, on a machine that others may use.
LONGEST = {"citizen": timedelta(hours=6), "staff": timedelta(hours=10), "partner": timedelta(hours=2)}
IDLE = {"citizen": timedelta(hours=1), "staff": timedelta(hours=10), "partner": timedelta(hours=2)}
# A write at each request would be one too many: idle time is counted in steps of this.
STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who a session is of."""

    actor: Actor
    name: str


def begin(session: SessionBase, actor: Actor, *, name: str, id_token: str, at: datetime, language: str = "") -> None:
    """Empty the session, give it a new key, and write who logged in. Nothing of what was before survives."""
    session.flush()
    binding = str(new_id())
    session.update(
        {
            "id": binding,
            "surface": settings.SURFACE,
            "kind": str(actor.kind),
            "actor": str(actor.id),
            "office": actor.office or "",
            "groups": sorted(actor.groups),
            "nav_ident": actor.nav_ident or "",
            "level": str(actor.level),
            "language": language,
            "login_at": at.isoformat(),
            "seen_at": at.isoformat(),
            "name": _sealed(name, binding, "name"),
            "id_token": _sealed(id_token, binding, "id_token"),
        }
    )
    session.set_expiry(int(IDLE[_limits(actor.kind)].total_seconds()))


def find(session: SessionBase, at: datetime) -> Found | None:
    """Who the session is of, if it still holds. One that does not is ended."""
    if "actor" not in session:
        return None
    try:
        found = _read(session, at)
    except (KeyError, ValueError, TypeError, CannotOpen):
        found = None
    if found is None:
        session.flush()
    return found


def id_token(session: SessionBase) -> str:
    """The ID token of the login, or "" where there is none that can be opened."""
    try:
        return _opened(session["id_token"], session["id"], "id_token")
    except (KeyError, ValueError, TypeError, CannotOpen):
        return ""


def _read(session: SessionBase, at: datetime) -> Found | None:
    if session["surface"] != settings.SURFACE:
        return None
    began, seen = datetime.fromisoformat(session["login_at"]), datetime.fromisoformat(session["seen_at"])
    kind = ActorKind(session["kind"])
    limits = _limits(kind)
    left = min(began + LONGEST[limits] - at, IDLE[limits])
    if left <= timedelta(0) or at - seen > IDLE[limits]:
        return None
    actor = Actor(
        kind=kind,
        id=UUID(session["actor"]),
        office=session["office"] or None,
        groups=frozenset(session["groups"]),
        level=Level(session["level"]),
        nav_ident=session["nav_ident"] or None,
    )
    name = _opened(session["name"], session["id"], "name")
    if at - seen > STEP:
        session["seen_at"] = at.isoformat()
        session.set_expiry(max(1, int(left.total_seconds())))
    return Found(actor=actor, name=name)


def _limits(kind: ActorKind) -> str:
    return "partner" if kind == ActorKind.PARTNER else settings.SURFACE


def _sealed(text: str, binding: str, what: str) -> str:
    return base64.b64encode(bytes(seal(text, table="session", column=what, row=binding))).decode("ascii")


def _opened(value: Any, binding: str, what: str) -> str:
    return open_sealed(base64.b64decode(value), table="session", column=what, row=binding)
