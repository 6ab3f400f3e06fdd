"""By when Nav answers who asks for something, and when what they asked for is due as a task."""

from datetime import UTC, datetime, timedelta

from invitations.messages.quiet import OFFICE_CLOSES, next_working_day
from meetings.models import Meeting
from meetings.times import OSLO


def heard_by(meeting: Meeting, at: datetime) -> datetime:
    """By when who asked at `at` hears from Nav: within two working days, at the latest the day before the meeting.

    Asked later than that it is due at once: `at` itself.
    """
    day_before = meeting.starts_at.astimezone(OSLO).date() - timedelta(days=1)
    latest_then = datetime.combine(day_before, OFFICE_CLOSES, tzinfo=OSLO).astimezone(UTC)
    return max(min(next_working_day(next_working_day(at)), latest_then), at)


def due_by(meeting: Meeting, at: datetime) -> datetime:
    """When a task of now is to be done: as was promised, and never in the minute it was made.

    Too late for that promise, it is due before the meeting begins, then before it ends.
    """
    return next(
        due for due in (heard_by(meeting, at), meeting.starts_at, meeting.ends_at, next_working_day(at)) if due > at
    )
