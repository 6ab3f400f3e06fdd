"""The staff's pages: write, see both texts where two have written, look over, share, and see that it was read."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from minutes import edge, reading, sharing, writing
from minutes.forms import MinutesForm, ShareForm
from minutes.reading import Minutes
from minutes.sections import has_text
from minutes.shown_as import as_read
from navmeet import clock
from navmeet.accounts.actor import Actor
from navmeet.accounts.pages import PageRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError, Invalid, NotFound, Stale


@staff_page(form=MinutesForm)
@require_http_methods(["GET", "POST"])
def minutes(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    """The one address of a meeting's minutes: the editor until they are shared, then what was shared."""
    at = clock.now()
    if request.method == "POST":
        return _save(request, meeting_id, at)
    found = _found(meeting_id, request.actor, at)
    if found.latest:
        return render(request, "minutes/shared.html", _context(found) | _as_read(found))
    if found.why_not:
        return render(request, "minutes/closed.html", _context(found) | {"written": has_text(found.draft.sections)})
    return _editor(request, found, MinutesForm.of(found.draft.sections, found.draft.version))


@staff_page(form=MinutesForm)
@require_POST
def autosave(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    """A save without a page, for autosave.js: the new version, or a sentence on why not."""
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": " ".join(_sentences(form))}, status=400)
    try:
        return JsonResponse({"version": _saved(form, meeting_id, request.actor, clock.now())})
    except DomainError as error:
        # The page behind keeps the text and shows this sentence beside it.
        return JsonResponse({"detail": error.message}, status=status_of(error))


@staff_page(form=ShareForm)
@require_http_methods(["GET", "POST"])
def share(request: PageRequest, meeting_id: UUID) -> HttpResponse:
    """The last look before the citizen may read it; a POST shares what was looked at."""
    at = clock.now()
    if request.method == "POST":
        return _share(request, meeting_id, at)
    found = _found(meeting_id, request.actor, at)
    if found.latest or found.why_not:
        return redirect("minutes", meeting_id)
    if not has_text(found.draft.sections):
        messages.warning(request, "Referatet er tomt. Skriv noe før du deler det.")
        return redirect("minutes", meeting_id)
    form = ShareForm(initial={"version": found.draft.version})
    return render(request, "minutes/share.html", _context(found) | _as_read(found) | {"form": form})


def _save(request: PageRequest, meeting_id: UUID, at: datetime) -> HttpResponse:
    """Whatever goes wrong, the page that answers holds what was typed: hence the `try`, which pages otherwise lack."""
    form = MinutesForm(request.POST)
    try:
        if form.is_valid():
            _saved(form, meeting_id, request.actor, at)
            return _saved_page(request, meeting_id)
        return _editor(request, _found(meeting_id, request.actor, at), form, status=400)
    except Stale:
        return _conflict(request, meeting_id, form, at)
    except NotFound:
        raise
    except DomainError as error:
        return _not_saved(request, meeting_id, form, error)


def _conflict(request: PageRequest, meeting_id: UUID, form: MinutesForm, at: datetime) -> HttpResponse:
    """Both texts; saving goes on from the newest."""
    try:
        found = _found(meeting_id, request.actor, at)
    except DomainError as error:
        return _not_saved(request, meeting_id, form, error)
    context = _context(found) | {"form": form.typed_on(found.draft.version)}
    return render(request, "minutes/conflict.html", context, status=412)


def _not_saved(request: HttpRequest, meeting_id: UUID, form: MinutesForm, error: DomainError) -> HttpResponse:
    context = {"form": form, "problem": error.message, "back": reverse("minutes", args=[meeting_id])}
    return render(request, "minutes/not_saved.html", context, status=status_of(error))


def _saved_page(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    if request.POST.get("act") == "share":
        return redirect("minutes-share", meeting_id)
    messages.success(request, "Referatet er lagret. Innbyggeren kan ikke se det før du deler det.")
    return redirect("minutes", meeting_id)


def _saved(form: MinutesForm, meeting_id: UUID, by: Actor, at: datetime) -> int:
    draft = writing.save_draft(
        meeting_id=meeting_id,
        sections=form.sections(),
        version=form.cleaned_data["version"],
        by=by,
        clearance=edge.may_open(meeting_id, by=by, at=at),
        at=at,
    )
    return draft.version


def _share(request: PageRequest, meeting_id: UUID, at: datetime) -> HttpResponse:
    form = ShareForm(request.POST)
    if not form.is_valid():
        raise Invalid("Siden var ikke hel da du delte. Åpne referatet på nytt.", code="version", field="version")
    answers = edge.may_open_and_tell(meeting_id, by=request.actor, at=at)
    sharing.share(
        meeting_id=meeting_id,
        version=form.cleaned_data["version"],
        can_be_told=answers.can_be_told,
        by=request.actor,
        clearance=answers.clearance,
        at=at,
    )
    messages.success(request, "Referatet er delt med innbyggeren.")
    return redirect("minutes", meeting_id)


def _found(meeting_id: UUID, by: Actor, at: datetime) -> Minutes:
    return reading.minutes_of(meeting_id=meeting_id, by=by, clearance=edge.may_open(meeting_id, by=by, at=at), at=at)


def _editor(request: HttpRequest, found: Minutes, form: MinutesForm, status: int = 200) -> HttpResponse:
    return render(request, "minutes/editor.html", _context(found) | {"form": form}, status=status)


def _context(found: Minutes) -> dict[str, object]:
    meeting = found.meeting
    return {"found": found, "type_name": meeting.type.name_in("nb"), "back": reverse("minutes", args=[meeting.pk])}


def _as_read(found: Minutes) -> dict[str, object]:
    sections = found.latest.sections if found.latest else found.draft.sections
    return {"as_read": as_read(found.meeting, sections, language=found.language, level=3)}


def _sentences(form: MinutesForm) -> list[str]:
    return [str(sentence) for errors in form.errors.values() for sentence in errors]
