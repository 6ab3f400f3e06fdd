"""What a meeting is: its type, its revisions, who takes part, and what it occupies."""

from datetime import timedelta
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.models import User
from navmeet.people.models import STRICT, Person
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=7, minutes=30)


class Format(models.TextChoices):
    VIDEO = "VIDEO"
    PHONE = "PHONE"
    IN_PERSON = "IN_PERSON"


class Status(models.TextChoices):
    PROPOSED = "PROPOSED"
    SCHEDULED = "SCHEDULED"
    HELD = "HELD"
    NOT_HELD = "NOT_HELD"
    CANCELLED = "CANCELLED"


class Duty(models.TextChoices):
    NONE = "NONE"
    AGREED = "AGREED"
    DUTY = "DUTY"


class Role(models.TextChoices):
    HOST = "HOST"
    STAFF = "STAFF"
    CITIZEN = "CITIZEN"


class Caller(models.TextChoices):
    """Who rings whom in a meeting by phone."""

    NAV = "NAV"
    CITIZEN = "CITIZEN"


class Reason(models.TextChoices):
    """Why a meeting was made, changed or cancelled. A fixed list: free text attracts health data."""

    BOOKED = "BOOKED"
    CITIZEN_ASKED = "CITIZEN_ASKED"
    STAFF_UNAVAILABLE = "STAFF_UNAVAILABLE"
    PRACTICAL = "PRACTICAL"
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    MISTAKE = "MISTAKE"


class Office(models.Model):
    number = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200)

    COLUMNS = Columns(Kept.CONFIGURATION, number=Personal.NO, name=Personal.NO, address=Personal.NO)

    def __str__(self) -> str:
        return self.number


class MeetingType(models.Model):
    """Data with an owner at the directorate: names and sentences in each language, `{"nb": …, "nn": …, "en": …}`."""

    code = models.CharField(max_length=32, primary_key=True)
    names = models.JSONField()
    duty = models.CharField(max_length=8, choices=Duty)
    duty_sentences = models.JSONField()
    legal_basis = models.CharField(max_length=200, blank=True)
    least_notice_days = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    COLUMNS = Columns(
        Kept.CONFIGURATION,
        code=Personal.NO,
        names=Personal.NO,
        duty=Personal.NO,
        duty_sentences=Personal.NO,
        legal_basis=Personal.NO,
        least_notice_days=Personal.NO,
        is_active=Personal.NO,
    )

    def __str__(self) -> str:
        return self.code

    def name_in(self, language: str) -> str:
        """The type's name, in bokmål where the language has none."""
        return str(self.names.get(language) or self.names["nb"])

    def duty_sentence_in(self, language: str) -> str:
        """Whether one must come, and what happens if one does not."""
        return str(self.duty_sentences.get(language) or self.duty_sentences["nb"])


class MeetingQuery(models.QuerySet["Meeting"]):
    def visible_to(self, by: Actor) -> "MeetingQuery":
        """The meetings whose existence `by` may know. Kinds not named here see nothing."""
        if by.kind == ActorKind.SYSTEM:
            return self
        if by.kind == ActorKind.CASEWORKER:
            mine = self.filter(
                Q(office_id=by.office)
                | models.Exists(Participant.objects.filter(meeting=models.OuterRef("pk"), user_id=by.known_id))
            )
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
    time, format and place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.ForeignKey(MeetingType, on_delete=models.PROTECT)
    status = models.CharField(max_length=16, choices=Status, default=Status.SCHEDULED)
    format = models.CharField(max_length=16, choices=Format)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    host = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hosted")
    check_identity = models.BooleanField(default=False)
    revision_number = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.UUIDField(null=True)

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
        check_identity=Personal.NO,
        revision_number=Personal.NO,
        version=Personal.NO,
        sequence=Personal.NO,
        created_at=Personal.NO,
        created_by=Personal.STAFF,
        cancelled_at=Personal.NO,
        cancelled_by=Personal.STAFF,
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
                name="meeting_cancelled_has_when_and_by",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
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
    hour that comes twice).
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
    caller = models.CharField(max_length=8, choices=Caller, blank=True)
    phone = ProtectedText(null=True)
    reason = models.CharField(max_length=32, choices=Reason)
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
        caller=Personal.NO,
        phone=Personal.SEALED,
        reason=Personal.INDIRECT,
        made_at=Personal.NO,
        made_by=Personal.STAFF,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="revision_numbers_are_unique", fields=["meeting", "number"]),
            models.CheckConstraint(name="revision_reason_is_known", condition=Q(reason__in=Reason.values)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Participant(models.Model):
    """Somebody in a meeting: an employee (`user`) or a person Nav meets (`person`), with the texts written for them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="participants")
    role = models.CharField(max_length=16, choices=Role)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
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
                name="participant_is_an_employee_or_a_person",
                condition=Q(role__in=[Role.HOST, Role.STAFF], user__isnull=False, person__isnull=True)
                | Q(role=Role.CITIZEN, person__isnull=False, user__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReasonToRecipient(models.Model):
    """The sentence written to one participant about one change. Never in logs or events."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="reasons")
    sequence = models.PositiveIntegerField()
    sentence = ProtectedText()
    written_at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        participant=Personal.INDIRECT,
        sequence=Personal.NO,
        sentence=Personal.SEALED,
        written_at=Personal.NO,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_sentence_a_participant_a_change", fields=["participant", "sequence"])
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Resource(models.Model):
    """Something that can be in one place only: an employee, a person."""

    class Kind(models.TextChoices):
        STAFF = "STAFF"
        CITIZEN = "CITIZEN"

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


class Task(models.Model):
    """Something a caseworker has to do about a meeting, because the machine cannot. Once for each cause (`about`)."""

    class Kind(models.TextChoices):
        SEND_LETTER = "SEND_LETTER"
        CALL = "CALL"
        NO_TO_VIDEO = "NO_TO_VIDEO"
        CANNOT_COME = "CANNOT_COME"
        OTHER_TIME = "OTHER_TIME"
        OTHER_FORMAT = "OTHER_FORMAT"
        NOT_REACHED = "NOT_REACHED"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="tasks")
    about = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)

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
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_task_a_cause", fields=["meeting", "kind", "about"]),
            models.CheckConstraint(
                name="task_done_has_when_and_by",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
