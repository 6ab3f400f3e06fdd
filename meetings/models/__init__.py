"""What a meeting is: its type, its revisions, who takes part, and what it occupies."""

from meetings.models.calendars import AsRange, Occupancy, Resource
from meetings.models.hours import LONGEST_ABSENCE, Absence, ClosingDay, HoursOnDate, WorkingHours
from meetings.models.meeting import LONGEST, SHORTEST, Meeting, MeetingQuery, Participant, Revision
from meetings.models.people import CallAttempt, ParticipantOutcome, PartnerContact, ReasonToRecipient
from meetings.models.rooms import MOST_IN_A_ROOM, Room
from meetings.models.tasks import Task
from meetings.models.types import MeetingType, Office
from meetings.models.words import (
    FROM_NAV,
    PARTNERS,
    Basis,
    Caller,
    Duty,
    Format,
    Outcome,
    Reason,
    Role,
    Status,
    WhyCorrected,
    WhyOverruled,
)

__all__ = [
    "FROM_NAV",
    "LONGEST",
    "LONGEST_ABSENCE",
    "MOST_IN_A_ROOM",
    "PARTNERS",
    "SHORTEST",
    "Absence",
    "AsRange",
    "Basis",
    "CallAttempt",
    "Caller",
    "ClosingDay",
    "Duty",
    "Format",
    "HoursOnDate",
    "Meeting",
    "MeetingQuery",
    "MeetingType",
    "Occupancy",
    "Office",
    "Outcome",
    "Participant",
    "ParticipantOutcome",
    "PartnerContact",
    "Reason",
    "ReasonToRecipient",
    "Resource",
    "Revision",
    "Role",
    "Room",
    "Status",
    "Task",
    "WhyCorrected",
    "WhyOverruled",
    "WorkingHours",
]
