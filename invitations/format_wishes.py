"""What the citizen has said about how to meet, held against a change of it. Named in navmeet/reactions.py."""

from invitations.consents import video_choice
from meetings.events import Aspect, MeetingRevised
from meetings.models import Format, Meeting
from navmeet.outbox.publish import Consequences

NO_TO_VIDEO = "Innbyggeren har sagt nei til video. Avtal med innbyggeren før du endrer til video."


def on_revised(event: MeetingRevised) -> Consequences:
    """Says so where a meeting is to be by video and its citizen last said no to that."""
    if Aspect.FORMAT not in event.what:
        return Consequences()
    meeting = Meeting.objects.get(pk=event.meeting_id)
    choice = video_choice(meeting) if meeting.format == Format.VIDEO else None
    return Consequences(lacks=[NO_TO_VIDEO] if choice is not None and not choice.said_yes else [])
