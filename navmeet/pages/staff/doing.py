"""Rehearse a change, or do it: what the pages of all changes have in common once their form is valid."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from invitations import told_apart
from meetings import asking
from meetings.models import PARTNERS, Meeting
from meetings.overruling import NotSuitable
from navmeet.accounts.pages import StaffRequest
from navmeet.api.problems import status_of
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, NotFound, NotPermitted, Stale
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import not_reached
from navmeet.pages.staff.forms import WhyForm
from navmeet.pages.staff.opened import Opened, anew


class Page(Protocol):
    """Shows the form again, about the meeting as `opened`."""

    def __call__(self, opened: Opened, form: Any, **more: Any) -> HttpResponse: ...


def carry_out(
    request: StaffRequest,
    opened: Opened,
    form: Any,
    *,
    verb: Callable[..., Any],
    arguments: Callable[[asking.Answers], dict[str, Any]],
    page: Page,
    done: Callable[[asking.Answers], str],
) -> HttpResponse:
    """Rehearse, or do it and go back to the meeting; what is wrong stands in the form, and nothing typed is lost."""
    try:
        answers = asking.about_meeting(opened.meeting.pk, by=request.actor, at=opened.at)
        given = common(request, opened, form, answers) | arguments(answers)
        if request.POST.get("act") == "rehearse":
            return page(opened, form, follows=rehearse(verb, **given))
        verb(**given)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        newest = anew(request, opened)
        return page(newest, on_newest(form, newest), status=status_of(error), is_stale=True)
    except DomainError as error:
        refuse(form, error)
        return page(opened, form, status=status_of(error), clash=clash_of(error))
    messages.success(request, done(answers))
    if not Meeting.objects.visible_to(request.actor).filter(pk=opened.meeting.pk).exists():
        # Handed over to another office's: it is not ours to open any more.
        return redirect("week")
    return redirect("meeting", meeting_id=opened.meeting.pk)


def common(request: StaffRequest, opened: Opened, form: Any, answers: asking.Answers) -> dict[str, Any]:
    """What every verb takes; and of a change with a reason, what is told with it."""
    given: dict[str, Any] = {
        "meeting_id": opened.meeting.pk,
        "version": form.cleaned_data["version"],
        "by": request.actor,
        "clearance": answers.clearance,
        "at": opened.at,
        "can_be_told": answers.can_be_told,
    }
    if isinstance(form, WhyForm):
        given |= {"why": form.why(), "safety_measures": answers.safety_measures}
    return given


def on_newest(form: Any, opened: Opened) -> Any:
    """The same words, on the version that is there now: pressing again means it."""
    form.data = form.data.copy()
    form.data["version"] = str(opened.meeting.version)
    return form


def refuse(form: Any, error: DomainError) -> None:
    """What is wrong, at its field; what can be overruled is asked about."""
    ask_to_overrule(form, error)
    put(error, form, names=form.names() if isinstance(form, WhyForm) else None)


def ask_to_overrule(form: Any, error: DomainError) -> None:
    """Of what speaks against it the form asks whether it is wanted all the same."""
    for one in error.each():
        if isinstance(one, NotSuitable):
            form.object(one)


def clash_of(error: DomainError) -> str:
    """The meeting that takes the time, where whoever asks may open it; else ""."""
    return next((str(one.extra["meeting"]) for one in error.each() if "meeting" in one.extra), "")


def recipients(meeting: Meeting) -> dict[UUID, str]:
    """Those outside Nav beside the citizen, as they are called: each may be written a sentence of their own."""
    found = meeting.participants.filter(role__in=sorted(PARTNERS), removed_at=None).order_by("added_at", "pk")
    which = told_apart.names({meeting.pk})
    return {one.pk: not_reached.who_of(one.role, which.get(one.pk, "")) for one in found}
