"""Moving and cancelling: look at what would happen, then do it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from meetings import asking, changes, permissions, revisions, states
from meetings.models import Format, Meeting, Reason, Revision, Role, Status
from meetings.states import WrongState
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.audit.record import shown
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, NotFound, NotPermitted, Stale
from navmeet.look.dates import in_oslo
from navmeet.outbox.publish import Consequences
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import told_then, words
from navmeet.pages.staff.forms import OF_FORMAT, CancelForm, MoveForm, place, slot


@dataclass
class Opened:
    """The meeting as the page of a change is opened, and its revision that holds."""

    meeting: Meeting
    revision: Revision
    at: datetime


@staff_page(form=MoveForm)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Another time or place. `act=rehearse` shows what would follow; anything else does it."""
    opened = _open(request, meeting_id)
    if request.method != "POST":
        closed = _closed(request, opened)
        return closed or _move_page(request, opened, _move_form(opened))
    form = MoveForm(request.POST, held=opened.meeting.format)
    if not form.is_valid():
        form.check_when(opened.at)
        return _move_page(request, opened, form, status=400)
    try:
        arguments = _arguments(request, opened, form.cleaned_data) | {
            "to": slot(form.cleaned_data, opened.at),
            "place": place(form.cleaned_data) if OF_FORMAT[Format(form.held)] else None,
        }
        if request.POST.get("act") == "rehearse":
            return _move_page(request, opened, form, follows=rehearse(changes.move, **arguments))
        moved = changes.move(**arguments)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        opened = _anew(request, opened)
        if _is_moved_already(opened, form.cleaned_data):
            messages.success(request, "Møtet er allerede flyttet.")
            return redirect("meeting", meeting_id=meeting_id)
        return _move_page(request, opened, _on_newest(form, opened), status=status_of(error), is_stale=True)
    except DomainError as error:
        form.refuse(error)
        clash = error.extra.get("meeting", "")
        return _move_page(request, opened, form, status=status_of(error), clash=clash)
    messages.success(request, f"Møtet er flyttet. {_told(arguments['can_be_told'])}")
    return redirect("meeting", meeting_id=moved.pk)


@staff_page(form=CancelForm)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Call it off. `act=rehearse` as for moving. Cancelling what is cancelled is no mistake."""
    opened = _open(request, meeting_id)
    if request.method != "POST":
        closed = _closed(request, opened)
        return closed or _cancel_page(request, opened, CancelForm(initial={"version": opened.meeting.version}))
    if opened.meeting.status == Status.CANCELLED:
        messages.success(request, "Møtet er allerede avlyst.")
        return redirect("meeting", meeting_id=meeting_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _cancel_page(request, opened, form, status=400)
    try:
        arguments = _arguments(request, opened, form.cleaned_data)
        if request.POST.get("act") == "rehearse":
            return _cancel_page(request, opened, form, follows=rehearse(changes.cancel, **arguments))
        changes.cancel(**arguments)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        opened = _anew(request, opened)
        if opened.meeting.status == Status.CANCELLED:
            messages.success(request, "Møtet er allerede avlyst.")
            return redirect("meeting", meeting_id=meeting_id)
        return _cancel_page(request, opened, _on_newest(form, opened), status=status_of(error), is_stale=True)
    except DomainError as error:
        put(error, form)
        return _cancel_page(request, opened, form, status=status_of(error))
    messages.success(request, f"Møtet er avlyst. {_told(arguments['can_be_told'])}")
    return redirect("meeting", meeting_id=meeting_id)


def _open(request: StaffRequest, meeting_id: UUID) -> Opened:
    """Every page of a change shows whom it is about: access is asked, and the showing kept, each time."""
    at = clock.now()
    meeting = asking.meeting_to_open(meeting_id, by=request.actor, at=at)
    permissions.check_can_change(request.actor, meeting)
    shown("meeting.change_opened", to=request.actor, person_id=meeting.citizen_id(), at=at)
    return Opened(meeting, revisions.current(meeting), at)


def _anew(request: StaffRequest, opened: Opened) -> Opened:
    """As it is after all: somebody was quicker between the opening and the change."""
    meeting = asking.known(opened.meeting.pk, by=request.actor)
    return Opened(meeting, revisions.current(meeting), opened.at)


def _closed(request: StaffRequest, opened: Opened) -> HttpResponse | None:
    """Back to the meeting, with the reason, where there is nothing to change any more."""
    try:
        states.check_is_scheduled(opened.meeting)
        if opened.at >= opened.meeting.ends_at:
            raise WrongState("Tiden for møtet er passert. Du kan ikke flytte eller avlyse det nå.")
    except WrongState as error:
        messages.warning(request, error.message)
        return redirect("meeting", meeting_id=opened.meeting.pk)
    return None


def _arguments(request: StaffRequest, opened: Opened, given: dict[str, Any]) -> dict[str, Any]:
    """What both verbs take."""
    answers = asking.about_meeting(opened.meeting.pk, by=request.actor, at=opened.at)
    return {
        "meeting_id": opened.meeting.pk,
        "version": given["version"],
        "why": changes.Why(reason=Reason(given["reason"]), sentence=given["sentence"]),
        "can_be_told": answers.can_be_told,
        "by": request.actor,
        "clearance": answers.clearance,
        "at": opened.at,
    }


def _move_form(opened: Opened) -> MoveForm:
    """As it is now, ready to be changed."""
    now, begins = revisions.place_of(opened.revision), in_oslo(opened.meeting.starts_at)
    comes_twice = begins.replace(fold=0).utcoffset() != begins.replace(fold=1).utcoffset()
    initial = {
        "day": begins.date(),
        "time": begins.time(),
        "minutes": round((opened.meeting.ends_at - opened.meeting.starts_at).total_seconds() / 60),
        "fold": str(opened.revision.fold) if comes_twice else "",
        "version": opened.meeting.version,
    }
    return MoveForm(initial=initial | vars(now), held=opened.meeting.format)


def _on_newest(form: Any, opened: Opened) -> Any:
    """The same words, on the version that is there now: pressing again means it."""
    data = form.data.copy()
    data["version"] = str(opened.meeting.version)
    return MoveForm(data, held=opened.meeting.format) if isinstance(form, MoveForm) else CancelForm(data)


def _is_moved_already(opened: Opened, given: dict[str, Any]) -> bool:
    """A second press on the same button: what was asked for is what there is."""
    wanted, there = slot(given, opened.at), opened.meeting
    if there.revision_number == 1 or (wanted.starts_at, wanted.ends_at) != (there.starts_at, there.ends_at):
        return False
    held = Format(there.format)
    try:
        return place(given).for_format(held) == revisions.place_of(opened.revision)
    except DomainError:
        return False


def _told(can_be_told: bool) -> str:
    if can_be_told:
        return "Innbyggeren får beskjed på Min side."
    return "Innbyggeren får brev: du har fått en oppgave om å sende det."


def _move_page(request: StaffRequest, opened: Opened, form: MoveForm, **more: Any) -> HttpResponse:
    return _page(request, "pages/staff/move.html", opened, form, **more)


def _cancel_page(request: StaffRequest, opened: Opened, form: CancelForm, **more: Any) -> HttpResponse:
    return _page(request, "pages/staff/cancel.html", opened, form, **more)


def _page(
    request: StaffRequest,
    template: str,
    opened: Opened,
    form: Any,
    *,
    status: int = 200,
    follows: Consequences | None = None,
    is_stale: bool = False,
    clash: str = "",
) -> HttpResponse:
    citizen = opened.meeting.participants.select_related("person").get(role=Role.CITIZEN)
    context = {
        "meeting": opened.meeting,
        "how": words.how(opened.meeting),
        "who": citizen.person.name if citizen.person else "",
        "form": form,
        "follows": told_then.preview(follows, opened.at) if follows else None,
        "is_stale": is_stale,
        "clash": clash,
    }
    return render(request, template, context, status=status)
