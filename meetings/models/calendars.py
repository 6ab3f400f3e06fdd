"""What is taken: resources and their time. The database refuses two things at once."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from meetings.models.meeting import Meeting
from navmeet.protect.classes import Columns, Kept, Personal


class Resource(models.Model):
    """Something that can be in one place, or hold one meeting, at a time: an employee, a person, a room."""

    class Kind(models.TextChoices):
        STAFF = "STAFF"
        CITIZEN = "CITIZEN"
        ROOM = "ROOM"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind)
    of = models.UUIDField()

    COLUMNS = Columns(Kept.WITH_PERSON, id=Personal.INDIRECT, kind=Personal.NO, of=Personal.INDIRECT)

    class Meta:
        constraints = [models.UniqueConstraint(name="resource_is_of_one_thing", fields=["kind", "of"])]

    def __str__(self) -> str:
        return str(self.pk)


class AsRange(Func):
    """`int8range(x, x, '[]')`: equality that a plain GiST index understands, with no extension of PostgreSQL."""

    function = "int8range"

    def __init__(self, expression: str) -> None:
        super().__init__(F(expression), F(expression), Value("[]"), output_field=BigIntegerRangeField())


class Occupancy(models.Model):
    """A resource is taken for a time. Nobody is in two places: the database refuses it, whatever the code does."""

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, db_index=False)
    during = DateTimeRangeField()
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="occupancies")

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.NO,
        resource=Personal.INDIRECT,
        during=Personal.INDIRECT,
        meeting=Personal.INDIRECT,
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="nobody_in_two_places",
                expressions=[(AsRange("resource_id"), RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="occupancy_is_some_time", condition=Q(during__isempty=False)),
            models.CheckConstraint(
                name="occupancy_is_at_most_a_day",
                condition=Q(during__endswith__lte=F("during__startswith") + timedelta(days=1)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
