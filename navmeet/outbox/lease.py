"""One relay at a time, by a row with an end, in the clock of the database.

Not a session's advisory lock: a machine that is cut off keeps its session, and with it the lock, until PostgreSQL's
keepalive gives up (two hours by default), and a pooler between us lends the session to others. A lease ends by
itself. Nothing is open while the broker is asked: each step here is one statement.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models.functions import Now

from navmeet.outbox.models import RelayLease
from navmeet.protect.columns import new_id

# Longer than one wave may take (the broker's 15 s), renewed before each.
LEASE = timedelta(seconds=30)
NEVER_HELD = datetime(2000, 1, 1, tzinfo=UTC)


def take(topic: str) -> UUID | None:
    """The holder's mark, or None while another holds it."""
    holder = new_id()
    RelayLease.objects.bulk_create([RelayLease(topic=topic, holder=holder, until=NEVER_HELD)], ignore_conflicts=True)
    taken = RelayLease.objects.filter(topic=topic, until__lte=Now()).update(holder=holder, until=Now() + LEASE)
    return holder if taken else None


def renew(topic: str, holder: UUID) -> bool:
    """Hold on for another lease; False when it ran out, for then another may have begun."""
    mine = RelayLease.objects.filter(topic=topic, holder=holder, until__gt=Now())
    return mine.update(until=Now() + LEASE) == 1


def give_back(topic: str, holder: UUID) -> None:
    """Let the next relay begin at once."""
    RelayLease.objects.filter(topic=topic, holder=holder).update(until=Now())
