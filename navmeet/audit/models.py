"""What was done, and what of a person was shown to staff. Rows are added and never changed: a trigger refuses.

No foreign keys: the log outlives what it speaks of.
"""

from django.db import models

from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import new_id


class AuditEvent(models.Model):
    """One change: who, what, to which thing, why. `detail` holds ids, numbers and enum values, never free text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    actor_office = models.CharField(max_length=4, blank=True)
    subject_type = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    meeting_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=32, blank=True)
    detail = models.JSONField(default=dict)

    COLUMNS = Columns(
        Kept.AUDIT,
        id=Personal.NO,
        at=Personal.NO,
        action=Personal.NO,
        actor_kind=Personal.NO,
        actor_id=Personal.INDIRECT,
        actor_office=Personal.NO,
        subject_type=Personal.NO,
        subject_id=Personal.INDIRECT,
        meeting_id=Personal.INDIRECT,
        reason=Personal.NO,
        detail=Personal.INDIRECT,
    )

    class Meta:
        indexes = [models.Index(name="audit_of_a_meeting", fields=["meeting_id", "at"])]

    def __str__(self) -> str:
        return str(self.pk)


class Showing(models.Model):
    """A person's data were shown to an employee: kept until the audit system has it as one CEF line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    nav_ident = models.CharField(max_length=7)
    person_id = models.UUIDField()
    what = models.CharField(max_length=64)
    is_unusual = models.BooleanField(default=False)
    call_id = models.CharField(max_length=36, blank=True)
    relayed_at = models.DateTimeField(null=True)

    COLUMNS = Columns(
        Kept.AUDIT,
        id=Personal.NO,
        at=Personal.NO,
        nav_ident=Personal.STAFF,
        person_id=Personal.INDIRECT,
        what=Personal.NO,
        is_unusual=Personal.INDIRECT,
        call_id=Personal.NO,
        relayed_at=Personal.NO,
    )

    class Meta:
        indexes = [models.Index(name="showings_to_relay", fields=["at"], condition=models.Q(relayed_at__isnull=True))]

    def __str__(self) -> str:
        return str(self.pk)
