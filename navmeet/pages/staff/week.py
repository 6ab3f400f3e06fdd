"""The front page of a caseworker: the week, and what needs them; and one day of it."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from meetings import permissions, todo
from navmeet import clock
from navmeet.accounts import addresses
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.look import dates
from navmeet.look.dates import OSLO
from navmeet.pages.staff import week_grid, week_rows

_FIRST_YEAR, _LAST_YEAR = 2000, 2099
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
        "number_text": str(monday.isocalendar().week),
        "day_shown": at.astimezone(OSLO).date() if monday == this else monday,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "is_this": monday == this,
        "is_unknown": bool(asked) and _asked(asked) is None,
        "whole_office": whole_office,
        "who": "&who=office" if whole_office else "",
        **_calendar(found, monday, 7, whole_office=whole_office, by=request.actor),
        "names": {"before": _name(monday - timedelta(days=7)), "here": _name(monday), "after": _name(monday + WEEK)},
        "back": request.get_full_path(),
    }
    return render(request, "pages/staff/week.html", context)


@staff_page
@require_GET
def day(request: StaffRequest, on: str) -> HttpResponse:
    """`/day/2026-11-24/`, and `?who=office`; today where the address names no day."""
    permissions.check_can_book(request.actor)
    at = clock.now()
    today = at.astimezone(OSLO).date()
    asked = _day_asked(on)
    shown = asked or today
    whole_office = request.GET.get("who") == "office"
    found = week_rows.week(shown, many=1, whole_office=whole_office, by=request.actor, at=at)
    context = {
        "week": found,
        "on": shown,
        "before": shown - ONE_DAY,
        "after": shown + ONE_DAY,
        "today": today,
        "is_today": shown == today,
        "is_unknown": asked is None,
        "whole_office": whole_office,
        "who": "?who=office" if whole_office else "",
        **_calendar(found, shown, 1, whole_office=whole_office, by=request.actor),
    }
    return render(request, "pages/staff/day.html", context)


@staff_page
@require_POST
def task_done(request: StaffRequest, task_id: UUID) -> HttpResponse:
    """Tick off a task, and come back to the page one was at."""
    todo.finish(task_id=task_id, by=request.actor, at=clock.now())
    messages.success(request, "Oppgaven er merket som ferdig.")
    return redirect(addresses.local(request.POST.get("next")))


WEEK, ONE_DAY = timedelta(days=7), timedelta(days=1)


def _calendar(found: week_rows.Week, first: date, many: int, *, whole_office: bool, by: Actor) -> dict[str, Any]:
    """The same days as a table and as a list."""
    diary = week_grid.read(first, many, whole_office=whole_office, by=by)
    who = None if whole_office else by.known_id
    return {
        "grid": week_grid.grid(found.days, diary, who=who),
        "days": week_grid.noted(found.days, diary, who=who),
    }


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


def _day_asked(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
