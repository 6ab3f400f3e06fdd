"""Minutes that people have read speak of a meeting that was held."""

from meetings.events import MeetingConcluded
from minutes.models import Version
from navmeet.exceptions import Conflict


def on_concluded(event: MeetingConcluded) -> None:
    """Raises Conflict, at `held`, where the meeting is said not to have been held and its minutes are shared."""
    if not event.held and Version.objects.filter(meeting_id=event.meeting_id).exists():
        raise Conflict(
            "Referatet er delt, så møtet må stå som holdt. Rett referatet i stedet.",
            code="minutes_shared",
            field="held",
        )
