"""What became of a meeting: held or not, who met, and whom somebody tried to ring. Each is kept by itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from invitations import door
from meetings import outcome, permissions
from meetings.models import CallAttempt, Meeting, Outcome, ParticipantOutcome, Role, Status, WhyCorrected
from meetings.outcome import HAS_OUTCOMES
from navmeet.accounts.actor import Actor
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import headers_of, status_of
from navmeet.exceptions import DomainError, NotFound, NotPermitted, Stale, Unavailable
from navmeet.look import dates
from navmeet.pages.staff import outcome_rows, words
from navmeet.pages.staff.opened import Opened, anew, change_page, open_for_change
from navmeet.pages.staff.outcome_rows import HELD, OUTCOMES, CallForm, ConcludeForm, CorrectForm, OutcomeForm, ids_of
from navmeet.pages.staff.partner_forms import Versioned
from navmeet.people import clearance

PAGE = "pages/staff/outcome.html"
# A second press on "I tried to ring", not a second try.
SAME_CALL = timedelta(seconds=30)

# What the button sends as `act`, its form, and the field at which the domain's refusals stand.
ACTS: dict[str, tuple[type[Versioned], str | None]] = {
    "conclude": (ConcludeForm, "held"),
    "correct": (CorrectForm, "held"),
    "outcome": (OutcomeForm, "outcome"),
    "call": (CallForm, None),
}


def may_be_told(meeting: Meeting, *, by: Actor, at: datetime) -> bool:
    """The meeting has begun, and this is somebody who may say what became of it."""
    return at >= meeting.starts_at and meeting.status in HAS_OUTCOMES and permissions.can_change(by, meeting)


def may_keep_door(meeting: Meeting, *, by: Actor, at: datetime) -> bool:
    """The door can be open now, and this is somebody who lets people in."""
    decision = door.may_staff_come_in(meeting, at, has_guest_by_video=door.has_guest_by_video(meeting))
    return decision == door.Decision.OPEN and door.can_keep_door(by, meeting)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """`act` says which of the page's forms was sent; each comes back here, with what stands."""
    if request.method != "POST":
        opened = open_for_change(request, meeting_id)
        return _closed(request, opened) or _page(request, opened)
    try:
        opened = open_for_change(request, meeting_id)
    except Unavailable as error:
        return _nobody_answers(request, error)
    kind, at_field = ACTS.get(request.POST.get("act", ""), (ConcludeForm, "held"))
    form = kind(request.POST, auto_id=ids_of(request.POST.get("participant", "")))
    if not form.is_valid():
        return _page(request, opened, form, status=400)
    try:
        done = _do(request, opened, form)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        newest = anew(request, opened)
        if _stands_already(newest, form, request.actor):
            messages.success(request, "Det er allerede lagret.")
            return redirect("outcome", meeting_id=meeting_id)
        form.data = request.POST.dict() | {"version": str(newest.meeting.version)}
        return _page(request, newest, form, status=status_of(error), is_stale=True)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else at_field, error.message)
        return _page(request, opened, form, status=status_of(error))
    messages.success(request, done)
    return redirect("outcome", meeting_id=meeting_id)


def _do(request: StaffRequest, opened: Opened, form: Versioned) -> str:
    """Keep it; what is then said to the caseworker."""
    given, person_id = form.cleaned_data, opened.meeting.citizen_id()
    common = {
        "meeting_id": opened.meeting.pk,
        "version": given["version"],
        "by": request.actor,
        "clearance": clearance.ask(person_id=person_id, by=request.actor, at=opened.at),
        "at": opened.at,
    }
    why = WhyCorrected(given["why"]) if given.get("why") else None
    if isinstance(form, CorrectForm):
        outcome.correct_conclusion(**common, held=given["held"] == "yes", why=why)
        return f"{HELD[given['held']]}. Det er rettet."
    if isinstance(form, ConcludeForm):
        outcome.conclude(**common, held=given["held"] == "yes")
        return f"{HELD[given['held']]}. Det er lagret."
    if isinstance(form, OutcomeForm):
        kind = Outcome(given["outcome"])
        kept = outcome.set_outcome(**common, participant_id=given["participant"], outcome=kind, why=why)
        return f"Lagret: {words.ROLES[Role(kept.participant.role)]} {_in_sentence(kind)}."
    attempt = outcome.record_call(**common, participant_id=given["participant"])
    return f"Notert: Du prøvde å ringe {words.ROLES[Role(attempt.participant.role)]} {dates.clock(attempt.at)}."


def _in_sentence(kind: Outcome) -> str:
    if kind == Outcome.TECHNICAL_PROBLEM:
        return "hadde tekniske problemer"
    return OUTCOMES[kind][1].lower()


def _stands_already(newest: Opened, form: Versioned, by: Actor) -> bool:
    """A second press on the same button: what was asked for is what there is."""
    given = form.cleaned_data
    if isinstance(form, ConcludeForm):
        return newest.meeting.status == (Status.HELD if given["held"] == "yes" else Status.NOT_HELD)
    theirs = {"participant": given["participant"], "participant__meeting": newest.meeting}
    if isinstance(form, OutcomeForm):
        return ParticipantOutcome.objects.filter(**theirs, outcome=given["outcome"]).exists()
    since = newest.at - SAME_CALL
    return CallAttempt.objects.filter(**theirs, by=by.known_id, at__gt=since, at__lte=newest.at).exists()


def _closed(request: StaffRequest, opened: Opened) -> HttpResponse | None:
    """Back to the meeting, with the reason, where there is nothing to say yet, or any more."""
    meeting = opened.meeting
    if meeting.status not in HAS_OUTCOMES:
        cancelled = meeting.status == Status.CANCELLED
        messages.warning(request, f"Møtet er {'avlyst' if cancelled else 'ikke avtalt'}. Det er ingenting å notere.")
    elif opened.at < meeting.starts_at:
        messages.warning(request, f"Møtet har ikke begynt ennå. Kom tilbake {dates.when(meeting.starts_at)}.")
    else:
        return None
    return redirect("meeting", meeting_id=meeting.pk)


def _nobody_answers(request: StaffRequest, error: Unavailable) -> HttpResponse:
    """Whether this employee may see the meeting is not known: only what they sent themselves comes back."""
    kept = [
        (name, value)
        for name in ("act", "version", "participant", "outcome", "held", "why")
        if (value := request.POST.get(name, "").replace("\x00", ""))
    ]
    said = OUTCOMES.get(request.POST.get("outcome", ""), ("", ""))[1] or HELD.get(request.POST.get("held", ""), "")  # type: ignore[call-overload]
    context = {"down": error.message, "kept": kept, "chosen": said}
    response = render(request, PAGE, context, status=status_of(error))
    for name, value in headers_of(error).items():
        response[name] = value
    return response


def _page(request: StaffRequest, opened: Opened, written: Versioned | None = None, **more: Any) -> HttpResponse:
    meeting = opened.meeting
    kind = ConcludeForm if meeting.status == Status.SCHEDULED else CorrectForm
    conclude = written if isinstance(written, kind) else kind(initial={"version": meeting.version}, auto_id=ids_of(""))
    return change_page(
        request,
        PAGE,
        opened,
        written,
        rows=outcome_rows.of_meeting(opened, written),
        conclude=conclude,
        is_scheduled=meeting.status == Status.SCHEDULED,
        status_tag=words.STATUSES[Status(meeting.status)],
        **{"status": 200} | more,
    )
