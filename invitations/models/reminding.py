"""Which reminders an office has decided on. Data, not code."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from invitations.models.ledger import Step
from meetings.models import Format, Office
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import new_id

REMINDER_STEPS = (Step.DAYS_7, Step.DAY_1, Step.HOUR_1)


class ReminderPlan(models.Model):
    """The steps of meetings held in one format by one office; none: no reminders. No row: the default plan."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=16, choices=Format)
    steps = ArrayField(models.CharField(max_length=8, choices=[(one.value, one.label) for one in REMINDER_STEPS]))

    COLUMNS = Columns(Kept.CONFIGURATION, id=Personal.NO, office=Personal.NO, format=Personal.NO, steps=Personal.NO)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_reminder_plan_a_format", fields=["office", "format"]),
            models.CheckConstraint(name="reminder_plan_format_is_known", condition=Q(format__in=Format.values)),
            models.CheckConstraint(
                name="reminder_steps_are_known", condition=Q(steps__contained_by=list(REMINDER_STEPS))
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
