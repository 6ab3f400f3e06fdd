"""The button beside the messages of a meeting: tell what waits, now."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from invitations.messages.log import message_log
from invitations.messages.occasions import CHANGES
from invitations.messages.tell_now import tell_now
from meetings import asking
from meetings.models import Meeting
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.exceptions import Conflict
from navmeet.look import dates


@staff_page
@require_POST
def now(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Pressed twice, or a moment after it left by itself: the page says so, and nothing is told twice."""
    at = clock.now()
    answers = asking.about_meeting(meeting_id, by=request.actor, at=at)
    try:
        meeting = tell_now(meeting_id=meeting_id, by=request.actor, clearance=answers.clearance, at=at)
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, f"Endringene blir fortalt nå.{_sms_wait(meeting, at)}")
    return redirect("meeting", meeting_id=meeting_id)


def _sms_wait(meeting: Meeting, at: datetime) -> str:
    """By the log: the sender may have been quicker than this."""
    changes = [line for line in message_log(meeting, at) if line.occasion in CHANGES and not line.is_overtaken]
    sms_at = max((line.sms_at for line in changes if line.sms_at and line.sms_at > at), default=None)
    return f" SMS eller e-post til innbyggeren sendes {dates.when(sms_at)}." if sms_at else ""
