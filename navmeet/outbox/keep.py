"""Store what other systems will be told, in the transaction that makes it true."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from navmeet.outbox import outside

if TYPE_CHECKING:
    from navmeet.outbox.publish import Event

# Of this table alone: calendars and idempotency take advisory locks of their own, by other keys.
LOCKS = 0x6F7574


def for_relay(event: "Event") -> None:
    """One row, to be relayed once its transaction is committed. Raises MayNotLeave, and then nothing is changed."""
    # Here, not above: events are declared before Django has its models.
    from navmeet.outbox.models import OutboxEvent

    declared: Any = event.outside
    told: Any = event
    body = outside.body(event)
    _keep_order_of(told.meeting_id)
    OutboxEvent.objects.create(
        name=declared.name, version=declared.version, meeting_id=told.meeting_id, body=body, at=told.at
    )


def _keep_order_of(meeting_id: UUID) -> None:
    """Until commit nobody else takes a position for this meeting: positions and commits have one order.

    The verbs lock the meeting's row as well; but order must not hang on every verb to come remembering it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, str(meeting_id)])
