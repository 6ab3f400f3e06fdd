"""navmeet's Celery with two more tasks, for the sending bench: one task a message, and the bare loop.

`bench.one` does what the sender does, by the sender's own functions, with a batch of one: the same registers asked, the
same looks again, rules and words, the same seal and settling, and a flush of its own.
"""

from typing import Any
from uuid import UUID, uuid4

from celery import shared_task

from navmeet.celery import app

__all__ = ["app"]

BATCH = 100


@shared_task(name="bench.one")
def one(message_id: str, **_: Any) -> None:
    """Claim this message, look again, render, produce, settle."""
    from invitations.messages import claim, send
    from invitations.models import Message
    from navmeet import clock

    at = clock.now()
    held = claim._claim(Message, Message.objects.filter(pk=UUID(message_id), state="PLANNED"))
    if held.rows:
        send._send(send._Batch(held, at, send._load(held), send.Swept(claimed=1)))


CLAIM = """
UPDATE invitations_message SET state = 'CLAIMED', claim = %(claim)s, claimed_until = now() + interval '90 s',
    attempts = attempts + 1
WHERE id IN (SELECT id FROM invitations_message WHERE state = 'PLANNED' AND due_at <= '2027-01-12 00:00Z'
    ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
RETURNING key::text
"""
SETTLE = """
UPDATE invitations_message SET state = 'SENT', claim = NULL, claimed_until = NULL, text_sent = %(text)s,
    sent_at = now(), settled_at = now() WHERE claim = %(claim)s AND state = 'CLAIMED'
"""


@shared_task(name="bench.bare")
def bare(**_: Any) -> None:
    """Claim, produce, update, in batches, and nothing else: what the same rows and bytes cost at the very least."""
    from django.db import connection

    from invitations.messages import ditt_nav

    # As large as what the sender sends and keeps.
    event, kept = b"{" + b"x" * 1_900 + b"}", b"x" * 900
    topic = ditt_nav.notifications()
    with connection.cursor() as cursor:
        while True:
            held: dict[str, Any] = {"claim": uuid4(), "batch": BATCH, "text": kept}
            cursor.execute(CLAIM, held)
            keys = [row[0] for row in cursor.fetchall()]
            if not keys:
                return
            topic.send_batch([(key, event) for key in keys], 20)
            cursor.execute(SETTLE, held)
