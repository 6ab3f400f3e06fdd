"""What is told, or to be told, and what became of it."""

from django.db import models
from django.db.models import Q

from meetings.models import Meeting, Participant
from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class Occasion(models.TextChoices):
    INVITED = "INVITED"
    MOVED = "MOVED"
    FORMAT_CHANGED = "FORMAT_CHANGED"
    REMOVED = "REMOVED"
    PEOPLE_CHANGED = "PEOPLE_CHANGED"
    DETAILS_CHANGED = "DETAILS_CHANGED"
    REINSTATED = "REINSTATED"
    CANCELLED = "CANCELLED"
    REMINDER = "REMINDER"
    ANSWERED = "ANSWERED"
    ANSWER_SETTLED = "ANSWER_SETTLED"
    MINUTES_SHARED = "MINUTES_SHARED"
    MINUTES_AMENDED = "MINUTES_AMENDED"
    MINUTES_RECALLED = "MINUTES_RECALLED"
    WHAT_HAPPENED = "WHAT_HAPPENED"


class Step(models.TextChoices):
    """Which of several messages of one occasion. PLAIN: on the page alone, where the others cannot be said."""

    ONCE = "ONCE"
    PLAIN = "PLAIN"
    DAYS_7 = "7_DAYS"
    DAY_1 = "1_DAY"
    HOUR_1 = "1_HOUR"


class Channel(models.TextChoices):
    DITT_NAV = "DITT_NAV"
    EMAIL = "EMAIL"
    SMS = "SMS"


# How partners are told: an e-mail, and an SMS where that did not get through.
TO_PARTNERS = frozenset({Channel.EMAIL, Channel.SMS})


class MessageState(models.TextChoices):
    """`SKIPPED` was due and, looked at again, should not go out; `VOID` was overtaken by a change before that."""

    PLANNED = "PLANNED"
    CLAIMED = "CLAIMED"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    VOID = "VOID"
    SKIPPED = "SKIPPED"


class Why(models.TextChoices):
    """Why a message is not on its way, or did not arrive. DAY_IS_FULL of a planned one: why it goes out later."""

    NONE = ""
    NO_BASIS = "NO_BASIS"
    PROTECTED = "PROTECTED"
    QUIET_TIME = "QUIET_TIME"
    TOO_CLOSE = "TOO_CLOSE"
    DAY_IS_FULL = "DAY_IS_FULL"
    MOVED = "MOVED"
    CANCELLED = "CANCELLED"
    NOT_AGREED = "NOT_AGREED"
    ANSWERED = "ANSWERED"
    TOO_LATE = "TOO_LATE"
    CANNOT_BE_TOLD = "CANNOT_BE_TOLD"
    RESERVED = "RESERVED"
    DECEASED = "DECEASED"
    REFUSED_BY_RULES = "REFUSED_BY_RULES"
    NO_WORDS = "NO_WORDS"
    NOT_DELIVERED = "NOT_DELIVERED"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    TAKEN_AWAY = "TAKEN_AWAY"
    BROKER = "BROKER"
    NOT_ASKED = "NOT_ASKED"
    MIN_SIDE_REMINDS = "MIN_SIDE_REMINDS"
    CORRECTED = "CORRECTED"
    NEW_ADDRESS = "NEW_ADDRESS"
    REINSTATED = "REINSTATED"
    AS_TOLD = "AS_TOLD"
    TOGETHER = "TOGETHER"
    RUNG = "RUNG"


# The register says that a citizen is not to be told digitally, or cannot be: a letter is the way.
NOT_DIGITALLY = frozenset({Why.CANNOT_BE_TOLD, Why.RESERVED})


class Hang(models.TextChoices):
    """What the last attempt came to nothing by: what a message that does not get away waits for."""

    NOTHING = ""
    BROKER = "BROKER"
    REGISTERS = "REGISTERS"
    RECEIVER = "RECEIVER"
    THROTTLED = "THROTTLED"
    FORBIDDEN = "FORBIDDEN"


class Because(models.TextChoices):
    """Why a person had something sent again."""

    NOTHING = ""
    ASKED = "ASKED"
    NOT_DELIVERED = "NOT_DELIVERED"
    CORRECTED = "CORRECTED"


class Message(models.Model):
    """One thing told, or to be told, to one participant through one channel about one occasion.

    Planned in the transaction that caused it, claimed by a sender with a lease, settled by compare-and-set. `key` is
    chosen once: the same key goes out again after a crash, and the receiver drops it. `text_sent` is a JSON of what
    went out, with the link as a placeholder. `about_*` is what it speaks of: the revision, the meeting's sequence for
    a cancellation, or a version of minutes. `not_before` is when to try again after an attempt that came to nothing.
    A row with `attempts` may have gone out, whatever else it says: its sender may have died before writing it down.
    `counted_on` is the day whose cap a sender counted it on before it left (cap.py).
    `again_by` had it sent again, and `again_because` says why; nobody where it was planned by itself.
    By `known_by` somebody should have said what became of it; null where nobody will, or it is waited for no more.
    `sms_at` is when Min side was asked to send its SMS or e-mail, where those wait; null where they went at once.
    `unsure_attempts` are those that may have left before the one that was written down, where a receiver knows no key.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.UUIDField(unique=True, default=new_id)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="messages")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="messages")
    occasion = models.CharField(max_length=16, choices=Occasion)
    step = models.CharField(max_length=8, choices=Step, default=Step.ONCE)
    about_id = models.UUIDField()
    about_number = models.PositiveIntegerField()
    channel = models.CharField(max_length=16, choices=Channel)
    repeat = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    not_after = models.DateTimeField()
    active_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=MessageState, default=MessageState.PLANNED)
    why = models.CharField(max_length=20, choices=Why, blank=True)
    text_sent = ProtectedText(null=True)
    shipment = models.CharField(max_length=64, blank=True, default="", db_default="")
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    hangs_on = models.CharField(max_length=12, choices=Hang, blank=True, default="", db_default="")
    counted_on = models.DateField(null=True)
    again_by = models.UUIDField(null=True)
    again_because = models.CharField(max_length=16, choices=Because, blank=True, default="", db_default="")
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    known_by = models.DateTimeField(null=True)
    sms_at = models.DateTimeField(null=True)
    unsure_attempts = models.PositiveSmallIntegerField(default=0, db_default=0)

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        key=Personal.INDIRECT,
        meeting=Personal.INDIRECT,
        participant=Personal.INDIRECT,
        occasion=Personal.INDIRECT,
        step=Personal.NO,
        about_id=Personal.INDIRECT,
        about_number=Personal.NO,
        channel=Personal.NO,
        repeat=Personal.NO,
        language=Personal.INDIRECT,
        due_at=Personal.INDIRECT,
        not_before=Personal.NO,
        not_after=Personal.INDIRECT,
        active_until=Personal.INDIRECT,
        state=Personal.INDIRECT,
        why=Personal.INDIRECT,
        text_sent=Personal.SEALED,
        shipment=Personal.INDIRECT,
        claim=Personal.NO,
        claimed_until=Personal.NO,
        attempts=Personal.NO,
        hangs_on=Personal.NO,
        counted_on=Personal.INDIRECT,
        again_by=Personal.STAFF,
        again_because=Personal.INDIRECT,
        planned_at=Personal.NO,
        sent_at=Personal.INDIRECT,
        settled_at=Personal.NO,
        known_by=Personal.NO,
        sms_at=Personal.INDIRECT,
        unsure_attempts=Personal.NO,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="told_once",
                fields=["participant", "occasion", "step", "about_id", "about_number", "channel", "repeat"],
            ),
            models.CheckConstraint(name="message_state_is_known", condition=Q(state__in=MessageState.values)),
            models.CheckConstraint(
                name="message_claimed_has_a_lease",
                condition=Q(state="CLAIMED", claim__isnull=False, claimed_until__isnull=False)
                | (~Q(state="CLAIMED") & Q(claim__isnull=True, claimed_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_not_sent_says_why",
                condition=~Q(state__in=["VOID", "SKIPPED", "FAILED"]) | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="sent_again_says_by_whom_and_why",
                condition=Q(again_by=None, again_because="") | Q(again_by__isnull=False) & ~Q(again_because=""),
            ),
        ]
        indexes = [
            models.Index(name="messages_due", fields=["due_at"], condition=Q(state="PLANNED")),
            models.Index(name="messages_claimed", fields=["claimed_until"], condition=Q(state="CLAIMED")),
            models.Index(
                name="messages_unconfirmed",
                fields=["known_by"],
                condition=Q(state="SENT", known_by__isnull=False),
            ),
            models.Index(name="messages_perhaps_twice", fields=["sent_at"], condition=Q(unsure_attempts__gt=0)),
            models.Index(name="messages_put_off", fields=["sms_at"], condition=Q(sms_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Retraction(models.Model):
    """Taking a notification back from Ditt NAV. Through the same sender, never claimed before its message is settled.

    `after`: only once that message is sent, so that the citizen is never a moment without the link.
    """

    class State(models.TextChoices):
        PLANNED = "PLANNED"
        CLAIMED = "CLAIMED"
        SENT = "SENT"
        NOT_NEEDED = "NOT_NEEDED"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="retraction")
    after = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        message=Personal.INDIRECT,
        after=Personal.INDIRECT,
        due_at=Personal.NO,
        state=Personal.NO,
        claim=Personal.NO,
        claimed_until=Personal.NO,
        attempts=Personal.NO,
        sent_at=Personal.NO,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="retraction_claimed_has_a_lease",
                condition=Q(state="CLAIMED", claim__isnull=False, claimed_until__isnull=False)
                | (~Q(state="CLAIMED") & Q(claim__isnull=True, claimed_until__isnull=True)),
            )
        ]
        indexes = [
            models.Index(name="retractions_open", fields=["due_at"], condition=Q(state__in=["PLANNED", "CLAIMED"]))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Receipt(models.Model):
    """What Min side said became of a message. Idempotent by event; unknown events are kept as they are named."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    event = models.CharField(max_length=40)
    status = models.CharField(max_length=40, blank=True)
    via = models.CharField(max_length=16, blank=True)
    is_renotification = models.BooleanField(default=False)
    happened_at = models.DateTimeField()
    kept_at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.MEETING_24_MONTHS,
        id=Personal.INDIRECT,
        message=Personal.INDIRECT,
        event=Personal.NO,
        status=Personal.INDIRECT,
        via=Personal.NO,
        is_renotification=Personal.NO,
        happened_at=Personal.INDIRECT,
        kept_at=Personal.NO,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_receipt_an_event", fields=["message", "event", "status", "via", "happened_at"]
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Pulse(models.Model):
    """When a part of the worker last did its work: health is two clocks, not a process id."""

    name = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()

    COLUMNS = Columns(Kept.CONFIGURATION, name=Personal.NO, at=Personal.NO)

    def __str__(self) -> str:
        return self.name


class FeedPosition(models.Model):
    """How far somebody else's feed of events has been read. Reading again from before it does no harm."""

    name = models.CharField(max_length=16, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    COLUMNS = Columns(Kept.CONFIGURATION, name=Personal.NO, sequence=Personal.NO, at=Personal.NO)

    def __str__(self) -> str:
        return self.name
