"""My hours and absence, and my office's closing days; and the meetings that absence or a closing day lies over."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from meetings import keeping, overlaid
from meetings.days import Hours
from meetings.models import Absence, ClosingDay, Format, HoursOnDate, WorkingHours
from meetings.overlaid import Overlaid
from meetings.times import OSLO
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError, NotFound, NotPermitted
from navmeet.look import dates
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import names, words
from navmeet.pages.staff.calendar_forms import KINDS, AbsenceForm, ClosingForm, DateForm, WeekForm, away, written

PAGE = "pages/staff/calendar.html"
HERE = "/calendar/"
FORMS: dict[str, type[forms.Form]] = {
    "week": WeekForm,
    "date": DateForm,
    "absence": AbsenceForm,
    "close": ClosingForm,
}
# Where the domain's refusals stand in the forms.
SENT = {"closes": "hours", "from": "from_day", "until": "to_day"}


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: StaffRequest) -> HttpResponse:
    """`act` says which of the page's forms was sent; each comes back here, with what stands."""
    keeping.check_can_keep(keeping.my_offices(request.actor), request.actor)
    if request.method != "POST":
        return _page(request)
    act = request.POST.get("act", "")
    if act in TAKEN_BACK:
        return _take_back(request, act)
    if act not in FORMS:
        return _page(request, status=400)
    form = FORMS[act](request.POST, auto_id=f"{act}_%s")
    if not form.is_valid():
        return _page(request, act, form, status=400)
    try:
        return _do(request, act, form)
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        put(error, form, names=SENT)
        return _page(request, act, form, status=status_of(error))


@staff_page
@require_safe
def absence_meetings(request: StaffRequest, absence_id: UUID) -> HttpResponse:
    """The meetings that somebody must take, move or hold by phone while the employee is away."""
    at = clock.now()
    absence = keeping.known_absence(absence_id, request.actor)
    found = overlaid.by_absence(absence, by=request.actor, at=at)
    return _overlaid(request, found, absent=absence.user_id, about=f"Fraværet {away(absence)} er lagret.")


@staff_page
@require_safe
def closing_meetings(request: StaffRequest, closing_id: UUID) -> HttpResponse:
    """The meetings that the office holds on a day on which it is to be closed."""
    keeping.check_can_keep(keeping.my_offices(request.actor), request.actor)
    closing = get_object_or_404(ClosingDay, pk=closing_id, office_id=request.actor.known_office)
    found = overlaid.by_closing(closing.office_id, closing.date, by=request.actor, at=clock.now())
    return _overlaid(request, found, about=f"Kontoret holder ikke møter {dates.day(closing.date)}.")


def _do(request: StaffRequest, act: str, form: forms.Form) -> HttpResponse:
    by, at = request.actor, clock.now()
    mine = keeping.mine(by)
    if isinstance(form, WeekForm):
        keeping.set_week(owner=mine, week=form.week(), by=by, at=at)
    elif isinstance(form, DateForm):
        given = form.cleaned_data
        keeping.set_date(owner=mine, day=given["date"], hours=given["hours"], by=by, at=at)
    elif isinstance(form, AbsenceForm):
        begins, ends = form.span()
        kind = form.cleaned_data["kind"]
        added = keeping.add_absence(user_id=by.known_id, starts_at=begins, ends_at=ends, kind=kind, by=by, at=at)
        return redirect("absence-meetings", absence_id=added.pk)
    else:
        closed = keeping.close_day(day=form.cleaned_data["date"], by=by, at=at)
        return redirect("closing-meetings", closing_id=closed.pk)
    messages.success(request, "Arbeidstiden er lagret. Møter som er bestilt, er ikke endret.")
    return redirect(HERE)


def _take_back(request: StaffRequest, act: str) -> HttpResponse:
    """Pressed twice, the second time says that it is done."""
    what = request.POST.get("what", "")
    try:
        TAKEN_BACK[act](request, what)
    except NotFound as error:
        if error.code == "not_there":
            raise
        messages.info(request, "Det er fjernet allerede.")
    else:
        messages.success(request, "Endringen er lagret.")
    return redirect(HERE)


def _back(request: StaffRequest, what: str) -> None:
    keeping.remove_absence(absence_id=_id(what), by=request.actor, at=clock.now())


def _open(request: StaffRequest, what: str) -> None:
    keeping.open_day(closing_id=_id(what), by=request.actor, at=clock.now())


def _clear(request: StaffRequest, what: str) -> None:
    try:
        day = date.fromisoformat(what)
    except ValueError:
        raise NotFound("Vi finner ikke datoen.", code="not_there") from None
    keeping.clear_date(owner=keeping.mine(request.actor), day=day, by=request.actor, at=clock.now())


TAKEN_BACK: dict[str, Callable[[StaffRequest, str], None]] = {"back": _back, "open": _open, "clear": _clear}


def _id(what: str) -> UUID:
    try:
        return UUID(what)
    except ValueError:
        raise NotFound("Vi finner ikke det du ville fjerne.", code="not_there") from None


def _page(request: StaffRequest, act: str = "", form: forms.Form | None = None, *, status: int = 200) -> HttpResponse:
    by, today = request.actor, clock.now().astimezone(OSLO).date()
    shown: dict[str, Any] = {name: kind(auto_id=f"{name}_%s") for name, kind in FORMS.items() if name != "week"}
    shown["week"] = WeekForm(initial=_week(by.known_id), auto_id="week_%s")
    if form is not None:
        shown[act] = form
    mine = Absence.objects.filter(user_id=by.known_id, ends_at__gt=clock.now()).order_by("starts_at")
    dated = HoursOnDate.objects.filter(user_id=by.known_id, date__gte=today)
    context = {
        "forms": shown,
        "sent": form,
        "dates": [(one, _hours_of(one)) for one in dated.order_by("date")],
        "absences": [(one, KINDS[Absence.Kind(one.kind)], away(one)) for one in mine],
        "closing_days": ClosingDay.objects.filter(office_id=by.known_office, date__gte=today).order_by("date"),
    }
    return render(request, PAGE, context, status=status)


def _hours_of(one: HoursOnDate) -> str:
    return written([Hours(one.opens, one.closes)]) if one.opens and one.closes else "ingen møter"


def _week(user_id: UUID) -> dict[str, str]:
    rows = WorkingHours.objects.filter(user_id=user_id).order_by("weekday", "opens")
    by_day: dict[int, list[Hours]] = {}
    for row in rows:
        by_day.setdefault(row.weekday, []).append(Hours(row.opens, row.closes))
    return {f"day_{number}": written(periods) for number, periods in by_day.items()}


def _overlaid(request: StaffRequest, found: Overlaid, *, about: str, absent: UUID | None = None) -> HttpResponse:
    """A stand-in can take the meeting of who is away; on a day on which the office is closed, nobody can.

    Whom a meeting is with is said where who asks may open that citizen, as in the week.
    """
    named = names.of_meetings([one.pk for one in found.meetings], by=request.actor, at=clock.now())
    rows = [(one, words.FORMATS[Format(one.format)], named.of(one.pk), one.host_id == absent) for one in found.meetings]
    context = {"rows": rows, "others": found.others, "about": about, "is_absence": absent is not None}
    return render(request, "pages/staff/overlaid.html", context)
