"""The meeting as the API reads and shows it. Input and output are two things."""

from meetings.serializers.asked import (
    AddPartnerInput,
    BookingInput,
    ChangeFormatInput,
    ChangePartnerInput,
    ChangeWayInInput,
    ConcludeInput,
    CorrectConclusionInput,
    FindPersonInput,
    MoveInput,
    NothingInput,
    OutcomeInput,
    RehearsalInput,
    WhyInput,
)
from meetings.serializers.shown import (
    FoundPersonOutput,
    MeetingOutput,
    MeetingRowOutput,
    RehearsalOutput,
    TaskOutput,
    whole,
)

__all__ = [
    "AddPartnerInput",
    "BookingInput",
    "ChangeFormatInput",
    "ChangePartnerInput",
    "ChangeWayInInput",
    "ConcludeInput",
    "CorrectConclusionInput",
    "FindPersonInput",
    "FoundPersonOutput",
    "MeetingOutput",
    "MeetingRowOutput",
    "MoveInput",
    "NothingInput",
    "OutcomeInput",
    "RehearsalInput",
    "RehearsalOutput",
    "TaskOutput",
    "WhyInput",
    "whole",
]
