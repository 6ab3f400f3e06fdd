"""The fixed words of meetings."""

from django.db import models


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
    DOCTOR = "DOCTOR"
    EMPLOYER = "EMPLOYER"


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
    TECHNICAL_PROBLEM = "TECHNICAL_PROBLEM"


class WhyCorrected(models.TextChoices):
    """Why what was said of a meeting, or of somebody in it, is said anew."""

    MISTAKE = "MISTAKE"
    PARTICIPANT_TOLD = "PARTICIPANT_TOLD"
    LEARNED_LATER = "LEARNED_LATER"


class WhyOverruled(models.TextChoices):
    """Why a time is taken although hours, absence, holidays, notice or a room speak against it."""

    AGREED_WITH_CITIZEN = "AGREED_WITH_CITIZEN"
    AGREED_WITH_COLLEAGUES = "AGREED_WITH_COLLEAGUES"
    URGENT = "URGENT"
    KEEPS_WHAT_WAS_TOLD = "KEEPS_WHAT_WAS_TOLD"


class Basis(models.TextChoices):
    """Why something may be shown to somebody outside Nav."""

    LAW = "LAW"
    RELEASE = "RELEASE"


class Outcome(models.TextChoices):
    """What became of one participant in a meeting that was to be held."""

    MET = "MET"
    DID_NOT_MEET = "DID_NOT_MEET"
    EXCUSED = "EXCUSED"
    TECHNICAL_PROBLEM = "TECHNICAL_PROBLEM"


# They have a user, and are no person of ours.
FROM_NAV = (Role.HOST, Role.STAFF)
PARTNERS = frozenset({Role.DOCTOR, Role.EMPLOYER})
