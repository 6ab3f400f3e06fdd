"""What lets a partner read: their link, and a code sent to the number that was registered."""

import hmac
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import models
from django.utils.crypto import salted_hmac
from django_otp.models import Device, ThrottlingMixin

from invitations.models.asked import Invitation
from navmeet.accounts.models import User
from navmeet.protect.classes import Columns, Kept, Personal

MOST_TRIES = 5


class WhyNot(StrEnum):
    """Why a code was not accepted."""

    ACCEPTED = ""
    NO_ACCESS = "NO_ACCESS"
    NOT_SIX_DIGITS = "NOT_SIX_DIGITS"
    NO_CODE = "NO_CODE"
    TOO_LATE = "TOO_LATE"
    TOO_FAST = "TOO_FAST"
    WRONG = "WRONG"
    LOCKED = "LOCKED"


@dataclass
class Attempt:
    """A code as somebody typed it, on its way through django_otp to the locked row, and what was said of it there.

    django_otp hands a token on as it is and gives only yes or no back; what must be known besides travels with it.
    """

    digits: str = field(repr=False)
    at: datetime
    why: WhyNot = WhyNot.NO_CODE
    wait_seconds: int = 0


class PartnerCode(ThrottlingMixin, Device):  # type: ignore[misc]
    """One invitation's one-time code: the code itself is kept as a keyed hash only, for ten minutes.

    Checked through django_otp.verify_token alone, which locks the row.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="code")
    code_mac = models.BinaryField(max_length=32, null=True)
    valid_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_count = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    objects: models.Manager["PartnerCode"] = models.Manager()

    COLUMNS = Columns(
        Kept.DAY,
        id=Personal.NO,
        user=Personal.INDIRECT,
        name=Personal.NO,
        confirmed=Personal.NO,
        throttling_failure_timestamp=Personal.NO,
        throttling_failure_count=Personal.NO,
        invitation=Personal.INDIRECT,
        code_mac=Personal.INDIRECT,
        valid_until=Personal.NO,
        tries=Personal.NO,
        sent_count=Personal.NO,
        sent_at=Personal.NO,
    )

    def __str__(self) -> str:
        return str(self.pk)

    def get_throttle_factor(self) -> int:
        """After a wrong code one waits 1, 2, 4, then 8 seconds."""
        return 1

    def set_challenge(self, digits: str, *, valid_until: datetime) -> None:
        """A new code takes the place of the old, with tries of its own. Not saved."""
        self.code_mac = mac(self.invitation_id, digits)
        self.valid_until, self.tries = valid_until, 0
        self._forget_failures()

    def is_live(self, at: datetime) -> bool:
        """There is a code that can still be typed."""
        return self.code_mac is not None and self.tries < MOST_TRIES and at < (self.valid_until or at)

    def verify_token(self, token: Attempt) -> bool:
        """Accepts the code once, compares it at most `MOST_TRIES` times, and says in `token` why not.

        Never raises: it runs in the transaction that must keep the failed attempt. Safe only with the row locked.
        """
        token.why, token.wait_seconds = self._refusal(token.at)
        if token.why:
            return False
        if hmac.compare_digest(bytes(self.code_mac or b""), mac(self.invitation_id, token.digits)):
            self.code_mac, self.valid_until, self.tries = None, None, 0
            self._forget_failures()
        else:
            self.tries += 1
            self._failed(token.at)
            token.why = WhyNot.LOCKED if self.tries >= MOST_TRIES else WhyNot.WRONG
        fields = ["code_mac", "valid_until", "tries", "throttling_failure_timestamp", "throttling_failure_count"]
        self.save(update_fields=fields)
        return not token.why

    def _refusal(self, at: datetime) -> tuple[WhyNot, int]:
        if self.code_mac is None or self.valid_until is None:
            return WhyNot.NO_CODE, 0
        if at >= self.valid_until:
            return WhyNot.TOO_LATE, 0
        if self.tries >= MOST_TRIES:
            return WhyNot.LOCKED, 0
        wait = self._wait(at)
        return (WhyNot.TOO_FAST, wait) if wait else (WhyNot.ACCEPTED, 0)

    # The mixin counts by the machine's clock: the same here, by the time that is given.

    def _failed(self, at: datetime) -> None:
        self.throttling_failure_timestamp = at
        self.throttling_failure_count += 1

    def _forget_failures(self) -> None:
        self.throttling_failure_count = 0
        self.throttling_failure_timestamp = None  # type: ignore[assignment]

    def _wait(self, at: datetime) -> int:
        """Whole seconds left of the growing delay."""
        failed_at: datetime | None = self.throttling_failure_timestamp
        if not self.throttling_failure_count or failed_at is None:
            return 0
        delay = timedelta(seconds=self.get_throttle_factor() * 2 ** (self.throttling_failure_count - 1))
        left = failed_at + delay - at
        return max(0, math.ceil(left.total_seconds()))


def mac(invitation_id: UUID, digits: str) -> bytes:
    """Keyed, and bound to the invitation: all million codes hash in a second, and one is worth nothing elsewhere."""
    return salted_hmac("navmeet.partner-code", f"{invitation_id}:{digits}", algorithm="sha256").digest()
