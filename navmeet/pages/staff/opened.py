"""What the pages of all changes have in common: the meeting as it was opened, and the way back where it is too late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Min, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from invitations.messages.occasions import NOT_SENT
from invitations.models import Message, MessageState, Occasion, Why
from meetings import asking, permissions, revisions, states
from meetings.models import Meeting, Revision, Role
from meetings.states import WrongState
from navmeet import clock
from navmeet.accounts.pages import StaffRequest
from navmeet.audit.record import shown
from navmeet.look import dates
from navmeet.outbox.publish import Consequences
from navmeet.pages.staff import read_then, told_then, words

TOLD_NOBODY: Final = (MessageState.SKIPPED, MessageState.VOID, MessageState.FAILED)
KNOWN: Final = "Innbyggeren vet dette fra før, og får ingen beskjed."


@dataclass
class Opened:
    """The meeting as the page of a change is opened, and its revision that holds."""

    meeting: Meeting
    revision: Revision
    at: datetime


def open_for_change(request: StaffRequest, meeting_id: UUID) -> Opened:
    """Every page of a change shows whom it is about: access is asked, and the showing kept, each time."""
    at = clock.now()
    meeting = asking.meeting_to_open(meeting_id, by=request.actor, at=at)
    permissions.check_can_change(request.actor, meeting)
    shown("meeting.change_opened", to=request.actor, person_id=meeting.citizen_id(), at=at)
    return Opened(meeting, revisions.current(meeting), at)


def anew(request: StaffRequest, opened: Opened) -> Opened:
    """As it is after all: somebody was quicker between the opening and the change."""
    meeting = asking.known(opened.meeting.pk, by=request.actor)
    return Opened(meeting, revisions.current(meeting), opened.at)


def closed(request: StaffRequest, opened: Opened) -> HttpResponse | None:
    """Back to the meeting, with the reason, where there is nothing to change any more."""
    try:
        states.check_is_scheduled(opened.meeting)
        if opened.at >= opened.meeting.ends_at:
            raise WrongState("Tiden for møtet er passert. Du kan ikke flytte eller avlyse det nå.")
    except WrongState as error:
        messages.warning(request, error.message)
        return redirect("meeting", meeting_id=opened.meeting.pk)
    return None


def told(can_be_told: bool, opened: Opened) -> str:
    """How and when the citizen hears of what was done just now."""
    if not can_be_told:
        return "Innbyggeren får brev: du har fått en oppgave om å sende det."
    planned = Message.objects.filter(participant__meeting=opened.meeting, participant__role=Role.CITIZEN)
    planned = planned.exclude(occasion=Occasion.REMINDER).exclude(sent_at__lte=opened.at)
    of_now = planned.filter(Q(planned_at=opened.at) | Q(state__in=NOT_SENT)).exclude(state__in=TOLD_NOBODY)
    due_at = of_now.aggregate(first=Min("due_at"))["first"]
    if due_at is None:
        is_known = planned.filter(planned_at=opened.at, why=Why.AS_TOLD).exists()
        return KNOWN if is_known else "Innbyggeren får ikke beskjed digitalt. Se hvorfor under varslene."
    return f"Innbyggeren får beskjed på Min side {_when(due_at, opened.at)}."


def _when(due_at: datetime, at: datetime) -> str:
    if due_at <= at:
        return "med en gang"
    is_today = dates.in_oslo(due_at).date() == dates.in_oslo(at).date()
    return dates.clock(due_at) if is_today else dates.when(due_at)


def change_page(
    request: StaffRequest,
    template: str,
    opened: Opened,
    form: Any,
    *,
    status: int = 200,
    follows: Consequences | None = None,
    is_stale: bool = False,
    clash: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of a change, with whom it is about, the form, and what would follow where that was asked for."""
    citizen = opened.meeting.participants.select_related("person").get(role=Role.CITIZEN)
    context = {
        "meeting": opened.meeting,
        "how": words.how(opened.meeting),
        "who": citizen.person.name if citizen.person else "",
        "form": form,
        "follows": told_then.preview(follows, opened.at) if follows else None,
        "is_stale": is_stale,
        "read": read_then.seal(opened.meeting),
        "compared": read_then.side_by_side(request.POST.get("read", ""), opened.meeting) if is_stale else [],
        "clash": clash,
        **more,
    }
    return render(request, template, context, status=status)
