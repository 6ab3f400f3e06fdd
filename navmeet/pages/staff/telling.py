"""The button beside the messages of a meeting: tell what waits, now."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from invitations.messages.tell_now import tell_now
from meetings import asking
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.exceptions import Conflict


@staff_page
@require_POST
def now(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Pressed twice, or a moment after it left by itself: the page says so, and nothing is told twice."""
    at = clock.now()
    answers = asking.about_meeting(meeting_id, by=request.actor, at=at)
    try:
        tell_now(meeting_id=meeting_id, by=request.actor, clearance=answers.clearance, at=at)
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "Endringene blir fortalt nå.")
    return redirect("meeting", meeting_id=meeting_id)
