"""record(): what was changed. shown(): whose data an employee was shown."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import connection

from navmeet.accounts.actor import Actor
from navmeet.audit.models import AuditEvent, Showing


class Subject(Protocol):
    """Anything with a UUID and a name of its kind."""

    @property
    def pk(self) -> UUID: ...


class OutsideTransaction(RuntimeError):
    """An audit row must stand or fall with what it tells of."""


def record(
    action: str,
    *,
    by: Actor,
    at: datetime,
    subject: Subject,
    meeting_id: UUID | None = None,
    reason: str = "",
    **detail: str | int | bool | None,
) -> None:
    """Add one row in the running transaction. `action` is dotted: "meeting.moved". Raises OutsideTransaction."""
    if not connection.in_atomic_block:
        raise OutsideTransaction(action)
    AuditEvent.objects.create(
        at=at,
        action=action,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_office=by.office or "",
        subject_type=type(subject).__name__,
        subject_id=subject.pk,
        meeting_id=meeting_id,
        reason=reason,
        detail=detail,
    )


def shown(what: str, *, to: Actor, person_id: UUID, at: datetime, is_unusual: bool = False, call_id: str = "") -> None:
    """Keep that `to` was shown this person's data; a worker hands it to the audit system as one CEF line.

    For pages and answers that open one person to an employee. Not for lists, refusals, or what people read of
    themselves. The row is stored before the page goes out: if it cannot be stored, nothing is shown.
    """
    if to.nav_ident is None:
        raise ValueError("only an employee's reading is shown()")
    Showing.objects.create(
        at=at, nav_ident=to.nav_ident, person_id=person_id, what=what, is_unusual=is_unusual, call_id=call_id
    )
