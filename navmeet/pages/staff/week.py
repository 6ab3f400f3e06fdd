"""The front page of a caseworker: the week, and what needs them."""

import re
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from meetings import permissions, todo
from navmeet import clock
from navmeet.accounts import addresses
from navmeet.accounts.actor import ActorKind
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.look import dates
from navmeet.look.dates import OSLO
from navmeet.pages.staff import week_rows

_WEEK = re.compile(r"(20[0-9]{2})-W([0-5][0-9])")


@staff_page
@require_GET
def week(request: StaffRequest) -> HttpResponse:
    """`?week=2026-W48` and `?who=office`; this week and one's own meetings without them."""
    if request.actor.kind == ActorKind.ADVISER:
        return redirect("advising")
    permissions.check_can_book(request.actor)
    at = clock.now()
    this = _monday(at.astimezone(OSLO).date())
    asked = request.GET.get("week", "")
    monday = _asked(asked) or this
    whole_office = request.GET.get("who") == "office"
    found = week_rows.week(monday, whole_office=whole_office, by=request.actor, at=at)
    context = {
        "week": found,
        "number": monday.isocalendar().week,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "is_this": monday == this,
        "is_unknown": bool(asked) and _asked(asked) is None,
        "whole_office": whole_office,
        "who": "&who=office" if whole_office else "",
        "names": {"before": _name(monday - timedelta(days=7)), "here": _name(monday), "after": _name(monday + WEEK)},
        "back": request.get_full_path(),
    }
    return render(request, "pages/staff/week.html", context)


@staff_page
@require_POST
def task_done(request: StaffRequest, task_id: UUID) -> HttpResponse:
    """Tick off a task, and come back to the page one was at."""
    todo.finish(task_id=task_id, by=request.actor, at=clock.now())
    messages.success(request, "Oppgaven er merket som ferdig.")
    return redirect(addresses.local(request.POST.get("next")))


WEEK = timedelta(days=7)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _name(monday: date) -> str:
    return dates.week(monday)


def _asked(text: str) -> date | None:
    found = _WEEK.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.fromisocalendar(int(found[1]), int(found[2]), 1).date()
    except ValueError:
        return None
