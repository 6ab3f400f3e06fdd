"""Booking a meeting: find the citizen by number, then fill in the meeting, with free times beside."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from invitations import releases
from meetings import asking, booking, permissions
from meetings.contacts import CitizenContact
from meetings.models import Caller, Format, MeetingType, Office
from meetings.texts import CitizenTexts
from navmeet import clock
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.audit.record import shown
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, NotPermitted
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import booking_form, booking_partners, citizen, times_beside, told_then
from navmeet.pages.staff.booked import tell
from navmeet.pages.staff.booking_form import BookingForm
from navmeet.pages.staff.booking_partners import PartnerForms
from navmeet.pages.staff.doing import clash_of
from navmeet.pages.staff.forms import FindForm, place, slot
from navmeet.people import clearance, meet
from navmeet.people.clearance import Clearance
from navmeet.people.meet import Found

# What happened in the registers belongs to the number that was looked up.
AT_THE_NUMBER = {"": "citizen_number"}
# In the form's address: a signed token of ids, good for its caseworker alone.
CARRIED_IN = "c"
# The form of the page, which the buttons of free times send.
SENDS_TO = "book"


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
    """The form; a POST books. The same form sent twice leads to the same meeting. `act=rehearse` shows who is told.

    `act=add` and `remove=2` give the form back with one partner more or fewer, and everything that was typed;
    `take=2027-01-21T10:00/` with that time, `act=times` and `later=2027-01-25` with free times.
    """
    permissions.check_can_book(request.actor)
    if request.method != "POST":
        return _open(request, request.GET.get(CARRIED_IN, ""))
    form = BookingForm(request.POST, by=request.actor)
    try:
        carried = citizen.carried(request.POST.get("citizen", ""), by=request.actor)
    except citizen.TokenOld:
        return _find_again(request, FindForm(), 400, is_old=True)
    at = clock.now()
    if times_beside.is_part(request):
        return _times_part(request, form, carried, at)
    try:
        allowed, found = citizen.about(carried.person_id, by=request.actor, at=at)
    except NotPermitted:
        raise
    except DomainError as error:
        form.is_valid()
        form.add_error(None, error.message)
        return _details(request, form, None, at=at, status=status_of(error))
    return _goes_on(request, found, at) or _book(request, form, carried, found, allowed, at)


def _goes_on(request: StaffRequest, found: Found, at: datetime) -> HttpResponse | None:
    """The form again, changed as a button of it says; None where it is to be acted on."""
    if request.POST.get("act") == "add" or "remove" in request.POST:
        return _with_other_partners(request, found, at)
    if times_beside.is_asked_for(request):
        return _at_another_time(request, found, at)
    return None


def _book(
    request: StaffRequest,
    form: BookingForm,
    carried: citizen.Carried,
    found: Found,
    allowed: Clearance,
    at: datetime,
) -> HttpResponse:
    if not form.is_valid():
        form.check_what_can_be(at)
        return _details(request, form, found, at=at, status=400)
    try:
        arguments = _arguments(form, carried, found, by=request.actor, allowed=allowed, at=at)
        if request.POST.get("act") == "rehearse":
            follows = told_then.preview(rehearse(booking.book, **arguments), at, form.partners.asked_for())
            return _details(request, form, found, at=at, follows=follows)
        meeting = booking.book(**arguments)
    except DomainError as error:
        form.refuse(error)
        return _details(request, form, found, at=at, status=status_of(error), clash=clash_of(error))
    tell(request, meeting, arguments["wanted"], found, at)
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
    partners = PartnerForms.to_go_on(request.POST)
    form = BookingForm.to_go_on(request.POST, _to_begin_with(request, found, token), partners, by=request.actor)
    return _details(request, form, found, at=at)


def _with_other_partners(request: StaffRequest, found: Found, at: datetime) -> HttpResponse:
    """The same form with one partner more or fewer, and the focus where one goes on."""
    removed = request.POST.get("remove", "")
    partners = PartnerForms.to_go_on(request.POST, without=removed, one_more=not removed)
    form = BookingForm.to_go_on(request.POST, _known(request, found), partners, by=request.actor)
    return _details(request, form, found, at=at, begins_at="others" if removed else len(partners))


def _at_another_time(request: StaffRequest, found: Found, at: datetime) -> HttpResponse:
    """The same form with the time that was taken, or with the free times asked for."""
    data = times_beside.taken(request.POST)
    form = BookingForm.to_go_on(data, _known(request, found), PartnerForms.to_go_on(data), by=request.actor)
    begins_at = "suits" if "take" in request.POST else "times"
    return _details(request, form, found, at=at, begins_at=begins_at, later=request.POST.get("later", ""))


def _times_part(request: StaffRequest, form: BookingForm, carried: citizen.Carried, at: datetime) -> HttpResponse:
    """Only the free times, for a form that is being filled in.

    When the citizen is taken is told only to whoever may open them now.
    """
    clearance.ask(person_id=carried.person_id, by=request.actor, at=at)
    later = request.POST.get("later", "")
    times = times_beside.of_booking(form, person_id=carried.person_id, by=request.actor, at=at, later=later)
    return times_beside.part(request, times, form, sends_to=SENDS_TO)


def _arguments(
    form: BookingForm,
    carried: citizen.Carried,
    found: Found,
    *,
    by: Actor,
    allowed: Clearance,
    at: datetime,
) -> dict[str, Any]:
    """What booking takes, and its rehearsal."""
    given = form.cleaned_data
    wanted = booking.Booking(
        person_id=carried.person_id,
        type_code=given["type"],
        format=Format(given["format"]),
        slot=slot(given, at),
        place=place(given),
        texts=CitizenTexts(theme=given["theme"], purpose=given["purpose"], preparations=given["preparations"]),
        check_identity=given["check_identity"],
        language=given["language"] or found.language,
        no_texts_in=found.no_texts_in,
        meeting_id=carried.meeting_id,
        partners=form.partners.asked_for(),
        staff=form.colleagues(),
    )
    return {
        "wanted": wanted,
        "staff_cleared": _cleared(wanted, at),
        "overrule": form.overruled(),
        "can_be_told": found.contact.can_be_told,
        "citizen_contact": CitizenContact(email=found.contact.email, phone=found.contact.phone),
        "safety_measures": frozenset(found.facts.safety_measures),
        "by": by,
        "clearance": allowed,
        "at": at,
    }


def _cleared(wanted: booking.Booking, at: datetime) -> tuple[Clearance, ...]:
    """The access machine's word on each colleague. Raises at `staff`: Invalid, Conflict; Unavailable."""
    idents = User.objects.filter(pk__in=wanted.staff, nav_ident__isnull=False).values_list("nav_ident", flat=True)
    try:
        brought = [asking.colleague(one, person_id=wanted.person_id, at=at) for one in idents if one]
    except DomainError as error:
        error.field = "staff" if error.field else None
        raise
    return tuple(one.clearance for one in brought)


def _to_begin_with(request: StaffRequest, found: Found, token: str) -> dict[str, Any]:
    """What we know before anything is typed."""
    office = Office.objects.filter(pk=request.actor.known_office).first()
    return {
        "format": Format.VIDEO,
        "minutes": 45,
        "address": office.address if office else "",
        "caller": Caller.NAV,
        "phone": found.contact.phone or "",
        "language": found.language,
        "citizen": token,
    }


def _known(request: StaffRequest, found: Found) -> dict[str, Any]:
    """What stands in a form that goes on, whatever of it was sent."""
    return {"citizen": request.POST["citizen"], "language": found.language}


def _typed(request: StaffRequest) -> dict[str, str]:
    """What was filled in of the form for the meeting and of its partners, whom it is with apart."""
    return booking_form.typed(request.POST) | booking_partners.typed(request.POST)


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
    at: datetime,
    follows: told_then.Preview | None = None,
    begins_at: int | str = "",
    later: str = "",
) -> HttpResponse:
    """`begins_at`: where the focus is to be, a partner's number or the name of a part of the page."""
    own_texts = _own_texts(form, found) if follows and found else []
    if follows and form.partners:
        follows = follows.by_person(own_texts)
    context = {
        "form": form,
        "citizen": citizen.box(found) if found else None,
        "clash": clash,
        "follows": follows,
        "own_texts": own_texts if not form.partners else [],
        "begins_at": begins_at,
        "times": times_beside.of_booking(form, person_id=found.person.pk, by=request.actor, at=at, later=later)
        if found
        else None,
        "sends_to": SENDS_TO,
    }
    return render(request, "pages/staff/book.html", context, status=status)


def _own_texts(form: BookingForm, found: Found) -> list[told_then.OwnTexts]:
    """What each reads beside the messages: the citizen about the partners too, and each partner their own."""
    given, partners = form.cleaned_data, form.partners.asked_for()
    kind = MeetingType.objects.get(code=given["type"])
    lines = [given[name] for name in ("theme", "purpose", "preparations") if given[name]]
    lines += [releases.said_of(one, kind, given["language"] or found.language) for one in partners]
    theirs = [told_then.texts_of_partner(one, one.name) for one in partners]
    return [told_then.OwnTexts("innbyggeren", "innlogging", lines), *(one for one in theirs if one)]
