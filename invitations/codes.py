"""One-time codes: what a partner types to read their invitation. Sent to the number that was registered, kept nowhere.

A code is six digits, holds for ten minutes and once, and can be guessed at five times, each try slower than the last.
Five are sent an hour. Whoever burns them keeps the owner out for an hour at the most, and learns nothing.
"""

import math
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import django_otp
import structlog
from django.db import OperationalError

from invitations import bases, partners
from invitations.messages import partner_channel
from invitations.messages.outcomes import Accepted
from invitations.models import Invitation, PartnerCode
from invitations.models.credentials import Attempt, WhyNot
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.audit.record import record
from navmeet.change import TOO_BUSY_STATES, change, sqlstate
from navmeet.exceptions import Conflict, NotFound, Unavailable
from navmeet.protect.columns import new_id

GOOD_FOR = timedelta(minutes=10)
BETWEEN = timedelta(minutes=1)
MOST_AN_HOUR = 5
HOUR = timedelta(hours=1)
DIGITS = 6
# No link, no name, nothing of the matter: an SMS is read over shoulders.
SMS = {
    "nb": "Koden din er {code}. Den virker i 10 minutter. Ikke gi den til andre, heller ikke om de sier de er fra Nav.",
    "nn": "Koden din er {code}. Han verkar i 10 minutt. Ikkje gi han til andre, heller ikkje om dei seier dei er "
    "frå Nav.",
    "en": "Your code is {code}. It works for 10 minutes. Do not give it to anyone, even if they say they are from Nav.",
}

_log = structlog.get_logger(__name__)


class Asking(StrEnum):
    """What became of asking for a code."""

    SENT = "SENT"
    TOO_SOON = "TOO_SOON"
    NOT_SENT = "NOT_SENT"
    NO_ACCESS = "NO_ACCESS"


@dataclass(frozen=True)
class Asked:
    """`last_digits` are the two last of the registered number, all that is ever said of it."""

    outcome: Asking
    last_digits: str = ""
    wait_seconds: int = 0


@dataclass(frozen=True)
class Checked:
    """`by` is who may read from now on, where the code was accepted."""

    why: WhyNot
    wait_seconds: int = 0
    by: Actor | None = None
    name: str = field(default="", repr=False)
    language: str = "nb"

    @property
    def ok(self) -> bool:
        return self.by is not None


@dataclass(frozen=True)
class Challenge:
    """A new code, before it is sent. `before` is what to put back where it could not be."""

    device_id: int
    key: UUID
    phone: str = field(repr=False)
    text: str = field(repr=False)
    before: tuple[datetime | None, int]


class TooSoon(Conflict):
    """A code was sent a moment ago, or too many were."""

    code = "code_too_soon"


def ask_code(invitation_id: UUID, *, at: datetime) -> Asked:
    """Send a code by SMS, now, with no transaction open. Unknown, closed, not a partner's: the same answer.

    Never raises for what the platform does: NOT_SENT says try again.
    """
    by = partners.holder(invitation_id)
    try:
        challenge = begin_code(invitation_id=invitation_id, by=by, at=at)
    except NotFound:
        return Asked(Asking.NO_ACCESS)
    except TooSoon as error:
        return Asked(Asking.TOO_SOON, wait_seconds=error.extra["wait_seconds"])
    sent = partner_channel.send_code(challenge.key, challenge.phone, challenge.text, int(GOOD_FOR.total_seconds()))
    if isinstance(sent, Accepted):
        return Asked(Asking.SENT, last_digits=last_digits(challenge.phone))
    forget_code(challenge=challenge, by=by, at=at)
    return Asked(Asking.NOT_SENT)


@change
def begin_code(*, invitation_id: UUID, by: Actor, at: datetime) -> Challenge:
    """A new code for the invitation, to be sent; the one before it holds no more. Raises NotFound, TooSoon."""
    Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    invitation = partners.find(invitation_id, by=by, at=at)
    contact = bases.contact_of(invitation.participant)
    if contact is None:
        raise partners.no_access()
    device = _device(invitation)
    before = device.sent_at, device.sent_count
    recent = device.sent_count if device.sent_at is not None and at - device.sent_at < HOUR else 0
    _check_not_too_soon(device, recent, at)
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    device.set_challenge(digits, valid_until=at + GOOD_FOR)
    device.sent_at, device.sent_count = at, recent + 1
    device.save()

    record("partner.code_asked", by=by, at=at, subject=invitation, meeting_id=invitation.participant.meeting_id)
    text = SMS.get(invitation.participant.language, SMS["nb"]).format(code=digits)
    return Challenge(device.pk, new_id(), contact.phone, text, before)


@change
def forget_code(*, challenge: Challenge, by: Actor, at: datetime) -> None:
    """A code that could not be sent is none, and does not count among those that were."""
    device = (
        PartnerCode.objects.select_related("invitation").select_for_update(of=("self",)).get(pk=challenge.device_id)
    )
    if device.sent_at == at:
        device.code_mac = device.valid_until = None
        device.sent_at, device.sent_count = challenge.before
        device.save(update_fields=["code_mac", "valid_until", "sent_at", "sent_count"])

    record("partner.code_not_sent", by=by, at=at, subject=device.invitation)


def pending(invitation_id: UUID, *, at: datetime) -> str | None:
    """The last digits of the number that a code was sent to which can still be typed; None where there is none.

    Raises NotFound where codes are of no use.
    """
    invitation = partners.find(invitation_id, by=partners.holder(invitation_id), at=at)
    device = PartnerCode.objects.filter(invitation=invitation).first()
    contact = bases.contact_of(invitation.participant)
    if device is None or contact is None or not device.is_live(at):
        return None
    return last_digits(contact.phone)


def check_code(invitation_id: UUID, code: str, *, at: datetime) -> Checked:
    """Is this the code? Accepted once; then `by` may read. Raises Unavailable where too many try at once.

    Six digits with spaces between are six digits; what is not six digits costs no try.
    """
    try:
        invitation = partners.find(invitation_id, by=partners.holder(invitation_id), at=at)
    except NotFound:
        return Checked(WhyNot.NO_ACCESS)
    digits = _digits(code)
    if digits is None:
        return Checked(WhyNot.NOT_SIX_DIGITS)
    device = PartnerCode.objects.select_related("user").filter(invitation=invitation).first()
    if device is None:
        return Checked(WhyNot.NO_CODE)
    attempt = Attempt(digits, at)
    if _verify(device, attempt) is None:
        if attempt.why == WhyNot.LOCKED:
            _log.warning("partner_code_locked", invitation_id=str(invitation_id))
        return Checked(attempt.why, attempt.wait_seconds)
    by = partners.reader(invitation_id)
    try:
        let_in(invitation_id=invitation_id, by=by, at=at)
    except NotFound:
        return Checked(WhyNot.NO_ACCESS)
    contact = bases.contact_of(invitation.participant)
    name = contact.name if contact else ""
    return Checked(WhyNot.ACCEPTED, by=by, name=name, language=invitation.participant.language)


@change
def let_in(*, invitation_id: UUID, by: Actor, at: datetime) -> Invitation:
    """Their code was right: they read from now on. Raises NotFound where access ended in the meantime."""
    Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    invitation = partners.find(invitation_id, by=by, at=at)
    if invitation.first_read_at is None:
        invitation.first_read_at = at
        invitation.save(update_fields=["first_read_at"])

    record("partner.let_in", by=by, at=at, subject=invitation, meeting_id=invitation.participant.meeting_id)
    return invitation


def last_digits(phone: str) -> str:
    """The two last, as the page says where the code went."""
    return phone[-2:]


def _verify(device: PartnerCode, attempt: Attempt) -> object | None:
    try:
        found: object | None = django_otp.verify_token(device.user, device.persistent_id, attempt)
    except OperationalError as error:
        if sqlstate(error) in TOO_BUSY_STATES:
            raise Unavailable("Det er stor pågang akkurat nå. Vent litt og prøv igjen.", code="busy") from error
        raise
    return found


def _digits(code: str) -> str | None:
    """As typed, spaces and all, from any keyboard."""
    if len(code) > 40:
        return None
    digits = "".join(unicodedata.normalize("NFKC", code).split()).replace("-", "")
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdecimal() else None


def _device(invitation: Invitation) -> PartnerCode:
    """The invitation's, made at the first code with somebody to hang it on. The invitation is locked."""
    found = PartnerCode.objects.select_for_update().filter(invitation=invitation).first()
    if found is not None:
        return found
    user = User()
    user.save(force_insert=True)
    return PartnerCode(user=user, invitation=invitation, name="partner")


def _check_not_too_soon(device: PartnerCode, recent: int, at: datetime) -> None:
    if device.sent_at is None:
        return
    wait = HOUR if recent >= MOST_AN_HOUR else BETWEEN
    left = device.sent_at + wait - at
    if left > timedelta(0):
        message = "Vi har nettopp sendt en kode. Vent litt før du ber om en ny."
        raise TooSoon(message, extra={"wait_seconds": math.ceil(left.total_seconds())})
