"""The office's list of what did not reach somebody, by cause, each with its repair."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from invitations import told_apart, undelivered
from invitations.undelivered import CAUSES, Trouble
from meetings import permissions
from meetings.models import PartnerContact
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.pages.staff import names, troubles
from navmeet.pages.staff.names import HIDDEN, Names
from navmeet.pages.staff.troubles import TroubleRow

A_PAGE: Final = 50
_LAST: Final = 200


@dataclass(frozen=True)
class Row:
    """`name` is the citizen's, or "Skjermet": then a colleague who may open them has to do it."""

    name: str
    is_hidden: bool
    trouble: TroubleRow
    meeting: object


@dataclass(frozen=True)
class Group:
    cause: str
    title: str
    rows: list[Row]


@staff_page
@require_GET
def listed(request: StaffRequest) -> HttpResponse:
    """`?page=2` for older ones, `?cause=NOT_DELIVERED` for one cause; what is neither is as if it were not there."""
    permissions.check_can_book(request.actor)
    at = clock.now()
    cause = request.GET.get("cause")
    cause = cause if cause in CAUSES else None
    page = _page(request.GET.get("page", ""))
    first = (page - 1) * A_PAGE
    found = undelivered.visible_to(request.actor, at=at, cause=cause)[first : first + A_PAGE + 1]
    rows = undelivered.rows(found, at=at)
    named = names.of_meetings([one.message.meeting_id for one in rows], by=request.actor, at=at)
    which, contacts = _apart(rows, named), _contacts(rows, named)
    groups: dict[str, Group] = {}
    for one in rows[:A_PAGE]:
        name = named.of(one.message.meeting_id)
        partner = one.message.participant_id
        trouble = troubles.row(one, at, contact=contacts.get(partner), apart=which.get(partner, ""))
        shown = Row(name, name == HIDDEN, trouble, one.message.meeting)
        groups.setdefault(one.cause, Group(one.cause, one.cause_words, [])).rows.append(shown)
    context = {
        "groups": list(groups.values()),
        "cause": cause,
        "has_names": named.answered,
        "page": page,
        "newer": page - 1,
        "older": page + 1 if len(rows) > A_PAGE else 0,
        "asked": f"&cause={cause}" if cause else "",
        "back": request.get_full_path(),
    }
    return render(request, "pages/staff/undelivered.html", context)


def _apart(rows: Iterable[Trouble], named: Names) -> dict[UUID, str]:
    """What tells several doctors of one meeting apart, in meetings of citizens whom the reader may open."""
    of_partners = {one.message.meeting_id for one in rows if one.message.participant.is_partner}
    return told_apart.names({meeting_id for meeting_id in of_partners if named.may_open(meeting_id)})


def _contacts(rows: Iterable[Trouble], named: Names) -> dict[UUID, PartnerContact]:
    """Whom to ring, and where: by partner, in meetings of citizens whom the reader may open."""
    partners = {one.message.participant for one in rows if one.message.participant.is_partner}
    return troubles.contacts([one.pk for one in partners if named.may_open(one.meeting_id)])


def _page(given: str) -> int:
    is_number = given.isascii() and given.isdecimal() and len(given) <= 3
    return min(max(int(given), 1), _LAST) if is_number else 1
