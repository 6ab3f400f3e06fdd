"""By when somebody should have said what became of a message; what nobody speaks of by then goes on (ladder.py).

Min side's word on SMS and e-mail comes within minutes of the sending, and SMS are sent by day only. Altinn's feed tells
of e-mail and SMS; nothing tells of SMTP. Who is to be reached before a meeting that starts soon is not waited for long.
"""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.conf import settings

from invitations.messages.occasions import ABOUT_WHAT_WAS
from invitations.messages.own import own
from invitations.models import Channel, Message
from meetings.times import OSLO

# When SMS leave from Min side's own hands (contracts of tms-ekstern-varsling, BETINGET_SMS).
SMS_FROM, SMS_UNTIL = time(9), time(17)
# A person who is to ring needs most of what is left before the start.
PART_OF_THE_REST: Final = 4
LEAST: Final = timedelta(minutes=5)


def known_by(message: Message, kept: str, at: datetime) -> datetime | None:
    """Of a message that left at `at` with what is `kept` of its words. None where no word will come.

    Where its SMS waits (put_off.py), the time runs from then.
    """
    usual = _usual(message, kept)
    if usual is None:
        return None
    begins = message.sms_at or next_sending(at) if message.channel == Channel.DITT_NAV else at
    if message.occasion in ABOUT_WHAT_WAS:
        return begins + usual
    starts_at = own(message.participant, message.meeting).starts_at
    if starts_at <= begins:
        # Whatever comes by then comes too late.
        begins = at
    rest = max(timedelta(0), starts_at - begins)
    return begins + max(LEAST, min(usual, rest / PART_OF_THE_REST))


def next_sending(at: datetime) -> datetime:
    """`at` itself where Min side sends SMS then, else the next morning that it does. In UTC."""
    local = at.astimezone(OSLO)
    if SMS_FROM <= local.time() < SMS_UNTIL:
        return at.astimezone(UTC)
    day = local.date() if local.time() < SMS_FROM else local.date() + timedelta(days=1)
    return datetime.combine(day, SMS_FROM, tzinfo=OSLO).astimezone(UTC)


def _usual(message: Message, kept: str) -> timedelta | None:
    if message.channel == Channel.DITT_NAV:
        # On the page alone nothing can fail to arrive: Min side took it.
        was_ordered = bool(json.loads(kept).get("sms"))
        return settings.DITT_NAV_RECEIPT_WITHIN if was_ordered else None
    if message.channel == Channel.EMAIL and settings.PARTNER_CHANNEL == "SMTP":
        return None
    return settings.ALTINN_RECEIPT_WITHIN
