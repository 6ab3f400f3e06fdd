"""Who is asked, what they answer, and what they choose or release."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q

from meetings.models import Format, Meeting, Participant
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.people.models import STRICT, Person
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class InvitationQuery(models.QuerySet["Invitation"]):
    def visible_to(self, by: Actor) -> "InvitationQuery":
        """A citizen's own; a link's; a partner's while it is open; those of meetings a caseworker may know of."""
        present = self.filter(participant__removed_at=None)
        if by.kind == ActorKind.CITIZEN:
            return present.filter(participant__person_id=by.known_id)
        if by.kind in {ActorKind.LINK, ActorKind.PARTNER}:
            return present.open().filter(pk=by.known_id)
        if by.kind == ActorKind.CASEWORKER:
            return self.filter(participant__meeting__in=Meeting.objects.visible_to(by))
        return self.none()

    def open(self) -> "InvitationQuery":
        """Not closed; and no partner's while their citizen has become strictly protected and nobody has seen to it."""
        return self.filter(closed_at=None).exclude(
            models.Exists(
                Participant.objects.filter(
                    meeting=models.OuterRef("participant__meeting"),
                    person__protection__in=STRICT,
                    invitation__protected_at=None,
                ).exclude(pk=models.OuterRef("participant"))
            )
        )


class Invitation(models.Model):
    """What one participant has been asked. Its id is what their one lasting link names.

    `closed_at`: a partner's access has ended (no basis any more, or taken out of the meeting). `protected_at`: since
    when the meeting of this citizen is handled as that of a strictly protected person, `deceased_at` as that of one who
    has died.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="invitation")
    made_at = models.DateTimeField()
    first_read_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    protected_at = models.DateTimeField(null=True)
    deceased_at = models.DateTimeField(null=True)

    objects = InvitationQuery.as_manager()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        participant=Personal.INDIRECT,
        made_at=Personal.NO,
        first_read_at=Personal.INDIRECT,
        closed_at=Personal.INDIRECT,
        protected_at=Personal.INDIRECT,
        deceased_at=Personal.INDIRECT,
    )

    def __str__(self) -> str:
        return str(self.pk)


class Given(models.TextChoices):
    """How a participant's word reached us: on a page of ours, or recorded by an employee who was told it."""

    PAGE = "PAGE"
    PHONE = "PHONE"
    COUNTER = "COUNTER"
    LETTER = "LETTER"


class Answer(models.Model):
    """What a participant said to a revision. Rows are added; the last one that was not withdrawn counts.

    `is_known` is false for what the holder of a bare link asked: kept, shown to the host, proving nothing.
    `suggests` are the instants, as ISO texts, at which they can meet instead; `wants` the format they ask for. Where
    `given` is not PAGE, `given_by` of `given_office` recorded it for them.
    """

    class Kind(models.TextChoices):
        COMING = "COMING"
        NOT_COMING = "NOT_COMING"
        OTHER_TIME = "OTHER_TIME"
        OTHER_FORMAT = "OTHER_FORMAT"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="answers")
    revision_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    words = ProtectedText(null=True)
    suggests = models.JSONField(default=list, db_default=[])
    wants = models.CharField(max_length=16, choices=Format, blank=True, default="", db_default="")
    is_known = models.BooleanField()
    given = models.CharField(max_length=16, choices=Given, default=Given.PAGE, db_default=Given.PAGE)
    given_office = models.CharField(max_length=4, blank=True, default="", db_default="")
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        invitation=Personal.INDIRECT,
        revision_number=Personal.NO,
        kind=Personal.INDIRECT,
        words=Personal.SEALED,
        suggests=Personal.INDIRECT,
        wants=Personal.INDIRECT,
        is_known=Personal.NO,
        given=Personal.NO,
        given_office=Personal.NO,
        given_at=Personal.INDIRECT,
        given_by=Personal.INDIRECT,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_stranger_writes_nothing", condition=Q(is_known=True) | Q(words__isnull=True, given_by=None)
            ),
            models.CheckConstraint(
                name="who_asks_for_another_time_suggests_times", condition=Q(suggests=[]) | Q(kind="OTHER_TIME")
            ),
            models.CheckConstraint(
                name="who_asks_for_another_format_wants_one", condition=Q(wants="") | Q(kind="OTHER_FORMAT")
            ),
            models.CheckConstraint(
                name="answer_recorded_names_the_office",
                condition=Q(given="PAGE", given_office="") | ~Q(given="PAGE") & ~Q(given_office=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Reply(models.Model):
    """What became of a wish for another time or another format. One an answer, and it never changes.

    `sentence` is Nav's, to the one who asked and nobody else. `by` is null where the meeting itself was changed: who
    did that stands there.
    """

    class Kind(models.TextChoices):
        MOVED = "MOVED"
        FORMAT_CHANGED = "FORMAT_CHANGED"
        STANDS = "STANDS"
        WITHDRAWN = "WITHDRAWN"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="reply")
    kind = models.CharField(max_length=16, choices=Kind)
    sentence = ProtectedText(null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        answer=Personal.INDIRECT,
        kind=Personal.INDIRECT,
        sentence=Personal.SEALED,
        at=Personal.INDIRECT,
        by=Personal.INDIRECT,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="that_the_meeting_stands_is_explained",
                condition=Q(kind="STANDS", sentence__isnull=False) | ~Q(kind="STANDS") & Q(sentence__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Account(models.Model):
    """What a citizen says happened, once it was noted that they did not meet. Only added to; the last one counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="accounts")
    words = ProtectedText()
    given_at = models.DateTimeField()
    given_by = models.UUIDField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        invitation=Personal.INDIRECT,
        words=Personal.SEALED,
        given_at=Personal.INDIRECT,
        given_by=Personal.INDIRECT,
    )

    def __str__(self) -> str:
        return str(self.pk)


class Consent(models.Model):
    """The ledger of releases and format choices: what was asked, in which words, and what was said. Only added to.

    A withdrawal is a row that says no. `given_by` is the person themselves, or the employee who recorded it.
    """

    class Purpose(models.TextChoices):
        MEET_BY_VIDEO = "MEET_BY_VIDEO"
        PARTNER_TAKES_PART = "PARTNER_TAKES_PART"

    Given: TypeAlias = Given

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=32, choices=Purpose)
    recipient = models.ForeignKey(Participant, null=True, on_delete=models.PROTECT, related_name="+")
    said_yes = models.BooleanField()
    text_version = models.CharField(max_length=16)
    text_language = models.CharField(max_length=8)
    text_shown = ProtectedText()
    given = models.CharField(max_length=16, choices=Given)
    given_by = models.UUIDField()
    given_office = models.CharField(max_length=4, blank=True, default="", db_default="")
    given_at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.RELEASE,
        id=Personal.INDIRECT,
        person=Personal.INDIRECT,
        meeting=Personal.INDIRECT,
        purpose=Personal.INDIRECT,
        recipient=Personal.INDIRECT,
        said_yes=Personal.INDIRECT,
        text_version=Personal.NO,
        text_language=Personal.NO,
        text_shown=Personal.SEALED,
        given=Personal.NO,
        given_by=Personal.INDIRECT,
        given_office=Personal.NO,
        given_at=Personal.INDIRECT,
    )

    class Meta:
        indexes = [models.Index(name="consents_of_a_person", fields=["person", "meeting", "purpose", "given_at"])]
        constraints = [
            models.CheckConstraint(
                name="a_release_names_its_recipient",
                condition=Q(purpose="MEET_BY_VIDEO", recipient__isnull=True)
                | Q(purpose="PARTNER_TAKES_PART", recipient__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
