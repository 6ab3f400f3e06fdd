"""The link page: one lasting link, true now, telling the least. A GET changes nothing, whoever opens it."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from invitations import answers, links, partners, reading
from invitations.models import Answer
from meetings.models import Status
from navmeet import clock
from navmeet.accounts import addresses
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.pages import open_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError, NotFound
from navmeet.pages.citizen.door import helpless, name_form
from navmeet.pages.citizen.forms import AskForm
from navmeet.pages.errors_in_forms import put
from navmeet.pages.partner import link as partner_link


@open_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The citizen surface begins at one's own meetings."""
    return redirect("my-meetings")


@csrf_exempt  # Whoever cannot log in may have no cookies either; what proves the right to ask is the link itself.
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What the bare link shows, and what its holder can ask for. The owner, logged in, goes on to all of it."""
    at = clock.now()
    try:
        invitation_id = links.read(token)
    except NotFound:
        return helpless(request)
    try:
        elsewhere = _elsewhere(request, invitation_id, token)
        if elsewhere is not None:
            return elsewhere
        if request.method == "POST":
            return _ask(request, invitation_id, at)
        return _show(request, invitation_id, AskForm(), at)
    except NotFound:
        # A partner's: shown by their own page, which also says so when access has ended.
        return partner_link.show(request, token) if partners.is_partners(invitation_id) else helpless(request)


def _elsewhere(request: HttpRequest, invitation_id: UUID, token: str) -> HttpResponse | None:
    """Where one who is logged in is led; None for whoever merely holds the link, a partner of another one too."""
    actor = _actor(request)
    if actor is None:
        return None
    whose = reading.whose(invitation_id, by=actor)
    if whose == reading.Whose.PARTNERS:
        return partner_link.show(request, token)
    if actor.kind == ActorKind.PARTNER:
        return None
    return redirect("my-invitation", invitation_id=invitation_id) if whose == reading.Whose.OWN else helpless(request)


def _ask(request: HttpRequest, invitation_id: UUID, at: datetime) -> HttpResponse:
    form, status = AskForm(request.POST), 400
    if form.is_valid():
        try:
            answers.ask_unknown(
                invitation_id=invitation_id,
                kind=Answer.Kind(form.cleaned_data["kind"]),
                by=_holder(invitation_id),
                at=at,
            )
            return redirect(f"{links.path(invitation_id)}?asked=1")
        except NotFound:
            raise
        except DomainError as error:
            status = status_of(error)
            put(error, form)
    return _show(request, invitation_id, form, at, status=status)


def _show(request: HttpRequest, invitation_id: UUID, form: AskForm, at: datetime, *, status: int = 200) -> HttpResponse:
    seen = reading.glimpse(invitation_id, by=_holder(invitation_id), at=at)
    path = links.path(invitation_id)
    context = {
        "seen": seen,
        "form": form,
        "asked": "asked" in request.GET,
        "is_over": at >= seen.ends_at,
        "is_cancelled": seen.status == Status.CANCELLED,
        "enter": f"{path}enter/",
        "name_form": name_form(request),
        "login": addresses.login(path),
    }
    with translation.override(_language(request, seen.language)):
        return render(request, "pages/citizen/link.html", context, status=status)


def _language(request: HttpRequest, written: str) -> str:
    """What was chosen in this browser, else the language Nav writes to this participant in."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return get_language() or "nb" if chosen or written not in dict(settings.LANGUAGES) else written


@open_page
@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    """What one needs for a video meeting, before, during and after."""
    return render(request, "pages/citizen/guidance.html", {"test_call": settings.VIDEO_TEST_CALL})


def _holder(invitation_id: UUID) -> Actor:
    return Actor(kind=ActorKind.LINK, id=invitation_id)


def _actor(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor
