"""What lets a partner read: their link, and a code sent to the number that was registered."""

from django.db import models
from django_otp.models import Device, ThrottlingMixin

from invitations.models.asked import Invitation
from navmeet.accounts.models import User
from navmeet.protect.classes import Columns, Kept, Personal


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
