"""What belongs to one participant: how a partner is reached, why they were told, what became of them."""

from django.db import models

from meetings.models.meeting import Participant
from meetings.models.words import Outcome
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class PartnerContact(models.Model):
    """How a doctor or an employer is reached. Goes 30 days after their access ends."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="contact")
    name = ProtectedText()
    organisation = ProtectedText(null=True)
    email = ProtectedText()
    phone = ProtectedText()
    changed_at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.PARTNER_30_DAYS,
        id=Personal.INDIRECT,
        participant=Personal.INDIRECT,
        name=Personal.SEALED,
        organisation=Personal.SEALED,
        email=Personal.SEALED,
        phone=Personal.SEALED,
        changed_at=Personal.NO,
    )

    def __str__(self) -> str:
        return str(self.pk)


class ReasonToRecipient(models.Model):
    """The sentence written to one participant about one change. Never in logs or events.

    The change is the meeting's `version` after it; `sequence` says which time, format and place it speaks of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="reasons")
    sequence = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=0, db_default=0)
    sentence = ProtectedText()
    written_at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        participant=Personal.INDIRECT,
        sequence=Personal.NO,
        version=Personal.NO,
        sentence=Personal.SEALED,
        written_at=Personal.NO,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_sentence_to_a_participant_for_a_change", fields=["participant", "sequence", "version"]
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ParticipantOutcome(models.Model):
    """What became of a participant, as the host says it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=20, choices=Outcome)
    set_at = models.DateTimeField()
    set_by = models.UUIDField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        participant=Personal.INDIRECT,
        outcome=Personal.INDIRECT,
        set_at=Personal.NO,
        set_by=Personal.STAFF,
    )

    class Meta:
        constraints = [models.CheckConstraint(name="outcome_is_known", condition=models.Q(outcome__in=Outcome.values))]

    def __str__(self) -> str:
        return str(self.pk)


class CallAttempt(models.Model):
    """Somebody at Nav tried to ring a participant who was not there. Only added to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="call_attempts")
    at = models.DateTimeField()
    by = models.UUIDField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.NO,
        participant=Personal.INDIRECT,
        at=Personal.INDIRECT,
        by=Personal.STAFF,
    )

    def __str__(self) -> str:
        return str(self.pk)
