"""Many rows of a claim written by one statement, each by compare-and-set: what is not ours any more stays as it is.

Rows are locked in the order of their ids, as by all who lock several of them (overtake.py, receipts.py): two that meet
wait for each other in turn, and never both at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from invitations.messages.claim import Claim
from invitations.models import Hang
from navmeet.protect.columns import Sealed

_OURS: Final = """
FROM (
    SELECT ours.id, given.* FROM invitations_message ours
    JOIN {given} ON ours.id = given.message_id
    WHERE ours.claim = %(claim)s AND ours.state = 'CLAIMED'
    ORDER BY ours.id FOR NO KEY UPDATE OF ours
) AS given
WHERE message.id = given.id RETURNING message.id
"""
_SENT: Final = """
UPDATE invitations_message AS message
SET state = 'SENT', why = '', hangs_on = '', claim = NULL, claimed_until = NULL, not_before = NULL,
    text_sent = given.text, shipment = given.shipment, known_by = given.known_by, sms_at = given.sms_at,
    sent_at = %(at)s, settled_at = %(at)s
""" + _OURS.format(
    given="""unnest(%(rows)s::uuid[], %(texts)s::bytea[], %(shipments)s::text[], %(times)s::timestamptz[],
        %(sms_times)s::timestamptz[]) given (message_id, text, shipment, known_by, sms_at)"""
)
_AGAIN: Final = """
UPDATE invitations_message AS message
SET state = 'PLANNED', hangs_on = %(hangs_on)s, claim = NULL, claimed_until = NULL, not_before = given.not_before,
    attempts = greatest(message.attempts - %(not_counted)s, 0)
""" + _OURS.format(given="unnest(%(rows)s::uuid[], %(times)s::timestamptz[]) given (message_id, not_before)")


@dataclass(frozen=True)
class Written:
    """What is written down of one that was accepted: sealed words, the receiver's name for it, when it is heard of.

    `sms_at`: when its SMS or e-mail goes, where that waits.
    """

    text: Sealed
    shipment: str
    known_by: datetime | None
    sms_at: datetime | None = None


def sent(held: Claim, written: Mapping[UUID, Written], at: datetime) -> set[UUID]:
    """They were accepted; by row, what is written down. Gives those that were still ours."""
    given = {
        "rows": list(written),
        "texts": [bytes(one.text) for one in written.values()],
        "shipments": [one.shipment for one in written.values()],
        "times": [one.known_by for one in written.values()],
        "sms_times": [one.sms_at for one in written.values()],
        "at": at,
    }
    return _write(_SENT, held, given)


def try_again(held: Claim, times: Mapping[UUID, datetime], hangs_on: Hang, *, was_attempt: bool) -> set[UUID]:
    """Plan them again, each not before its time. What surely did not leave was no attempt."""
    given = {
        "rows": list(times),
        "times": list(times.values()),
        "hangs_on": hangs_on,
        "not_counted": 0 if was_attempt else 1,
    }
    return _write(_AGAIN, held, given)


def _write(statement: str, held: Claim, given: Mapping[str, Any]) -> set[UUID]:
    if not given["rows"]:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"claim": held.id, **given})
        return {row[0] for row in cursor.fetchall()}
