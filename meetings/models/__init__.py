"""What a meeting is: its type, its revisions, who takes part, and what it occupies."""

from meetings.models.calendars import AsRange, Occupancy, Resource
from meetings.models.meeting import LONGEST, SHORTEST, Meeting, MeetingQuery, Participant, Revision
from meetings.models.people import CallAttempt, ParticipantOutcome, PartnerContact, ReasonToRecipient
from meetings.models.tasks import Task
from meetings.models.types import MeetingType, Office
from meetings.models.words import PARTNERS, Basis, Caller, Duty, Format, Outcome, Reason, Role, Status, WhyCorrected

__all__ = [
    "LONGEST",
    "PARTNERS",
    "SHORTEST",
    "AsRange",
    "Basis",
    "CallAttempt",
    "Caller",
    "Duty",
    "Format",
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
    "Status",
    "Task",
    "WhyCorrected",
]
