"""What somebody in a meeting has asked for: met in one click, or answered with a sentence to them alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from invitations import bases, promised, suggesting, wishes
from invitations.models import Answer
from meetings import asking, changes, free_times
from meetings.changes import Why
from meetings.models import Format, Meeting
from meetings.texts import SENTENCE
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, Invalid, NotFound, NotPermitted, Unavailable
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import told_then, wished_format, words
from navmeet.pages.staff.opened import Opened, change_page, closed, open_for_change
from navmeet.pages.staff.told_then import Preview
from navmeet.pages.staff.wished_format import Met


class StandsForm(forms.Form):
    sentence = forms.CharField(
        label="Hvorfor møtet gjelder som det er",
        help_text="Bare den som spurte, leser dette, etter innlogging eller engangskode.",
        max_length=SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "nm-textarea--short"}),
        error_messages={"required": "Skriv hvorfor møtet gjelder som det er."},
    )


@dataclass(frozen=True)
class Suggested:
    """A time that was suggested, and what would follow from moving there; or why that cannot be done."""

    starts_at: datetime
    ends_at: datetime
    value: str
    follows: Preview | None
    why_not: str


@dataclass(frozen=True)
class Asked:
    """An open wish, in words. `press` meets it, where a format is named; `change` is where all is chosen."""

    id: UUID
    who: str
    what: str
    words: str
    recorded: str
    starts: list[tuple[datetime, str]]
    is_time: bool
    wants: str
    press: str
    change: str
    heard_by: datetime
    is_late: bool


@staff_page(form=StandsForm)
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: StaffRequest, meeting_id: UUID, wish_id: UUID) -> HttpResponse:
    """`act=accept` moves the meeting to one of the times that were suggested, or holds it the way that is wished for.

    `act=stands` answers. Opened, it shows beside each what would be told, and keeps nothing. `act=rehearse` does so
    for the answer.
    """
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    wish = _wish(request, opened, wish_id)
    if over is not None or wish is None:
        if over is None:
            messages.info(request, "Ønsket er allerede besvart eller trukket tilbake.")
        return over or redirect("meeting", meeting_id=meeting_id)
    if request.method != "POST":
        return _page(request, opened, wish, StandsForm())
    if request.POST.get("act") == "accept":
        return _accept(request, opened, wish)
    return _answer(request, opened, wish)


def of_meeting(meeting: Meeting, at: datetime) -> list[Asked]:
    """The open wishes of a meeting, the oldest first."""
    return [_asked(one, meeting, at) for one in wishes.open_in(meeting, at)]


def _wish(request: StaffRequest, opened: Opened, wish_id: UUID) -> Answer | None:
    """Raises NotFound for a wish of another meeting."""
    wish = wishes.find(wish_id, by=request.actor)
    if wish.invitation.participant.meeting_id != opened.meeting.pk:
        raise NotFound("Vi finner ikke ønsket.", code="wish_not_found")
    return wish if wishes.open_wish(wish.invitation, opened.meeting, opened.at) == wish else None


def _accept(request: StaffRequest, opened: Opened, wish: Answer) -> HttpResponse:
    try:
        met = _that_meets(request, opened, wish)
        met.verb(**met.arguments)
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        return _page(request, opened, wish, StandsForm(), problem=error.message, status=status_of(error))
    messages.success(request, met.told(opened))
    return redirect("meeting", meeting_id=opened.meeting.pk)


def _that_meets(request: StaffRequest, opened: Opened, wish: Answer) -> Met:
    if wish.kind == Answer.Kind.OTHER_FORMAT:
        return wished_format.that_meets(request, opened, wish)
    arguments = _move(request, opened, wish, _chosen(wish, request.POST.get("start", "")))
    return Met(changes.move, arguments, "Møtet er flyttet.")


def _chosen(wish: Answer, text: str) -> datetime:
    for start in suggesting.starts_of(wish):
        if start.isoformat() == text:
            return start
    raise Invalid("Velg et av tidspunktene som er foreslått.", code="not_suggested", field="start")


def _move(request: StaffRequest, opened: Opened, wish: Answer, start: datetime) -> dict[str, Any]:
    meeting = opened.meeting
    registers = asking.about_change(meeting.pk, by=request.actor, at=opened.at)
    return {
        "meeting_id": meeting.pk,
        "version": meeting.version,
        "to": free_times.slot_at(start, meeting.ends_at - meeting.starts_at),
        "place": None,
        "why": Why(reason=wished_format.reason(wish)),
        "can_be_told": registers.can_be_told,
        "is_contact_known": registers.is_contact_known,
        "safety_measures": registers.safety_measures,
        "by": request.actor,
        "clearance": registers.clearance,
        "at": opened.at,
    }


def _answer(request: StaffRequest, opened: Opened, wish: Answer) -> HttpResponse:
    form = StandsForm(request.POST)
    if not form.is_valid():
        return _page(request, opened, wish, form, status=400)
    try:
        registers = asking.about_meeting(opened.meeting.pk, by=request.actor, at=opened.at)
        arguments: dict[str, Any] = {
            "answer_id": wish.pk,
            "sentence": form.cleaned_data["sentence"],
            "can_be_told": registers.can_be_told,
            "by": request.actor,
            "clearance": registers.clearance,
            "at": opened.at,
        }
        if request.POST.get("act") == "rehearse":
            return _page(request, opened, wish, form, follows=rehearse(wishes.stands, **arguments))
        wishes.stands(**arguments)
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        put(error, form)
        return _page(request, opened, wish, form, status=status_of(error))
    messages.success(request, "Svaret er lagret, og blir fortalt til den som spurte.")
    return redirect("meeting", meeting_id=opened.meeting.pk)


def _page(
    request: StaffRequest, opened: Opened, wish: Answer, form: StandsForm, *, problem: str = "", **more: Any
) -> HttpResponse:
    return change_page(
        request,
        "pages/staff/wish.html",
        opened,
        form,
        title="Svar på ønske om endring",
        asked=_asked(wish, opened.meeting, opened.at),
        suggested=_suggested(request, opened, wish),
        wished=wished_format.wished(request, opened, wish),
        problem=problem,
        **more,
    )


def _suggested(request: StaffRequest, opened: Opened, wish: Answer) -> list[Suggested]:
    starts = suggesting.starts_of(wish)
    length = opened.meeting.ends_at - opened.meeting.starts_at
    try:
        given = [_move(request, opened, wish, starts[0]) | {"to": free_times.slot_at(one, length)} for one in starts]
    except Unavailable:
        given = []
    found = []
    for start, arguments in zip(starts, given, strict=False):
        follows, why_not = None, ""
        try:
            follows = told_then.preview(rehearse(changes.move, **arguments), opened.at)
        except DomainError as error:
            why_not = error.message
        found.append(Suggested(start, start + length, start.isoformat(), follows, why_not))
    return found


def _asked(wish: Answer, meeting: Meeting, at: datetime) -> Asked:
    participant = wish.invitation.participant
    role = words.ROLES[participant.role]  # type: ignore[index]
    who = f"{role} {bases.who(bases.contact_of(participant))}" if participant.is_partner else role
    by = promised.heard_by(meeting, wish.given_at)
    partner = f"partners/{participant.pk}/way-in/" if participant.is_partner else "format/"
    is_time = wish.kind == Answer.Kind.OTHER_TIME
    return Asked(
        id=wish.pk,
        who=who,
        what="et annet tidspunkt" if is_time else "å møte på en annen måte",
        words=wish.words or "",
        recorded=words.RELEASED_BY[wish.given] if wish.given != "PAGE" else "",
        starts=[(one, one.isoformat()) for one in suggesting.starts_of(wish)],
        is_time=is_time,
        wants=words.WAYS_IN[Format(wish.wants)].lower() if wish.wants else "",
        press=wished_format.press(wish) if wish.wants else "",
        change=f"/meetings/{meeting.pk}/{'move/' if is_time else f'{partner}?wish={wish.pk}'}",
        heard_by=by,
        is_late=by < at,
    )
