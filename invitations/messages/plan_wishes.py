"""Telling who asked for another time or another format that they are answered. What was answered stands on the page."""

from datetime import datetime

from invitations.messages import plan, rows, wake
from invitations.messages.rows import About, Told
from invitations.models import Invitation, Occasion, Reply
from meetings.models import Meeting
from navmeet.outbox.publish import Consequences


def plan_settled(invitation: Invitation, reply: Reply, *, can_be_told: bool, at: datetime) -> Consequences:
    """At once: a notice on Ditt NAV, or an e-mail to a partner. `can_be_told`: as of a citizen."""
    participant = invitation.participant
    if participant.person is not None and participant.person.deceased_known_at is not None:
        return Consequences()
    meeting = Meeting.objects.get(pk=participant.meeting_id)
    told = Told(meeting, participant, can_be_told or participant.is_partner, at)
    timing = rows.email(told) if participant.is_partner else rows.until_end(meeting, at)
    number = Reply.objects.filter(answer__invitation=invitation).count()
    _, planned = rows.plan(told, Occasion.ANSWER_SETTLED, About(reply.pk, number), timing)
    wake.on_commit()
    return Consequences(messages=[planned], lacks=plan.too_late(planned) if told.can_be_told else [plan.CANNOT_BE_TOLD])
