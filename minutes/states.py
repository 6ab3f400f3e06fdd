"""Does the meeting's state allow minutes? A meeting that was or is being held has them; no other."""

from datetime import datetime

from meetings.models import Meeting, Status
from navmeet.exceptions import Conflict

_SENTENCES = {
    Status.PROPOSED: ("meeting_not_agreed", "Møtet er ikke avtalt ennå. Referatet skriver du når det er holdt."),
    Status.NOT_HELD: ("meeting_not_held", "Møtet ble ikke holdt, så det kan ikke få referat."),
    Status.CANCELLED: ("meeting_cancelled", "Møtet er avlyst, så det kan ikke få referat."),
}


def why_no_minutes(meeting: Meeting, at: datetime) -> tuple[str, str] | None:
    """A code and a sentence, or None when minutes may be written now."""
    if meeting.status in _SENTENCES:
        return _SENTENCES[Status(meeting.status)]
    if at < meeting.starts_at:
        return "meeting_not_started", "Møtet har ikke startet. Du kan skrive referatet når det har begynt."
    return None


def check_may_have_minutes(meeting: Meeting, at: datetime) -> None:
    """Raises Conflict with a code for each reason."""
    reason = why_no_minutes(meeting, at)
    if reason is not None:
        code, sentence = reason
        raise Conflict(sentence, code=code)
