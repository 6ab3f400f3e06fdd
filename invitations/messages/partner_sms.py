"""The SMS that follows an e-mail to a partner that did not get through: when, how, and that we have written.

No link and no code: what leads in goes to their mailbox, what proves who they are goes to their telephone, and whoever
holds one of them has not the other. Only by Altinn, which knows the key and tells what became of it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from invitations.messages import claim, emails, notification, quiet, sayable, texts, wake
from invitations.messages.altinn_rules import LONGEST_LIFE, SHORTEST_LIFE
from invitations.messages.partner_channel import Sms
from invitations.messages.texts import sms_to_partners
from invitations.messages.told import Picture
from invitations.models import Channel, Message, MessageState, Occasion, Why
from meetings.contacts import is_mobile
from meetings.models import PartnerContact

# Whatever happens to it under a claim, it has left by then: what it may live is counted from there.
LEAVES_WITHIN = claim.LEASE
LEAST = LEAVES_WITHIN + timedelta(seconds=SHORTEST_LIFE)
# Changes of a meeting so near know no quiet hours.
NEAR = timedelta(days=2)


def may_follow(email: Message, at: datetime) -> bool:
    """Is there an SMS to be sent, and time for it? Not where Altinn is not to be had."""
    if settings.PARTNER_CHANNEL != "ALTINN":
        return False
    has_words = email.occasion in sms_to_partners.OCCASIONS and email.language in texts.LANGUAGES
    return has_words and _due(email, at) + LEAST <= email.not_after and bool(number(email))


def follow(email: Message, at: datetime) -> None:
    """Plan it, once. What the sender looks at again before an e-mail it looks at before this too."""
    sms = Message(
        meeting_id=email.meeting_id,
        participant_id=email.participant_id,
        occasion=email.occasion,
        step=email.step,
        about_id=email.about_id,
        about_number=email.about_number,
        channel=Channel.SMS,
        repeat=email.repeat,
        language=email.language,
        due_at=_due(email, at),
        not_after=email.not_after,
        planned_at=at,
    )
    Message.objects.bulk_create([sms], ignore_conflicts=True)
    wake.on_commit()


def not_needed(email: Message, why: Why, at: datetime) -> None:
    """The e-mail arrived after all, or they were rung: one that has not left does not leave."""
    unsent = Message.objects.filter(
        pk__in=[one.pk for one in after(email)], state__in=[MessageState.PLANNED, MessageState.CLAIMED]
    )
    unsent.update(state=MessageState.VOID, why=why, claim=None, claimed_until=None, not_before=None, settled_at=at)


def first(message: Message) -> Message:
    """The e-mail that this SMS follows; of all else, itself."""
    if message.channel != Channel.SMS:
        return message
    return _same(message, Channel.EMAIL) or message


def after(email: Message) -> list[Message]:
    """The SMS that follows it, if there is one."""
    found = _same(email, Channel.SMS) if email.channel == Channel.EMAIL else None
    return [found] if found is not None else []


def number(message: Message) -> str:
    """Where an SMS to this partner goes; "" where no mobile number is kept."""
    contact = PartnerContact.objects.filter(participant=message.participant_id).first()
    phone = str(contact.phone or "") if contact is not None else ""
    return phone if is_mobile(phone) else ""


def build(message: Message, facts: texts.Facts, at: datetime, picture: Picture | None = None) -> emails.Ready:
    """The SMS, which the operator gives up before it would come too late.

    Raises CannotBeSaid for what we would not let out, for a language without words, and where no number is kept.
    """
    words = sayable.of_sms(message, facts)
    phone = number(message)
    if not phone:
        raise texts.CannotBeSaid("no mobile number is kept")
    sms = Sms(message.key, str(message.pk), phone, words.sms, time_to_live(message.not_after, at))
    return emails.Ready(sms, notification.kept(words, picture, to=phone))


def time_to_live(not_after: datetime, at: datetime) -> int:
    """In seconds, of an SMS claimed at `at`: over before `not_after`, however long the sender takes."""
    return min(LONGEST_LIFE, int((not_after - at - LEAVES_WITHIN).total_seconds()))


def is_too_late(message: Message, at: datetime) -> bool:
    """Would the shortest life that an SMS may have end after it must not go out any more?"""
    return message.channel == Channel.SMS and at + LEAST > message.not_after


def _due(email: Message, at: datetime) -> datetime:
    is_near = email.not_after - at < NEAR or email.occasion == Occasion.CANCELLED
    return at if is_near else quiet.next_allowed(at)


def _same(message: Message, channel: Channel) -> Message | None:
    told: dict[str, str | int | UUID] = {
        "participant_id": message.participant_id,
        "occasion": message.occasion,
        "step": message.step,
        "about_id": message.about_id,
        "about_number": message.about_number,
        "repeat": message.repeat,
    }
    return Message.objects.filter(channel=channel, **told).select_related("meeting", "participant__person").first()
