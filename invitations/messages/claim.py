"""Who has a row in hand: claimed in batches with a lease by the database's clock, given back, taken back.

A claim is a new id for each batch: whoever settles names it, and a row that was voided or claimed anew meanwhile is
not theirs any more. The lease is longer than all that is done under it (registers 13 s, broker 20 s).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Least, Now

from invitations.models import Message, MessageState, Retraction
from navmeet.protect.columns import new_id

LEASE = timedelta(seconds=90)
BATCH = 100
# What the column holds. Who is away for months is tried all the same.
MOST_COUNTED = 30_000
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=5)


@dataclass(frozen=True)
class Claim:
    """A batch in hand."""

    id: UUID
    rows: tuple[UUID, ...]


# By the order of the index, one row of each: asked whether there are any, PostgreSQL takes half of the table to be due,
# and reads all of it to find that none is.
_ANYTHING: Final = """
SELECT coalesce(
    (SELECT true FROM invitations_message
     WHERE state = 'PLANNED' AND due_at <= %(at)s AND (not_before IS NULL OR not_before <= %(at)s)
     ORDER BY due_at LIMIT 1),
    (SELECT true FROM invitations_retraction WHERE state = 'PLANNED' AND due_at <= %(at)s ORDER BY due_at LIMIT 1),
    (SELECT true FROM invitations_message WHERE state = 'CLAIMED' AND claimed_until < statement_timestamp()
     ORDER BY claimed_until LIMIT 1),
    (SELECT true FROM invitations_retraction WHERE state = 'CLAIMED' AND claimed_until < statement_timestamp() LIMIT 1),
    false
)
"""


def is_anything_due(at: datetime) -> bool:
    """Is there anything to claim, or to take back? One statement, most of the time the only one."""
    with connection.cursor() as cursor:
        cursor.execute(_ANYTHING, {"at": at})
        row = cursor.fetchone()
    return bool(row and row[0])


def claim_messages(at: datetime) -> Claim:
    """Take what is due, the oldest first; what others have locked is left to them."""
    due = Message.objects.filter(state=MessageState.PLANNED, due_at__lte=at).filter(
        Q(not_before__isnull=True) | Q(not_before__lte=at)
    )
    return _claim(Message, due.order_by("due_at"))


def claim_retractions(at: datetime) -> Claim:
    """Take what is due and free to go: its message is settled, and so is the one it waits for."""
    unsettled = [MessageState.PLANNED, MessageState.CLAIMED]
    due = (
        Retraction.objects.filter(state=Retraction.State.PLANNED, due_at__lte=at)
        .exclude(message__state__in=unsettled)
        .filter(Q(after__isnull=True) | ~Q(after__state__in=unsettled))
    )
    return _claim(Retraction, due.order_by("due_at"))


def take_back_expired() -> int:
    """Rows whose sender let the lease run out are planned again, with their old key; how many."""
    return sum(_take_back(model) for model in (Message, Retraction))


def still_held(claim: Claim) -> set[UUID]:
    """Which of the messages are still ours, just before they leave: not voided, and the lease not over."""
    return set(
        Message.objects.filter(claim=claim.id, state=MessageState.CLAIMED, claimed_until__gt=Now()).values_list(
            "pk", flat=True
        )
    )


def wait(key: UUID, doublings: int) -> timedelta:
    """How long until the next attempt: doubled each time, and spread by the key, so that not all come back at once.

    By the key, not by chance: those of one batch have different ones, and a test can say when.
    """
    longest = min(FIRST_WAIT * (1 << max(0, min(doublings, 10))), LONGEST_WAIT)
    return longest * (0.5 + (key.int % 1000) / 2000)


def wait_unattempted(message: Message, at: datetime) -> timedelta:
    """As `wait`, of what was no attempt: the longer it has waited since it was due, the less often it is tried."""
    waited = max(timedelta(0), at - message.due_at)
    return wait(message.key, (waited // (2 * FIRST_WAIT)).bit_length())


def _claim(model: type[Model], due: QuerySet[Model]) -> Claim:
    claim_id = new_id()
    with transaction.atomic():
        rows = tuple(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:BATCH])
        if rows:
            model._default_manager.filter(pk__in=rows).update(
                state="CLAIMED",
                claim=claim_id,
                claimed_until=Now() + LEASE,
                attempts=Least(F("attempts") + 1, MOST_COUNTED),
            )
    return Claim(claim_id, rows)


def _take_back(model: type[Model]) -> int:
    with transaction.atomic():
        expired = model._default_manager.filter(state="CLAIMED", claimed_until__lt=Now())
        rows = list(expired.select_for_update(skip_locked=True).values_list("pk", flat=True))
        if not rows:
            return 0
        return model._default_manager.filter(pk__in=rows).update(state="PLANNED", claim=None, claimed_until=None)
