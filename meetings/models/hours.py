"""When people and offices can be met: weekly hours, single dates, absence, closing days. All on the wall clock."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from meetings.models.types import Office
from navmeet.accounts.models import User
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import new_id

LONGEST_ABSENCE = timedelta(days=366 * 2)
_OF_ONE = Q(office__isnull=False, user__isnull=True) | Q(office__isnull=True, user__isnull=False)


class WorkingHours(models.Model):
    """From–to on a weekday (0 Monday … 6 Sunday), every week, of an office or of an employee."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    COLUMNS = Columns(
        Kept.STAFF,
        id=Personal.NO,
        office=Personal.NO,
        user=Personal.STAFF,
        weekday=Personal.STAFF,
        opens=Personal.STAFF,
        closes=Personal.STAFF,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="working_hours_are_of_an_office_or_an_employee", condition=_OF_ONE),
            models.CheckConstraint(name="working_hours_are_on_a_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="working_hours_open_before_they_close", condition=Q(opens__lt=F("closes"))),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class HoursOnDate(models.Model):
    """The hours of one date, instead of the weekday's. Without hours: not to be met that day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    date = models.DateField()
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)

    COLUMNS = Columns(
        Kept.STAFF,
        id=Personal.NO,
        office=Personal.NO,
        user=Personal.STAFF,
        date=Personal.STAFF,
        opens=Personal.STAFF,
        closes=Personal.STAFF,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_exception_a_date_and_office", fields=["office", "date"]),
            models.UniqueConstraint(name="one_exception_a_date_and_employee", fields=["user", "date"]),
            models.CheckConstraint(name="hours_on_date_are_of_an_office_or_an_employee", condition=_OF_ONE),
            models.CheckConstraint(
                name="hours_on_date_open_before_they_close_or_are_none",
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__lt=F("closes")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Absence(models.Model):
    """An employee is not at work, from–to. Why is a class and no more: nothing here tells of anybody's health."""

    class Kind(models.TextChoices):
        LEAVE = "LEAVE"
        OTHER_WORK = "OTHER_WORK"
        AWAY = "AWAY"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    COLUMNS = Columns(
        Kept.STAFF,
        id=Personal.NO,
        user=Personal.STAFF,
        starts_at=Personal.STAFF,
        ends_at=Personal.STAFF,
        kind=Personal.STAFF,
        made_at=Personal.NO,
        made_by=Personal.STAFF,
    )

    class Meta:
        indexes = [models.Index(name="absence_of_an_employee", fields=["user", "ends_at"])]
        constraints = [
            models.CheckConstraint(name="absence_kind_is_known", condition=Q(kind__in=["LEAVE", "OTHER_WORK", "AWAY"])),
            models.CheckConstraint(
                name="absence_lasts_some_time_and_at_most_two_years",
                condition=Q(ends_at__gt=F("starts_at")) & Q(ends_at__lte=F("starts_at") + LONGEST_ABSENCE),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ClosingDay(models.Model):
    """The office holds no meetings that day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="closing_days")
    date = models.DateField()

    COLUMNS = Columns(Kept.CONFIGURATION, id=Personal.NO, office=Personal.NO, date=Personal.NO)

    class Meta:
        constraints = [models.UniqueConstraint(name="an_office_closes_once_a_day", fields=["office", "date"])]

    def __str__(self) -> str:
        return str(self.pk)
