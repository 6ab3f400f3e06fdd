"""Moving and cancelling: look at what would happen, then do it. Free times stand beside the form for moving."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from meetings import asking, changes, revisions, rooms
from meetings.models import Format, Status
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, NotFound, NotPermitted, Stale
from navmeet.look.dates import in_oslo
from navmeet.pages.staff import times_beside
from navmeet.pages.staff.doing import ask_to_overrule, clash_of, on_newest, recipients, refuse
from navmeet.pages.staff.forms import OF_FORMAT, CancelForm, MoveForm, WhyForm, place, slot
from navmeet.pages.staff.opened import Opened, anew, change_page, closed, open_for_change, told_of

# The form of the page for moving, which the buttons of free times send.
MOVE = "move"


@staff_page(form=MoveForm)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Another time or place. `act=rehearse` shows what would follow; `take`, `later` and `act=times` are of free times.

    Anything else does it.
    """
    opened = open_for_change(request, meeting_id)
    if request.method != "POST":
        over = closed(request, opened)
        return over or _move_page(request, opened, _move_form(opened))
    if times_beside.is_asked_for(request):
        return _at_another_time(request, opened)
    form = _filled(request.POST, opened)
    if not form.is_valid():
        form.check_when(opened.at)
        return _move_page(request, opened, form, status=400)
    try:
        arguments = _arguments(request, opened, form) | {
            "to": slot(form.cleaned_data, opened.at),
            "place": place(form.cleaned_data) if OF_FORMAT[Format(form.held)] else None,
            "overrule": form.overruled(),
        }
        if request.POST.get("act") == "rehearse":
            return _move_page(request, opened, form, follows=rehearse(changes.move, **arguments))
        moved = changes.move(**arguments)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        opened = anew(request, opened)
        if _is_moved_already(opened, form.cleaned_data):
            messages.success(request, "Møtet er allerede flyttet.")
            return redirect("meeting", meeting_id=meeting_id)
        over = closed(request, opened)
        return over or _move_page(request, opened, on_newest(form, opened), status=status_of(error), is_stale=True)
    except DomainError as error:
        ask_to_overrule(form, error)
        form.refuse(error)
        return _move_page(request, opened, form, status=status_of(error), clash=clash_of(error))
    messages.success(request, f"Møtet er flyttet. {told_of(arguments, opened)}")
    return redirect("meeting", meeting_id=moved.pk)


@staff_page(form=CancelForm)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Call it off. `act=rehearse` as for moving. Cancelling what is cancelled is no mistake."""
    opened = open_for_change(request, meeting_id)
    if request.method != "POST":
        over = closed(request, opened)
        return over or _cancel_page(request, opened, _cancel_form(opened))
    if opened.meeting.status == Status.CANCELLED:
        messages.success(request, "Møtet er allerede avlyst.")
        return redirect("meeting", meeting_id=meeting_id)
    form = CancelForm(request.POST, recipients=recipients(opened.meeting))
    if not form.is_valid():
        return _cancel_page(request, opened, form, status=400)
    try:
        arguments = _arguments(request, opened, form)
        if request.POST.get("act") == "rehearse":
            return _cancel_page(request, opened, form, follows=rehearse(changes.cancel, **arguments))
        changes.cancel(**arguments)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        opened = anew(request, opened)
        if opened.meeting.status == Status.CANCELLED:
            messages.success(request, "Møtet er allerede avlyst.")
            return redirect("meeting", meeting_id=meeting_id)
        return _cancel_page(request, opened, on_newest(form, opened), status=status_of(error), is_stale=True)
    except DomainError as error:
        refuse(form, error)
        return _cancel_page(request, opened, form, status=status_of(error))
    messages.success(request, f"Møtet er avlyst. {told_of(arguments, opened)}")
    return redirect("meeting", meeting_id=meeting_id)


def _arguments(request: StaffRequest, opened: Opened, form: WhyForm) -> dict[str, Any]:
    """What both verbs take."""
    answers = asking.about_change(opened.meeting.pk, by=request.actor, at=opened.at)
    return {
        "meeting_id": opened.meeting.pk,
        "version": form.cleaned_data["version"],
        "why": form.why(),
        "can_be_told": answers.can_be_told,
        "is_contact_known": answers.is_contact_known,
        "by": request.actor,
        "clearance": answers.clearance,
        "at": opened.at,
    }


def _filled(sent: QueryDict, opened: Opened) -> MoveForm:
    form = MoveForm(sent, held=opened.meeting.format, recipients=recipients(opened.meeting))
    form.offer_rooms(opened.meeting.office_id, opened.meeting.booked_room_id)
    return form


def _at_another_time(request: StaffRequest, opened: Opened) -> HttpResponse:
    """The same form with the time that was taken, or with the free times asked for; or these alone, to put in it."""
    if times_beside.is_part(request):
        form = _filled(request.POST, opened)
        return times_beside.part(request, _times(request, opened, form), form, sends_to=MOVE)
    form = _move_form(opened, times_beside.taken(request.POST))
    begins_at = "suits" if "take" in request.POST else "times"
    return _move_page(request, opened, form, begins_at=begins_at, read=request.POST.get("read", ""))


def _times(request: StaffRequest, opened: Opened, form: MoveForm) -> times_beside.Times:
    return times_beside.of_meeting(form, opened.meeting, at=opened.at, later=request.POST.get("later", ""))


def _move_form(opened: Opened, typed: QueryDict | None = None) -> MoveForm:
    """As it is now, or as it was typed so far, ready to be changed."""
    now, begins = revisions.place_of(opened.revision), in_oslo(opened.meeting.starts_at)
    comes_twice = begins.replace(fold=0).utcoffset() != begins.replace(fold=1).utcoffset()
    initial = {
        "day": begins.date(),
        "time": begins.time(),
        "minutes": round((opened.meeting.ends_at - opened.meeting.starts_at).total_seconds() / 60),
        "fold": str(opened.revision.fold) if comes_twice else "",
        "version": opened.meeting.version,
    }
    filled = initial | vars(now) | (typed.dict() if typed else {})
    form = MoveForm(initial=filled, held=opened.meeting.format, recipients=recipients(opened.meeting))
    form.offer_rooms(opened.meeting.office_id, opened.meeting.booked_room_id)
    return form


def _cancel_form(opened: Opened) -> CancelForm:
    return CancelForm(initial={"version": opened.meeting.version}, recipients=recipients(opened.meeting))


def _is_moved_already(opened: Opened, given: dict[str, Any]) -> bool:
    """A second press on the same button: what was asked for is what there is."""
    wanted, there = slot(given, opened.at), opened.meeting
    if there.revision_number == 1 or (wanted.starts_at, wanted.ends_at) != (there.starts_at, there.ends_at):
        return False
    held, now = Format(there.format), revisions.place_of(opened.revision)
    try:
        return rooms.placed(place(given), held, office_id=there.office_id, kept=now.room_id)[0] == now
    except DomainError:
        return False


def _move_page(request: StaffRequest, opened: Opened, form: MoveForm, **more: Any) -> HttpResponse:
    times = _times(request, opened, form)
    return change_page(request, "pages/staff/move.html", opened, form, times=times, sends_to=MOVE, **more)


def _cancel_page(request: StaffRequest, opened: Opened, form: CancelForm, **more: Any) -> HttpResponse:
    return change_page(request, "pages/staff/cancel.html", opened, form, **more)
