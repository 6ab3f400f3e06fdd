"""What the citizen has said about how to meet, held against a change of it. Named in navmeet/reactions.py."""

from uuid import UUID

from invitations.consents import video_choice
from meetings.events import Aspect, MeetingReinstated, MeetingRevised
from meetings.models import Format, Meeting
from navmeet.outbox.publish import Consequences

NO_TO_VIDEO = "Innbyggeren har sagt nei til video. Avtal med innbyggeren før du endrer til video."


def on_revised(event: MeetingRevised) -> Consequences:
    """Says so where a meeting is to be by video and its citizen last said no to that."""
    return _lacks(event.meeting_id) if Aspect.FORMAT in event.what else Consequences()


def on_reinstated(event: MeetingReinstated) -> Consequences:
    """The same, where it is to be by video again."""
    return _lacks(event.meeting_id)


def _lacks(meeting_id: UUID) -> Consequences:
    meeting = Meeting.objects.get(pk=meeting_id)
    choice = video_choice(meeting) if meeting.format == Format.VIDEO else None
    return Consequences(lacks=[NO_TO_VIDEO] if choice is not None and not choice.said_yes else [])
