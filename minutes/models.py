"""What was said: one draft, then numbered versions that never change, and who has read them."""

from django.db import models

from meetings.models import Meeting
from navmeet.people.models import Person
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class Draft(models.Model):
    """What the caseworker is writing: a JSON list of sections. `version` guards against two people writing at once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="draft")
    sections = ProtectedText()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField()

    COLUMNS = Columns(
        Kept.MINUTES_24_MONTHS,
        id=Personal.INDIRECT,
        meeting=Personal.INDIRECT,
        sections=Personal.SEALED,
        version=Personal.NO,
        saved_at=Personal.NO,
        saved_by=Personal.STAFF,
    )

    def __str__(self) -> str:
        return str(self.pk)


class Version(models.Model):
    """Minutes as shared. Never changed; the next version follows with a reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    number = models.PositiveIntegerField()
    sections = ProtectedText()
    shared_at = models.DateTimeField()
    shared_by = models.UUIDField()

    COLUMNS = Columns(
        Kept.MINUTES_24_MONTHS,
        id=Personal.INDIRECT,
        meeting=Personal.INDIRECT,
        number=Personal.NO,
        sections=Personal.SEALED,
        shared_at=Personal.INDIRECT,
        shared_by=Personal.STAFF,
    )

    class Meta:
        constraints = [models.UniqueConstraint(name="minutes_versions_are_unique", fields=["meeting", "number"])]

    def __str__(self) -> str:
        return str(self.pk)


class Reading(models.Model):
    """That a person read a version, the first time they did."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.MINUTES_24_MONTHS,
        id=Personal.INDIRECT,
        version=Personal.INDIRECT,
        person=Personal.INDIRECT,
        read_at=Personal.INDIRECT,
    )

    class Meta:
        constraints = [models.UniqueConstraint(name="a_first_reading_is_once", fields=["version", "person"])]

    def __str__(self) -> str:
        return str(self.pk)
