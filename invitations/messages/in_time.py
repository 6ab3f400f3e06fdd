"""A change is told before Min side sends the old by itself: it takes the SMS that wait at Min side with it.

What waits there: an SMS or e-mail that was asked for at nine (put_off.py), one that was ordered outside the hours in
which Min side sends them, and Min side's own reminder of an open oppgave. Only what takes their place can stop them,
so it leaves a little before. After that it is a race that Min side decides.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from invitations.messages import foretold, known_by, overtake
from invitations.messages.rows import Told
from invitations.models import Message, MessageState, Retraction

# For our sender to find it, and for Min side to read it and what takes the old back.
MARGIN: Final = timedelta(minutes=2)


def speaks_at(to: Told, due_at: datetime) -> datetime | None:
    """When Min side would send what a change due at `due_at` takes the place of, if that is before it or just after.

    None also where that time is past. One query; none for partners: an e-mail waits nowhere.
    """
    if to.participant.is_partner:
        return None
    shown = overtake.shown(to.meeting, to.participant).exclude(retraction__state=Retraction.State.SENT)
    moments = (moment for one in shown for moment in _moments(one))
    return min((moment for moment in moments if to.at < moment <= due_at + MARGIN), default=None)


def before(moment: datetime | None, due_at: datetime) -> datetime:
    """`due_at`, or sooner where Min side speaks at `moment`."""
    return due_at if moment is None else min(due_at, moment - MARGIN)


def _moments(message: Message) -> Iterator[datetime]:
    """Of one that was shown: when Min side sends its SMS, and when it reminds of it."""
    if message.sent_at is None or message.text_sent is None or not json.loads(message.text_sent).get("sms"):
        return
    if message.state != MessageState.DELIVERED:
        yield message.sms_at or known_by.next_sending(message.sent_at)
    if reminds_at := foretold.min_side_reminds_at(message, by_sms=True):
        yield reminds_at
