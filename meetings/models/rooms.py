"""The rooms of an office: what they hold, and what they offer."""

from django.db import models
from django.db.models import Q

from meetings.models.types import Office
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import new_id

MOST_IN_A_ROOM = 500


class Room(models.Model):
    """A physical room. One that is no longer used is not active: its meetings keep it, nobody books it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    capacity = models.PositiveSmallIntegerField()
    is_step_free = models.BooleanField(default=False)
    has_hearing_loop = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    COLUMNS = Columns(
        Kept.CONFIGURATION,
        id=Personal.NO,
        office=Personal.NO,
        name=Personal.NO,
        capacity=Personal.NO,
        is_step_free=Personal.NO,
        has_hearing_loop=Personal.NO,
        is_active=Personal.NO,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="room_names_are_unique_in_an_office", fields=["office", "name"]),
            models.CheckConstraint(
                name="room_holds_2_to_500_people", condition=Q(capacity__gte=2) & Q(capacity__lte=MOST_IN_A_ROOM)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
