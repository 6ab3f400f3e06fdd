"""E-mails to partners: from a row of the ledger to what leaves, through Altinn Notifications or SMTP."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from invitations import links
from invitations.messages import claim, notification, partner_channel, sayable, texts
from invitations.messages.outcomes import Forbidden, Sent, Throttled
from invitations.messages.partner_channel import Mail, Sms
from invitations.messages.told import Picture
from invitations.models import Channel, Hang, Message, Occasion
from meetings.models import Participant, PartnerContact

# Their part of the lease, beside registers and broker.
ALL_WITHIN = 30.0


@dataclass(frozen=True)
class Ready:
    """An e-mail or SMS to send, and what to keep of it: JSON, to be sealed, with the address and without the link."""

    mail: Mail | Sms
    kept: str = field(repr=False)


def build(message: Message, facts: texts.Facts, picture: Picture | None = None) -> Ready:
    """The e-mail with their own link. That somebody is to come no more goes where they were told that they were.

    Raises CannotBeSaid for what we would not let out, for a language without words, and where no address is kept.
    """
    words = sayable.of_email(message, facts)
    if message.occasion == Occasion.REMOVED:
        address = last_address(message.participant)
    else:
        address = _address(message.participant)
    if not address:
        raise texts.CannotBeSaid("no address is kept")
    link = links.address(message.participant.invitation.pk)
    mail = Mail(
        key=message.key,
        reference=str(message.pk),
        address=address,
        subject=words.title,
        body=words.body.replace(texts.LINK_PLACEHOLDER, link),
    )
    return Ready(mail, notification.kept(words, picture, to=address))


def send(ready: Sequence[Ready], within: float = ALL_WITHIN) -> dict[UUID, Sent]:
    """Hand them on, several at once; what each became, by key. No transaction is open here."""
    return partner_channel.send([one.mail for one in ready], within)


def goes_without_key(message: Message) -> bool:
    """Would its receiver take it a second time? SMTP knows no key."""
    return message.channel == Channel.EMAIL and settings.PARTNER_CHANNEL == "SMTP"


def was_not_tried(outcome: Sent) -> bool:
    """Surely nothing left: it was not begun, or not taken for a reason that is no message's."""
    return isinstance(outcome, Throttled | Forbidden) or outcome == partner_channel.NOT_BEGUN


def hangs_on(outcome: Sent) -> Hang:
    """What it waits for, by what the receiver answered."""
    if isinstance(outcome, Throttled):
        return Hang.THROTTLED
    return Hang.FORBIDDEN if isinstance(outcome, Forbidden) else Hang.RECEIVER


def try_again(message: Message, outcome: Sent, at: datetime) -> datetime:
    """When: not all at once, and not before they said. What there was no time for is no worse for having waited."""
    if outcome == partner_channel.NOT_BEGUN:
        return at + claim.wait(message.key, 0)
    least = timedelta(seconds=outcome.wait_seconds) if isinstance(outcome, Throttled) else timedelta(0)
    return at + least + claim.wait_unattempted(message, at)


def last_address(partner: Participant) -> str:
    """Where what last left to them went; "" where nothing did."""
    sent = Message.objects.filter(participant=partner, channel=Channel.EMAIL).exclude(sent_at=None)
    last = sent.order_by("-sent_at", "-id").first()
    if last is None or last.text_sent is None:
        return ""
    return str(json.loads(last.text_sent).get("to", ""))


def _address(partner: Participant) -> str:
    try:
        return str(partner.contact.email)
    except PartnerContact.DoesNotExist:
        return ""
