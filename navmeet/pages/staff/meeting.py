"""One meeting, whole: what was agreed, what the citizen said, what they were told, what has changed."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from invitations import entering, undelivered
from invitations.messages import cap, log_words, nothing_left
from invitations.messages.tell_now import may_tell_now
from invitations.video import health
from meetings import asking, permissions
from meetings.states import WrongState
from navmeet import clock
from navmeet.accounts.actor import Actor
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.audit.record import shown
from navmeet.pages.staff import meeting_whole, message_rows, outcome, partner_rows, wishes
from navmeet.pages.staff.meeting_whole import Whole


@staff_page
@require_GET
def meeting(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Written down as an opening of the citizen's data, before it is shown."""
    at = clock.now()
    found = asking.meeting_to_open(meeting_id, by=request.actor, at=at)
    whole = meeting_whole.whole(found, by=request.actor, at=at)
    shown("meeting.opened", to=request.actor, person_id=whole.person.pk, at=at)
    return render(
        request,
        "pages/staff/meeting.html",
        {
            "whole": whole,
            "meeting": found,
            "back": request.path,
            "full_days": [log_words.of_full_day(one) for one in cap.full_days(found, whole.person.pk, at)],
            "readers": _readers(whole, by=request.actor, at=at),
            "partners": partner_rows.of_meeting(found),
            "from_nav": found.participants.filter(user__isnull=False, removed_at=None)
            .select_related("user")
            .order_by("role", "added_at"),
            "may_add": partner_rows.may_add(found),
            "citizen_invitation": whole.invitation_id,
            "wishes": wishes.of_meeting(found, at) if whole.may_change else [],
            "may_change": whole.may_change,
            "may_tell_outcome": outcome.may_be_told(found, by=request.actor, at=at),
            "may_tell_now": whole.may_change and may_tell_now(found, at),
            "may_keep_door": outcome.may_keep_door(found, by=request.actor, at=at),
        },
    )


def _readers(whole: Whole, *, by: Actor, at: datetime) -> list[message_rows.ReaderRow]:
    """Repairs are offered to who may change the meeting."""
    may_repair = permissions.can_change(by, whole.meeting)
    unrepaired = undelivered.of_meeting(whole.meeting, at) if may_repair else None
    return message_rows.of_meeting(
        whole.log, whole.person, unrepaired, at, is_to_come=nothing_left.may_be_told(whole.meeting, at)
    )


@staff_page
@require_POST
def enter(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """The host goes on to the video platform; decided now. Where it does not answer they are told so, and may."""
    if request.POST.get("anyway") != "yes" and not health.is_answering():
        messages.warning(
            request, "Videomøtet svarer ikke akkurat nå. Prøv igjen, eller gjør det om til et telefonmøte."
        )
        return redirect("door", meeting_id=meeting_id)
    try:
        return redirect(entering.enter_as_host(meeting_id=meeting_id, by=request.actor, at=clock.now()))
    except WrongState as error:
        messages.warning(request, error.message)
        return redirect("meeting", meeting_id=meeting_id)
