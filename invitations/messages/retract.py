"""Taking notifications back from Ditt NAV: only after they are settled, and after what takes their place is there."""

from collections.abc import Callable, Iterable
from datetime import datetime

from invitations.messages import claim, ditt_nav
from invitations.messages.claim import Claim
from invitations.models import Message, Retraction

Send = Callable[[list[tuple[str, bytes]]], dict[str, str | None]]


def send_retractions(at: datetime, send: Send) -> tuple[int, int]:
    """One batch: how many were in hand, and how many of them are done. What never left needs no taking back."""
    held = claim.claim_retractions(at)
    if not held.rows:
        return 0, 0
    retractions = list(Retraction.objects.filter(pk__in=held.rows, claim=held.id).select_related("message"))
    to_send = []
    for retraction in retractions:
        if _may_be_out(retraction.message):
            to_send.append(retraction)
        else:
            _settle(retraction, held, state=Retraction.State.NOT_NEEDED)
    results = send(list(_events(to_send, at))) if to_send else {}
    for retraction in to_send:
        if results.get(str(retraction.message.key), "NO_ANSWER") is None:
            _settle(retraction, held, state=Retraction.State.SENT, sent_at=at)
        else:
            # It is tried for as long as it takes: a notification of a meeting that is off must not stay.
            due_at = at + claim.wait(retraction.message.key, retraction.attempts - 1)
            _settle(retraction, held, state=Retraction.State.PLANNED, due_at=due_at)
    undone = sum(1 for problem in results.values() if problem is not None)
    return len(held.rows), len(held.rows) - undone


def _may_be_out(message: Message) -> bool:
    return message.sent_at is not None or message.attempts > 0


def _events(retractions: Iterable[Retraction], at: datetime) -> Iterable[tuple[str, bytes]]:
    producer = ditt_nav.Producer.from_settings()
    for retraction in retractions:
        key = retraction.message.key
        yield str(key), ditt_nav.encode(ditt_nav.inaktiver(key, producer, at))


def _settle(retraction: Retraction, held: Claim, **values: object) -> None:
    ours = Retraction.objects.filter(pk=retraction.pk, claim=held.id, state=Retraction.State.CLAIMED)
    ours.update(claim=None, claimed_until=None, **values)
