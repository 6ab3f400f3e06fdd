"""What is told when a cancelled meeting is to be held after all. Named in navmeet/reactions.py.

Who may have heard that it is cancelled, or of the meeting at all, hears that it is not; all others are invited.
"""

from invitations.invite import invite
from invitations.messages import no_longer, overtake, plan, plan_partners, untold
from invitations.messages.rows import About
from invitations.models import Occasion
from meetings.events import MeetingReinstated
from meetings.models import Meeting, Participant, Task
from navmeet.outbox.publish import Consequences


def on_reinstated(event: MeetingReinstated) -> Consequences:
    """That it is not cancelled, at once, in place of what says that it is; and the reminders anew.

    Where the cancellation never left, what is another than was told, if anything is.
    """
    meeting = Meeting.objects.select_related("type").get(pk=event.meeting_id)
    about = About(event.revision_id, event.number)
    consequences = Consequences(voided=overtake.void_cancellation(meeting, event.at))
    for told in plan.citizens_told(meeting, can_be_told=event.can_be_told, at=event.at):
        invite(told.participant, event.at)
        message, planned = untold.tell_held_after_all(told, about, by_letter=_by_letter(told.participant))
        untold.take_the_place(told, message)
        consequences.add(plan.with_reminders(told, planned, about))
    consequences.add(plan_partners.on_reinstated(event))
    # No letter says that it is cancelled any more, and nobody rings to say so.
    no_longer.end_about(meeting.pk, {Occasion.CANCELLED}, event.at)
    return consequences


def _by_letter(citizen: Participant) -> bool:
    """Has anything been told to them in a letter, or by phone in its stead?"""
    written = Task.objects.filter(meeting=citizen.meeting_id, kind__in=no_longer.IN_ITS_STEAD)
    return written.exclude(done_by=None).exists()
