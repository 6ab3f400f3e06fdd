"""What a caseworker has to do because the machine cannot."""

from django.db import models
from django.db.models import Q

from meetings.models.meeting import Meeting
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import new_id


class Task(models.Model):
    """Something a caseworker has to do about a meeting, because the machine cannot. Once for each cause (`about`).

    `done_by` is null where the house itself found that there is nothing to do any more, and `ended` says why: they
    have it, it left after all, they answered, something newer is told, or it is over. `tried` is what was tried
    before it became a person's task: whom it was to reach, about what, through what, what became of it, all as codes.
    """

    class Kind(models.TextChoices):
        SEND_LETTER = "SEND_LETTER"
        CALL = "CALL"
        NO_TO_VIDEO = "NO_TO_VIDEO"
        CANNOT_COME = "CANNOT_COME"
        OTHER_TIME = "OTHER_TIME"
        OTHER_FORMAT = "OTHER_FORMAT"
        NOT_REACHED = "NOT_REACHED"
        ABOUT_PARTNER = "ABOUT_PARTNER"
        NO_TO_PARTNER = "NO_TO_PARTNER"
        CALL_INSTEAD = "CALL_INSTEAD"
        PROTECTED = "PROTECTED"
        DECEASED = "DECEASED"
        READ_ACCOUNT = "READ_ACCOUNT"
        HANDED_OVER = "HANDED_OVER"

    class Ended(models.TextChoices):
        NOTHING = ""
        ARRIVED = "ARRIVED"
        LEFT = "LEFT"
        ANSWERED = "ANSWERED"
        OVERTAKEN = "OVERTAKEN"
        OVER = "OVER"

    WISHES = (Kind.OTHER_TIME, Kind.OTHER_FORMAT)
    BY_SOMEBODY_KNOWN = ("answer:", "partner-answer:")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="tasks")
    about = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    ended = models.CharField(max_length=12, choices=Ended, blank=True, default="", db_default="")
    tried = models.JSONField(null=True)

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.NO,
        kind=Personal.INDIRECT,
        meeting=Personal.INDIRECT,
        about=Personal.INDIRECT,
        made_at=Personal.NO,
        due_at=Personal.NO,
        done_at=Personal.NO,
        done_by=Personal.STAFF,
        ended=Personal.INDIRECT,
        tried=Personal.INDIRECT,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_task_a_cause", fields=["meeting", "kind", "about"]),
            models.CheckConstraint(
                name="task_not_done_is_done_by_nobody", condition=Q(done_at__isnull=False) | Q(done_by__isnull=True)
            ),
        ]
        indexes = [
            models.Index(name="tasks_open", fields=["meeting"], condition=Q(done_at=None)),
            # Every caseworker's first page asks for those that are late in the whole office.
            models.Index(
                name="wishes_open",
                fields=["due_at"],
                condition=Q(done_at=None, kind__in=["OTHER_TIME", "OTHER_FORMAT"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_a_wish(self) -> bool:
        """Somebody known asks for another time or format: it ends by an answer to them, and is not ticked off."""
        return self.kind in self.WISHES and self.about.startswith(self.BY_SOMEBODY_KNOWN)
