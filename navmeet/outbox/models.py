"""Events on their way to other systems, and the word on which relay may send them."""

from django.db import models

from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import new_id


class OutboxEvent(models.Model):
    """One event as it will be told: ids, times, numbers and enum values (see `outside`), and nobody's name or number.

    `position` rises within a meeting in the order of its changes; over all meetings it has gaps and comes out of order.
    """

    position = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=new_id, editable=False, unique=True)
    name = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    meeting_id = models.UUIDField()
    body = models.JSONField(default=dict)
    at = models.DateTimeField()
    relayed_at = models.DateTimeField(null=True)

    COLUMNS = Columns(
        Kept.RELAYED_30_DAYS,
        position=Personal.NO,
        event_id=Personal.NO,
        name=Personal.INDIRECT,
        version=Personal.NO,
        meeting_id=Personal.INDIRECT,
        body=Personal.INDIRECT,
        at=Personal.NO,
        relayed_at=Personal.NO,
    )

    class Meta:
        indexes = [
            models.Index(name="events_to_relay", fields=["position"], condition=models.Q(relayed_at=None)),
            models.Index(
                name="events_to_relay_of_a_meeting",
                fields=["meeting_id", "position"],
                condition=models.Q(relayed_at=None),
            ),
            models.Index(name="events_relayed", fields=["relayed_at"], condition=models.Q(relayed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RelayLease(models.Model):
    """Who may relay, and until when by the database's clock. One row for each topic."""

    topic = models.CharField(max_length=64, primary_key=True)
    holder = models.UUIDField()
    until = models.DateTimeField()

    COLUMNS = Columns(Kept.CONFIGURATION, topic=Personal.NO, holder=Personal.NO, until=Personal.NO)

    def __str__(self) -> str:
        return str(self.pk)
