"""The door, for those from Nav in the meeting: who waits, how sure it is who they are, and what to do about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from invitations import admission, identity, waiting
from invitations.door import Decision
from invitations.video import health
from invitations.waiting import Lobby
from meetings import asking, formats, outcome
from meetings.changes import Why
from meetings.models import Caller, Format, Reason
from meetings.places import Place
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.audit.record import shown
from navmeet.exceptions import DomainError, Invalid, NotFound, NotPermitted
from navmeet.look.dates import clock as clock_of
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import panel_rows
from navmeet.pages.staff.panel_words import DECISIONS, Form, IdentityForm, WordForm

AWAY = {
    "turn-away": "Deltakeren ble ikke sluppet inn.",
    "shut-out": "Deltakeren er stengt ute, og kommer ikke inn igjen.",
}


@staff_page
@require_safe
def panel(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Access is asked, and the showing kept, when it is opened; after that it keeps itself true."""
    return _page(request, meeting_id)


@staff_page
@require_safe
def part(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Who waits, if it is another than the page knows. Asked for each two seconds, so nobody else is asked for it."""
    meeting = asking.known(meeting_id, by=request.actor)
    found = waiting.lobby_of(meeting, by=request.actor, at=clock.now())
    context = _context(request, found)
    if request.headers.get("If-None-Match") == context["mark"]:
        return HttpResponseNotModified()
    return render(request, "pages/staff/panel_part.html", context)


@staff_page
@require_POST
def visit(request: StaffRequest, meeting_id: UUID, visit_id: UUID) -> HttpResponse:
    """Let in, also instead of another with the same link; turn away, shut out, or send a word."""
    act, at = request.POST.get("act", ""), clock.now()
    if act == "word":
        form = WordForm(request.POST, auto_id=f"word-{visit_id.hex}-%s")
        if not form.is_valid():
            return _page(request, meeting_id, {visit_id: form}, status=400)
        words = form.cleaned_data["words"]
        return _done(
            request,
            meeting_id,
            lambda: admission.send_word(visit_id=visit_id, words=words, by=request.actor, at=at),
            "Beskjeden er sendt.",
            refused=lambda error: _refused(request, meeting_id, {visit_id: form}, form, error),
        )
    if act in AWAY:
        away = lambda: admission.turn_away(visit_id=visit_id, by=request.actor, at=at)  # noqa: E731
        return _done(request, meeting_id, away, AWAY[act])
    return _done(
        request,
        meeting_id,
        lambda: admission.admit(visit_id=visit_id, by=request.actor, at=at, instead=act == "admit-instead"),
        "Deltakeren er sluppet inn.",
    )


@staff_page
@require_POST
def check(request: StaffRequest, meeting_id: UUID, participant_id: UUID) -> HttpResponse:
    """Note how it was made sure who somebody is."""
    form = IdentityForm(request.POST, auto_id=f"id-{participant_id.hex}-%s")
    if not form.is_valid():
        return _page(request, meeting_id, {participant_id: form}, status=400)
    given = form.cleaned_data
    return _done(
        request,
        meeting_id,
        lambda: identity.check_identity(
            participant_id=participant_id,
            how=given["how"],
            document=given["document"],
            words=given["words"],
            by=request.actor,
            at=clock.now(),
        ),
        "Du har notert hvordan du vet hvem det er.",
        refused=lambda error: _refused(request, meeting_id, {participant_id: form}, form, error),
    )


@staff_page
@require_POST
def end(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """End the meeting: nobody comes in any more."""
    at = clock.now()
    asked = asking.about_meeting(meeting_id, by=request.actor, at=at)

    def do() -> object:
        meeting = asking.known(meeting_id, by=request.actor)
        return outcome.end_meeting(
            meeting_id=meeting_id, version=meeting.version, by=request.actor, clearance=asked.clearance, at=at
        )

    return _done(request, meeting_id, do, "Møtet er avsluttet. Ingen kan komme inn nå.")


@staff_page
@require_POST
def phone(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Turn the meeting into a call, at once: Nav rings the number that the contact register has for the citizen."""
    at = clock.now()
    asked = asking.about_meeting(meeting_id, by=request.actor, at=at)
    number = asked.contact.phone or ""

    def do() -> object:
        meeting = asking.known(meeting_id, by=request.actor)
        if not number:
            raise Invalid("Vi har ikke noe telefonnummer til innbyggeren. Endre møteformen og skriv nummeret selv.")
        return formats.change_format(
            meeting_id=meeting_id,
            version=meeting.version,
            to=Format.PHONE,
            place=Place(caller=Caller.NAV, phone=number),
            why=Why(Reason.TECHNICAL_PROBLEM),
            can_be_told=asked.can_be_told,
            safety_measures=asked.safety_measures,
            by=request.actor,
            clearance=asked.clearance,
            at=at,
        )

    return _done(request, meeting_id, do, f"Møtet er nå et telefonmøte. Ring innbyggeren på {number}.")


def _done(
    request: StaffRequest,
    meeting_id: UUID,
    do: Callable[[], object],
    said: str,
    *,
    refused: Callable[[DomainError], HttpResponse] | None = None,
) -> HttpResponse:
    """Do it and come back; what cannot be done is said there."""
    try:
        do()
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        if refused is not None and error.field:
            return refused(error)
        messages.warning(request, error.message)
    else:
        messages.success(request, said)
    return redirect("door", meeting_id=meeting_id)


def _refused(
    request: StaffRequest, meeting_id: UUID, written: dict[UUID, Form], form: Form, error: DomainError
) -> HttpResponse:
    put(error, form)
    return _page(request, meeting_id, written, status=status_of(error))


def _page(
    request: StaffRequest, meeting_id: UUID, written: dict[UUID, Form] | None = None, *, status: int = 200
) -> HttpResponse:
    at = clock.now()
    meeting = asking.meeting_to_open(meeting_id, by=request.actor, at=at)
    found = waiting.lobby_of(meeting, by=request.actor, at=at)
    shown("door.opened", to=request.actor, person_id=meeting.citizen_id(), at=at)
    person = meeting.citizen().person
    context = _context(request, found, written or {})
    context |= {"forms": list((written or {}).values()), "citizen": person.name if person else ""}
    return render(request, "pages/staff/panel.html", context, status=status)


def _context(request: StaffRequest, found: Lobby, written: dict[UUID, Form] | None = None) -> dict[str, Any]:
    meeting = found.meeting
    rows = [panel_rows.row(one, written or {}) for one in found.waiting]
    admitted = [panel_rows.row(one, written or {}) for one in found.admitted]
    must_leave = [panel_rows.row(one, {}) for one in found.must_leave]
    starts = clock_of(meeting.starts_at)
    is_open = found.decision == Decision.OPEN
    is_down = is_open and not health.is_answering()
    may_end = meeting.host_id == request.actor.id and meeting.ended_at is None and clock.now() >= meeting.starts_at
    return {
        "meeting": meeting,
        "mark": f"{found.mark}{'-down' if is_down else ''}{'-end' if may_end else ''}",
        "is_down": is_down,
        "lobby": found,
        "outcome": reverse("outcome", kwargs={"meeting_id": meeting.pk}),
        "waiting": rows,
        "admitted": admitted,
        "must_leave": must_leave,
        "expected": [panel_rows.expected(one, meeting) for one in found.expected],
        "is_open": is_open,
        "is_early": found.decision == Decision.TOO_EARLY,
        "closed": DECISIONS.get(found.decision, ""),
        "is_over": found.decision == Decision.OVER,
        "says": panel_rows.says(rows, must_leave),
        "title": f"({len(rows)}) Slipp inn {starts}" if rows else f"Slipp inn {starts}",
        "asks_to_be_called": any(one.wants for one in (*rows, *admitted)) and meeting.format == Format.VIDEO,
        "may_end": meeting.host_id == request.actor.id
        and meeting.ended_at is None
        and clock.now() >= meeting.starts_at,
    }
