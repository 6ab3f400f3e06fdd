"""Changing texts, who from Nav takes part, who leads, and a cancellation: look at what would happen, then do it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from meetings import asking, details, handing_over, reinstating, staff
from meetings.asking import Answers
from meetings.models import Participant, Status
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.pages.staff.change_forms import (
    ColleagueForm,
    DetailsForm,
    HandOverForm,
    ReinstateForm,
    RemoveStaffForm,
)
from navmeet.pages.staff.doing import carry_out, recipients
from navmeet.pages.staff.opened import Opened, change_page, closed, open_for_change, told

both_ways = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(form=DetailsForm)
@both_ways
def change_details(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """What is written to the citizen. `act=rehearse` shows what would follow; anything else does it."""
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    if over:
        return over

    def page(opened: Opened, form: Any, **more: Any) -> HttpResponse:
        return change_page(request, "pages/staff/details.html", opened, form, **more)

    if request.method != "POST":
        return page(opened, DetailsForm(initial=_as_written(opened)))
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return page(opened, form, status=400)
    return carry_out(
        request,
        opened,
        form,
        verb=details.change_details,
        arguments=lambda _: {"details": form.details(), "is_correction": form.cleaned_data["is_correction"]},
        page=page,
        done=lambda _: "Endringen er lagret.",
    )


@staff_page(form=ColleagueForm)
@both_ways
def add_staff(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """A colleague is to take part. `act=rehearse` as above."""
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    if over:
        return over

    def page(opened: Opened, form: Any, **more: Any) -> HttpResponse:
        return change_page(request, "pages/staff/colleague.html", opened, form, title="Legg til kollega", **more)

    form = _with_people(ColleagueForm, request, opened)
    if request.method != "POST":
        return page(opened, form)
    if not form.is_valid():
        return page(opened, form, status=400)

    def arguments(answers: Answers) -> dict[str, Any]:
        return {"colleague": _colleague(form, answers, opened), "overrule": form.overruled()}

    return carry_out(
        request,
        opened,
        form,
        verb=staff.add_staff,
        arguments=arguments,
        page=page,
        done=lambda answers: f"Kollegaen er lagt til. {told(answers.can_be_told, opened)}",
    )


@staff_page(form=RemoveStaffForm)
@both_ways
def remove_staff(request: StaffRequest, meeting_id: UUID, participant_id: UUID) -> HttpResponse:
    """A colleague is to take part no more. `act=rehearse` as above."""
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    if over:
        return over
    colleague = staff.staff_of(opened.meeting, participant_id)

    def page(opened: Opened, form: Any, **more: Any) -> HttpResponse:
        return change_page(request, "pages/staff/colleague_remove.html", opened, form, name=_name(colleague), **more)

    form = _plain(RemoveStaffForm, request, opened)
    if request.method != "POST":
        return page(opened, form)
    if not form.is_valid():
        return page(opened, form, status=400)
    return carry_out(
        request,
        opened,
        form,
        verb=staff.remove_staff,
        arguments=lambda _: {"participant_id": participant_id},
        page=page,
        done=lambda answers: f"Kollegaen er ikke lenger med i møtet. {told(answers.can_be_told, opened)}",
    )


@staff_page(form=HandOverForm)
@both_ways
def hand_over(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Somebody else is to lead it. `act=rehearse` as above."""
    opened = open_for_change(request, meeting_id)
    if opened.meeting.status not in handing_over.CAN_BE_HANDED_OVER:
        messages.warning(request, "Møtet er avlyst og kan ikke overføres.")
        return redirect("meeting", meeting_id=meeting_id)

    def page(opened: Opened, form: Any, **more: Any) -> HttpResponse:
        return change_page(request, "pages/staff/hand_over.html", opened, form, host=opened.meeting.host, **more)

    form = _with_people(HandOverForm, request, opened)
    if request.method != "POST":
        return page(opened, form)
    if not form.is_valid():
        return page(opened, form, status=400)

    def arguments(answers: Answers) -> dict[str, Any]:
        return {
            "to": _colleague(form, answers, opened),
            "stays": form.cleaned_data["stays"],
            "overrule": form.overruled(),
        }

    return carry_out(
        request,
        opened,
        form,
        verb=handing_over.hand_over,
        arguments=arguments,
        page=page,
        done=lambda _: "Møtet er overført. Den nye møtelederen har fått en oppgave om det.",
    )


@staff_page(form=ReinstateForm)
@both_ways
def reinstate(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """A cancelled meeting is to be held after all. `act=rehearse` as above. Twice is no mistake."""
    opened = open_for_change(request, meeting_id)
    if opened.meeting.status != Status.CANCELLED:
        messages.success(request, "Møtet er ikke avlyst.")
        return redirect("meeting", meeting_id=meeting_id)

    def page(opened: Opened, form: Any, **more: Any) -> HttpResponse:
        return change_page(request, "pages/staff/reinstate.html", opened, form, **more)

    form = _plain(ReinstateForm, request, opened)
    if request.method != "POST":
        return page(opened, form)
    if not form.is_valid():
        return page(opened, form, status=400)
    return carry_out(
        request,
        opened,
        form,
        verb=reinstating.reinstate,
        arguments=lambda _: {"overrule": form.overruled()},
        page=page,
        done=lambda answers: f"Møtet er tatt opp igjen. {told(answers.can_be_told, opened)}",
    )


def _as_written(opened: Opened) -> dict[str, Any]:
    now = details.as_it_is(opened.meeting)
    more = {"language": now.language, "check_identity": now.check_identity, "version": opened.meeting.version}
    return vars(now.texts) | more


def _plain(form: Any, request: StaffRequest, opened: Opened) -> Any:
    given = {"recipients": recipients(opened.meeting)}
    if request.method == "POST":
        return form(request.POST, **given)
    return form(initial={"version": opened.meeting.version}, **given)


def _with_people(form: Any, request: StaffRequest, opened: Opened) -> Any:
    given = {"recipients": recipients(opened.meeting), "meeting": opened.meeting}
    if request.method == "POST":
        return form(request.POST, **given)
    return form(initial={"version": opened.meeting.version}, **given)


def _colleague(form: ColleagueForm, answers: Answers, opened: Opened) -> staff.Colleague:
    return asking.colleague(form.ident(), person_id=answers.clearance.person_id, at=opened.at)


def _name(colleague: Participant) -> str:
    return (colleague.user.name if colleague.user else "") or "Kollegaen"
