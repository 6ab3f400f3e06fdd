"""Who wants to come in, who let them, and how sure it was who they are."""

from django.db import models
from django.db.models import Q

from invitations.models.asked import Invitation
from meetings.models import Meeting, Participant
from navmeet.accounts.actor import Level
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class VideoRoom(models.Model):
    """The meeting's room on the video platform: an opaque alias that says nothing of anybody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="room")
    alias = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS, id=Personal.NO, meeting=Personal.INDIRECT, alias=Personal.INDIRECT, made_at=Personal.NO
    )

    def __str__(self) -> str:
        return str(self.pk)


class Visit(models.Model):
    """One attempt to come in. `alias` is this visit's own opaque name on the video platform; the name goes after a day.

    `assurance` is how sure it is who they are: the level of their login, a one-time code, or nothing but the link.
    `wants` is what they said from the waiting page: that they cannot get in, or to be called instead.
    """

    class State(models.TextChoices):
        WAITING = "WAITING"
        ADMITTED = "ADMITTED"
        TURNED_AWAY = "TURNED_AWAY"
        LEFT = "LEFT"

    class Wants(models.TextChoices):
        NOTHING = ""
        CANNOT_GET_IN = "CANNOT_GET_IN"
        CALL_INSTEAD = "CALL_INSTEAD"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="visits")
    name = ProtectedText(null=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    assurance = models.CharField(max_length=32, choices=[(level.value, level.name) for level in Level])
    alias = models.CharField(max_length=40, unique=True)
    arrived_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    entered_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    word = ProtectedText(null=True)
    wants = models.CharField(max_length=16, choices=Wants, blank=True, default="")
    wants_at = models.DateTimeField(null=True)

    COLUMNS = Columns(
        Kept.DOOR_90_DAYS,
        id=Personal.INDIRECT,
        invitation=Personal.INDIRECT,
        name=Personal.SEALED,
        state=Personal.INDIRECT,
        assurance=Personal.INDIRECT,
        alias=Personal.INDIRECT,
        arrived_at=Personal.INDIRECT,
        seen_at=Personal.INDIRECT,
        decided_at=Personal.NO,
        decided_by=Personal.STAFF,
        entered_at=Personal.INDIRECT,
        left_at=Personal.INDIRECT,
        word=Personal.SEALED,
        wants=Personal.INDIRECT,
        wants_at=Personal.INDIRECT,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_state_is_known", condition=Q(state__in=["WAITING", "ADMITTED", "TURNED_AWAY", "LEFT"])
            ),
            models.CheckConstraint(
                name="visit_decided_has_when_and_by",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_admitted_was_decided", condition=~Q(state="ADMITTED") | Q(decided_at__isnull=False)
            ),
            models.CheckConstraint(
                name="visit_entered_was_admitted", condition=Q(entered_at__isnull=True) | Q(decided_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="visits_waiting", fields=["invitation", "arrived_at"], condition=Q(state="WAITING"))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Presence(models.Model):
    """One connection of a visit to the video platform, as the platform told of it.

    `connection` is the platform's own name for it, `alias` the one by which it came: a visit's alias is another once
    somebody has come in by it and goes in again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="presences")
    connection = models.CharField(max_length=64)
    alias = models.CharField(max_length=40, blank=True)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    COLUMNS = Columns(
        Kept.DOOR_90_DAYS,
        id=Personal.NO,
        visit=Personal.INDIRECT,
        connection=Personal.INDIRECT,
        alias=Personal.INDIRECT,
        came_at=Personal.INDIRECT,
        left_at=Personal.INDIRECT,
    )

    class Meta:
        constraints = [models.UniqueConstraint(name="presence_is_told_once", fields=["visit", "connection"])]

    def __str__(self) -> str:
        return str(self.pk)


class IdentityCheck(models.Model):
    """How the host made sure who a participant is. Of an identity document only its kind is noted. Only added to."""

    class How(models.TextChoices):
        ID_SHOWN = "ID_SHOWN"
        KNOWN = "KNOWN"
        OTHERWISE = "OTHERWISE"

    class Document(models.TextChoices):
        NONE = ""
        PASSPORT = "PASSPORT"
        DRIVING_LICENCE = "DRIVING_LICENCE"
        NATIONAL_ID = "NATIONAL_ID"
        OTHER = "OTHER"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="identity_checks")
    how = models.CharField(max_length=12, choices=How)
    document = models.CharField(max_length=16, choices=Document, blank=True)
    words = ProtectedText(null=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.NO,
        participant=Personal.INDIRECT,
        how=Personal.INDIRECT,
        document=Personal.INDIRECT,
        words=Personal.SEALED,
        at=Personal.NO,
        by=Personal.STAFF,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_document_only_when_shown",
                condition=Q(how="ID_SHOWN") & ~Q(document="") | ~Q(how="ID_SHOWN") & Q(document=""),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
