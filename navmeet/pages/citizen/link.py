"""The link page: one lasting link, true now, telling the least. A GET changes nothing, whoever opens it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from invitations import answers, entering, links, reading
from invitations.models import Answer
from navmeet import clock
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.pages import open_page
from navmeet.exceptions import DomainError, NotFound
from navmeet.pages.citizen.forms import AskForm


@open_page
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The citizen surface begins at one's own meetings."""
    return redirect("my-meetings")


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What the bare link shows, and what its holder can ask for. The owner, logged in, goes on to all of it."""
    at = clock.now()
    try:
        invitation_id = links.read(token)
        if _is_owner(request, invitation_id):
            return redirect("my-invitation", invitation_id=invitation_id)
        if _is_somebody_else(request):
            return _helpless(request)
        seen = reading.glimpse(invitation_id, by=_holder(invitation_id), at=at)
    except NotFound:
        return _helpless(request)
    form = AskForm(request.POST if request.method == "POST" else None)
    problem: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            answers.ask_unknown(
                invitation_id=invitation_id,
                kind=Answer.Kind(form.cleaned_data["kind"]),
                by=_holder(invitation_id),
                at=at,
            )
            return redirect(f"{request.path}?asked=1")
        except DomainError as error:
            problem = error
    context = {
        "seen": seen,
        "form": form,
        "asked": "asked" in request.GET,
        "problem": problem,
        "token": token,
        "login": f"/login/?next=/my/{invitation_id}/",
    }
    return render(request, "pages/citizen/link.html", context, status=409 if problem else 400 if form.errors else 200)


@open_page
@require_POST
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """On to the video platform, decided now. The address is built here and stands nowhere else."""
    try:
        invitation_id = links.read(token)
        if _is_somebody_else(request) and not _is_owner(request, invitation_id):
            return _helpless(request)
        return redirect(entering.enter(invitation_id=invitation_id, by=_holder(invitation_id), at=clock.now()))
    except NotFound:
        return _helpless(request)


@open_page
@require_GET
def guidance(request: HttpRequest) -> HttpResponse:
    """What one needs for a video meeting, before, during and after."""
    return render(request, "pages/citizen/guidance.html", {"test_call": settings.VIDEO_TEST_CALL})


def _holder(invitation_id: UUID) -> Actor:
    return Actor(kind=ActorKind.LINK, id=invitation_id)


def _actor(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor


def _is_somebody_else(request: HttpRequest) -> bool:
    return _actor(request) is not None


def _is_owner(request: HttpRequest, invitation_id: UUID) -> bool:
    actor = _actor(request)
    return actor is not None and reading.mine(actor).filter(pk=invitation_id).exists()


def _helpless(request: HttpRequest) -> HttpResponse:
    """The same page for a link that is altered, unknown, or another person's: it tells nothing, and helps."""
    return render(request, "pages/citizen/link_unknown.html", status=404)
