"""Booking a meeting: find the citizen by number, then fill in the meeting."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from meetings import booking, permissions
from meetings.contacts import CitizenContact
from meetings.models import Caller, Format, Meeting, Office
from meetings.texts import CitizenTexts
from navmeet import clock
from navmeet.accounts.actor import Actor
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.audit.record import shown
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, NotPermitted
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import citizen, told_then, words
from navmeet.pages.staff.forms import BookingForm, FindForm, place, slot
from navmeet.people import meet
from navmeet.people.clearance import Clearance
from navmeet.people.meet import Found

# What happened in the registers belongs to the number that was looked up.
AT_THE_NUMBER = {"": "citizen_number"}
# In the form's address: a signed token of ids, good for its caseworker alone.
CARRIED_IN = "c"


@staff_page(form=FindForm)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    """The number is sent, never in an address; leads to the form for the meeting, which can be opened again."""
    permissions.check_can_book(request.actor)
    if request.method != "POST":
        return render(request, "pages/staff/find.html", {"form": FindForm()})
    at = clock.now()
    form = FindForm(request.POST)
    if not form.is_valid():
        return _find_again(request, form, 400)
    try:
        found = meet.meet(form.cleaned_data["citizen_number"], by=request.actor, at=at)
    except DomainError as error:
        put(error, form, names=AT_THE_NUMBER)
        return _find_again(request, form, status_of(error))
    token = citizen.carry(found.person.pk, by=request.actor)
    if _typed(request):
        # What was typed before may stand in no address: this one form is the answer itself.
        return _first_shown(request, found, token, at)
    response = redirect(f"{reverse('book-meeting')}?{urlencode({CARRIED_IN: token})}")
    response.status_code = HTTPStatus.SEE_OTHER
    return response


@staff_page(form=BookingForm)
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: StaffRequest) -> HttpResponse:
    """The form; a POST books. The same form sent twice leads to the same meeting. `act=rehearse` shows who is told."""
    permissions.check_can_book(request.actor)
    if request.method != "POST":
        return _open(request, request.GET.get(CARRIED_IN, ""))
    form = BookingForm(request.POST)
    try:
        carried = citizen.carried(request.POST.get("citizen", ""), by=request.actor)
    except citizen.TokenOld:
        return _find_again(request, FindForm(), 400, is_old=True)
    at = clock.now()
    try:
        allowed, found = citizen.about(carried.person_id, by=request.actor, at=at)
    except NotPermitted:
        raise
    except DomainError as error:
        form.is_valid()
        form.add_error(None, error.message)
        return _details(request, form, None, status=status_of(error))
    if not form.is_valid():
        form.check_when(at)
        return _details(request, form, found, status=400)
    try:
        arguments = _arguments(form.cleaned_data, carried, found, by=request.actor, clearance=allowed, at=at)
        if request.POST.get("act") == "rehearse":
            follows = told_then.preview(rehearse(booking.book, **arguments), at)
            return _details(request, form, found, follows=follows)
        meeting = booking.book(**arguments)
    except DomainError as error:
        form.refuse(error)
        return _details(request, form, found, status=status_of(error), clash=error.extra.get("meeting", ""))
    _tell(request, meeting, form.cleaned_data, found, at)
    return redirect("meeting", meeting_id=meeting.pk)


def _open(request: StaffRequest, token: str) -> HttpResponse:
    """The form for whom the address carries. Access and the registers are asked each time it is shown."""
    if not token:
        return redirect("find-citizen")
    try:
        carried = citizen.carried(token, by=request.actor)
    except citizen.TokenOld:
        return _find_again(request, FindForm(), 400, is_old=True)
    at = clock.now()
    _, found = citizen.about(carried.person_id, by=request.actor, at=at)
    return _first_shown(request, found, token, at)


def _first_shown(request: StaffRequest, found: Found, token: str, at: datetime) -> HttpResponse:
    shown("person.found", to=request.actor, person_id=found.person.pk, at=at)
    return _details(request, BookingForm(initial=_to_begin_with(request, found, token)), found)


def _arguments(
    given: dict[str, Any],
    carried: citizen.Carried,
    found: Found,
    *,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> dict[str, Any]:
    """What booking takes, and its rehearsal."""
    wanted = booking.Booking(
        person_id=carried.person_id,
        type_code=given["type"],
        format=Format(given["format"]),
        slot=slot(given, at),
        place=place(given),
        texts=CitizenTexts(theme=given["theme"], purpose=given["purpose"], preparations=given["preparations"]),
        check_identity=given["check_identity"],
        language=found.language,
        meeting_id=carried.meeting_id,
    )
    return {
        "wanted": wanted,
        "can_be_told": found.contact.can_be_told,
        "citizen_contact": CitizenContact(email=found.contact.email, phone=found.contact.phone),
        "safety_measures": frozenset(found.facts.safety_measures),
        "by": by,
        "clearance": clearance,
        "at": at,
    }


def _tell(request: StaffRequest, meeting: Meeting, given: dict[str, Any], found: Found, at: datetime) -> None:
    if meeting.created_at != at:
        # Sent before. Whoever went back and changed the form must not believe that the change was kept.
        if (meeting.starts_at, meeting.format) != (slot(given, at).starts_at, given["format"]):
            messages.warning(request, "Dette møtet var allerede bestilt. Det du endret etterpå, er ikke lagret.")
        else:
            messages.success(request, "Møtet er bestilt.")
        return
    if found.contact.can_be_told and found.person.is_strictly_protected:
        messages.success(
            request,
            "Møtet er bestilt og vises på Min side, uten SMS eller e-post. Du har fått en oppgave om å ringe.",
        )
    elif found.contact.can_be_told:
        called = words.is_called(meeting).capitalize()
        messages.success(request, f"Møtet er bestilt. {called} sendes på Min side, med SMS eller e-post.")
    else:
        messages.success(request, "Møtet er bestilt. Innbyggeren får brev: du har fått en oppgave om å sende det.")


def _to_begin_with(request: StaffRequest, found: Found, token: str) -> dict[str, Any]:
    """An empty form with what we know; and with what was typed before, where the citizen had to be found once more."""
    office = Office.objects.filter(pk=request.actor.known_office).first()
    known: dict[str, Any] = {
        "format": Format.VIDEO,
        "minutes": 45,
        "address": office.address if office else "",
        "caller": Caller.NAV,
        "phone": found.contact.phone or "",
    }
    return known | _typed(request) | {"citizen": token}


def _typed(request: StaffRequest) -> dict[str, str]:
    """What was filled in of the form for the meeting, whom it is with apart."""
    names = [name for name in BookingForm.base_fields if name != "citizen"]
    return {name: request.POST[name] for name in names if name in request.POST}


def _find_again(request: StaffRequest, form: FindForm, status: int, *, is_old: bool = False) -> HttpResponse:
    """The first step again; what was typed in the second is carried along, unseen."""
    context = {"form": form, "is_old": is_old, "kept": list(_typed(request).items())}
    return render(request, "pages/staff/find.html", context, status=status)


def _details(
    request: StaffRequest,
    form: BookingForm,
    found: Found | None,
    *,
    status: int = 200,
    clash: str = "",
    follows: told_then.Preview | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "citizen": citizen.box(found) if found else None,
        "clash": clash,
        "follows": follows,
    }
    if follows is not None:
        given = form.cleaned_data
        lines = [given[name] for name in ("theme", "purpose", "preparations") if given[name]]
        context["own_texts"] = {"after": "innlogging", "who": "innbyggeren", "lines": lines}
    return render(request, "pages/staff/book.html", context, status=status)
