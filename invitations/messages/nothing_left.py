"""Is anything left to tell of a meeting, and what is said where nothing is: by how the meeting stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from invitations.messages.occasions import ABOUT_WHAT_WAS
from invitations.messages.own import own
from invitations.models import Message
from meetings.models import Meeting, Participant, Status
from meetings.states import WrongState

_STANDS: Final[Mapping[str, str]] = {
    Status.PROPOSED: "Møtet er foreslått, men ikke avtalt ennå",
    Status.HELD: "Møtet er holdt",
    Status.NOT_HELD: "Møtet ble ikke holdt",
}


def may_be_told(meeting: Meeting, at: datetime) -> bool:
    """Is it agreed, or was it called off, and not over? Of what was, minutes may be told all the same."""
    return meeting.status in {Status.SCHEDULED, Status.CANCELLED} and at < meeting.ends_at


def may_be_sent_again(message: Message, at: datetime) -> bool:
    """Is it neither too late nor too early for what its reader should know now? Meeting and participant are fetched."""
    if message.occasion in ABOUT_WHAT_WAS:
        return True
    return may_be_told(message.meeting, at) and at < _ends_at(message.participant, message.meeting)


def why(meeting: Meeting, at: datetime) -> WrongState:
    """Why nothing is sent again, of a meeting that is not called off and has told nothing after it."""
    if meeting.status == Status.SCHEDULED:
        is_over = at >= meeting.ends_at
        stands = "Møtet er over" if is_over else "Den delen av møtet som deltakeren skulle være med på, er over"
    else:
        stands = _STANDS[meeting.status]
    code = "not_agreed" if meeting.status == Status.PROPOSED else "over"
    return WrongState(f"{stands}. Det er ingenting å sende på nytt.", code=code)


def _ends_at(participant: Participant, meeting: Meeting) -> datetime:
    return own(participant, meeting).ends_at if participant.is_partner else meeting.ends_at
