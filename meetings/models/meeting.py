"""A meeting, its revisions, and who takes part."""

from datetime import timedelta
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from meetings.models.rooms import Room
from meetings.models.types import MeetingType, Office
from meetings.models.words import FROM_NAV, PARTNERS, Caller, Format, Reason, Role, Status, WhyOverruled
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.models import User
from navmeet.people.models import STRICT, Person
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=7, minutes=30)


class MeetingQuery(models.QuerySet["Meeting"]):
    def visible_to(self, by: Actor) -> "MeetingQuery":
        """The meetings whose existence `by` may know. Kinds not named here see nothing."""
        if by.kind == ActorKind.SYSTEM:
            return self
        if by.kind == ActorKind.CASEWORKER:
            present = Participant.objects.filter(meeting=models.OuterRef("pk"), user_id=by.known_id, removed_at=None)
            mine = self.filter(Q(office_id=by.office) | models.Exists(present))
            if by.may_open_strictly_confidential:
                return mine
            protected = Participant.objects.filter(meeting=models.OuterRef("pk"), person__protection__in=STRICT)
            return mine.exclude(models.Exists(protected))
        if by.kind == ActorKind.CITIZEN:
            present = Participant.objects.filter(meeting=models.OuterRef("pk"), person_id=by.known_id, removed_at=None)
            return self.filter(models.Exists(present))
        return self.none()


class Meeting(models.Model):
    """One appointment. Time and format are those of its current revision (see `revise`); all texts are elsewhere.

    `version` counts every change (ETag); `sequence` counts what calendars must follow; `revision_number` counts
    time, format and place. `cancelled_by` is null where the house itself cancelled it: its citizen has died.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.ForeignKey(MeetingType, on_delete=models.PROTECT)
    status = models.CharField(max_length=16, choices=Status, default=Status.SCHEDULED)
    format = models.CharField(max_length=16, choices=Format)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    host = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hosted")
    booked_room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    check_identity = models.BooleanField(default=False)
    revision_number = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = MeetingQuery.as_manager()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        type=Personal.INDIRECT,
        status=Personal.INDIRECT,
        format=Personal.INDIRECT,
        starts_at=Personal.INDIRECT,
        ends_at=Personal.INDIRECT,
        office=Personal.INDIRECT,
        host=Personal.STAFF,
        booked_room=Personal.NO,
        check_identity=Personal.NO,
        revision_number=Personal.NO,
        version=Personal.NO,
        sequence=Personal.NO,
        created_at=Personal.NO,
        created_by=Personal.STAFF,
        cancelled_at=Personal.NO,
        cancelled_by=Personal.STAFF,
        ended_at=Personal.NO,
        ended_by=Personal.STAFF,
    )

    class Meta:
        indexes = [
            models.Index(name="meetings_of_a_host", fields=["host", "starts_at"]),
            models.Index(name="meetings_of_an_office", fields=["office", "starts_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="meeting_status_is_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="meeting_format_is_known", condition=Q(format__in=Format.values)),
            models.CheckConstraint(
                name="meeting_lasts_15_minutes_to_7_hours_30",
                condition=Q(ends_at__gte=F("starts_at") + SHORTEST) & Q(ends_at__lte=F("starts_at") + LONGEST),
            ),
            models.CheckConstraint(
                name="meeting_not_cancelled_is_cancelled_by_nobody",
                condition=Q(cancelled_at__isnull=False) | Q(cancelled_by__isnull=True),
            ),
            models.CheckConstraint(
                name="meeting_ended_has_when_and_by",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def citizen(self) -> "Participant":
        """The citizen the meeting is about. One query."""
        return self.participants.get(role=Role.CITIZEN)

    def citizen_id(self) -> UUID:
        """The person the meeting is about. One query."""
        found: UUID = self.participants.values_list("person_id", flat=True).get(role=Role.CITIZEN)
        return found


class Revision(models.Model):
    """The time, format and place a meeting has or had. Never changed, only followed by the next.

    Stored: the instants, the zone, and the wall time that was meant (`meant`, "2027-03-28T10:00", with `fold` for the
    hour that comes twice). `overruled`: the objections (see meetings.hours) that somebody overruled, and why.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    format = models.CharField(max_length=16, choices=Format)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=40, default="Europe/Oslo")
    meant = models.CharField(max_length=16)
    fold = models.PositiveSmallIntegerField(default=0)
    address = ProtectedText(null=True)
    room = ProtectedText(null=True)
    directions = ProtectedText(null=True)
    booked_room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    caller = models.CharField(max_length=8, choices=Caller, blank=True)
    phone = ProtectedText(null=True)
    reason = models.CharField(max_length=32, choices=Reason)
    overruled = models.JSONField(default=list, db_default=[])
    overruled_why = models.CharField(max_length=24, choices=WhyOverruled, blank=True, default="", db_default="")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        meeting=Personal.INDIRECT,
        number=Personal.NO,
        format=Personal.INDIRECT,
        starts_at=Personal.INDIRECT,
        ends_at=Personal.INDIRECT,
        zone=Personal.NO,
        meant=Personal.INDIRECT,
        fold=Personal.NO,
        address=Personal.SEALED,
        room=Personal.SEALED,
        directions=Personal.SEALED,
        booked_room=Personal.NO,
        caller=Personal.NO,
        phone=Personal.SEALED,
        reason=Personal.INDIRECT,
        overruled=Personal.NO,
        overruled_why=Personal.NO,
        made_at=Personal.NO,
        made_by=Personal.STAFF,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="revision_numbers_are_unique", fields=["meeting", "number"]),
            models.CheckConstraint(name="revision_reason_is_known", condition=Q(reason__in=Reason.values)),
            models.CheckConstraint(
                name="revision_overruled_says_why",
                condition=Q(overruled=[], overruled_why="")
                | ~Q(overruled=[]) & Q(overruled_why__in=WhyOverruled.values),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Participant(models.Model):
    """Somebody in a meeting, with the texts written for them.

    An employee (`user`), a person Nav meets (`person`), or a partner, whose name and addresses are in PartnerContact.
    `way_in` is blank where it is the meeting's format; `part_*` is their own part of the time, in minutes from the
    start, so that it moves with the meeting.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="participants")
    role = models.CharField(max_length=16, choices=Role)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    way_in = models.CharField(max_length=16, choices=Format, blank=True, default="", db_default="")
    part_offset = models.PositiveSmallIntegerField(null=True)
    part_minutes = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=8, default="nb")
    theme = ProtectedText(null=True)
    purpose = ProtectedText(null=True)
    preparations = ProtectedText(null=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        meeting=Personal.INDIRECT,
        role=Personal.INDIRECT,
        user=Personal.STAFF,
        person=Personal.INDIRECT,
        way_in=Personal.INDIRECT,
        part_offset=Personal.NO,
        part_minutes=Personal.NO,
        language=Personal.INDIRECT,
        theme=Personal.SEALED,
        purpose=Personal.SEALED,
        preparations=Personal.SEALED,
        added_at=Personal.NO,
        removed_at=Personal.NO,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="person_is_once_in_a_meeting", fields=["meeting", "person"]),
            models.UniqueConstraint(name="employee_is_once_in_a_meeting", fields=["meeting", "user"]),
            models.UniqueConstraint(
                name="meeting_has_one_host", fields=["meeting"], condition=Q(role=Role.HOST, removed_at=None)
            ),
            models.CheckConstraint(
                name="participant_is_an_employee_a_person_or_a_partner",
                condition=Q(role__in=FROM_NAV, user__isnull=False, person__isnull=True)
                | Q(role=Role.CITIZEN, person__isnull=False, user__isnull=True)
                | Q(role__in=sorted(PARTNERS), person__isnull=True, user__isnull=True),
            ),
            models.CheckConstraint(
                name="part_of_the_time_is_whole_or_none",
                condition=Q(part_offset__isnull=True, part_minutes__isnull=True)
                | Q(part_offset__isnull=False, part_minutes__gte=5),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_partner(self) -> bool:
        return self.role in PARTNERS
