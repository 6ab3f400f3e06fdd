"""A partner's link: the least without a code, and the way to one. A GET changes nothing, whoever opens it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from invitations import codes, links, partners
from invitations.codes import Asking
from invitations.models.credentials import WhyNot
from invitations.reading import Glimpse
from meetings.models import Status
from navmeet import clock
from navmeet.accounts import sessions
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.pages import open_page
from navmeet.api.problems import status_of
from navmeet.exceptions import NotFound, Unavailable
from navmeet.pages.citizen.door import name_form
from navmeet.pages.citizen.forms import AskForm
from navmeet.pages.errors_in_forms import put
from navmeet.pages.partner.closed import closed
from navmeet.pages.partner.forms import CodeForm

__all__ = ["check", "closed", "code", "in_their_language", "reads", "show"]

V = TypeVar("V", bound=Callable[..., HttpResponse])


def in_their_language(view: V) -> V:
    """The participant's own language, unless this browser has chosen another."""

    @wraps(view)
    def run(request: HttpRequest, token: str) -> HttpResponse:
        try:
            invitation_id = links.read(token)
        except NotFound:
            return closed(request)
        with translation.override(_language(request, invitation_id)):
            response = view(request, token)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            return response

    return cast(V, run)


def _language(request: HttpRequest, invitation_id: UUID) -> str:
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    theirs = chosen if chosen in known else partners.language_of(invitation_id)
    return theirs if theirs in known else settings.LANGUAGE_CODE


@in_their_language
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What the bare link shows. With this invitation's code typed, on to all of it."""
    invitation_id = links.read(token)
    if reads(request, invitation_id):
        return redirect("partner-invitation", token=token)
    try:
        seen = partners.glimpse(invitation_id, by=partners.holder(invitation_id), at=clock.now())
    except NotFound:
        return closed(request)
    return _show(request, seen, status=200)


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@in_their_language
def code(request: HttpRequest, token: str) -> HttpResponse:
    """POST sends a code to the registered number; GET is where it is typed, while one holds."""
    at = clock.now()
    try:
        invitation_id = links.read(token)
        if request.method == "POST":
            return _ask(request, invitation_id, at)
        digits = codes.pending(invitation_id, at=at)
    except NotFound:
        return closed(request)
    if digits is None:
        return redirect("link", token=token)
    return _type(request, invitation_id, CodeForm(), digits)


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@in_their_language
def check(request: HttpRequest, token: str) -> HttpResponse:
    """The code as typed. Accepted, it begins a session under a new key, for this invitation alone."""
    if request.method != "POST":
        return redirect("partner-code", token=token)
    at, invitation_id, form, status, problem = clock.now(), links.read(token), CodeForm(request.POST), 400, ""
    if form.is_valid():
        try:
            checked = codes.check_code(invitation_id, form.cleaned_data["code"], at=at)
        except Unavailable as error:
            status = status_of(error)
            put(error, form)
        else:
            if checked.by is not None:
                _begin(request, checked, at)
                return redirect("partner-invitation", token=token)
            if checked.why == WhyNot.NO_ACCESS:
                return closed(request)
            if checked.why == WhyNot.TOO_FAST:
                # Nothing is wrong with what was typed: there is nothing to correct.
                problem, status = _why_not(checked), 429
            else:
                form.add_error("code", _why_not(checked))
    try:
        digits = codes.pending(invitation_id, at=at)
    except NotFound:
        return closed(request)
    return _type(request, invitation_id, form, digits, problem=problem, status=status)


def reads(request: HttpRequest, invitation_id: UUID) -> bool:
    """Has this browser typed the code for this invitation?"""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.kind == ActorKind.PARTNER and actor.id == invitation_id


def _begin(request: HttpRequest, checked: codes.Checked, at: datetime) -> None:
    if checked.by is not None:
        name, language = checked.name or _("Innlogget"), checked.language
        sessions.begin(request.session, checked.by, name=name, id_token="", at=at, language=language)


def _ask(request: HttpRequest, invitation_id: UUID, at: datetime) -> HttpResponse:
    asked = codes.ask_code(invitation_id, at=at)
    if asked.outcome == Asking.NO_ACCESS:
        return closed(request)
    if asked.outcome == Asking.SENT:
        return redirect("partner-code", token=links.sign(invitation_id))
    digits = codes.pending(invitation_id, at=at)
    problem = _not_sent(asked)
    status = 429 if asked.outcome == Asking.TOO_SOON else 503
    if digits is not None:
        return _type(request, invitation_id, CodeForm(), digits, problem=problem, status=status)
    seen = partners.glimpse(invitation_id, by=partners.holder(invitation_id), at=at)
    response = _show(request, seen, problem=problem, status=status)
    if asked.wait_seconds:
        response["Retry-After"] = str(asked.wait_seconds)
    return response


def _show(request: HttpRequest, seen: Glimpse, *, problem: str = "", status: int) -> HttpResponse:
    path = links.path(seen.invitation_id)
    context = {
        "seen": seen,
        "problem": problem,
        "is_over": clock.now() >= seen.ends_at,
        "is_cancelled": seen.status == Status.CANCELLED,
        "path": path,
        "enter": f"{path}enter/",
        "name_form": name_form(request),
        "asked": "asked" in request.GET,
        "ask_form": AskForm(),
    }
    return render(request, "pages/partner/link.html", context, status=status)


def _type(
    request: HttpRequest,
    invitation_id: UUID,
    form: CodeForm,
    digits: str | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "digits": digits, "problem": problem, "path": links.path(invitation_id)}
    return render(request, "pages/partner/code.html", context, status=status)


def _not_sent(asked: codes.Asked) -> str:
    if asked.outcome == Asking.NOT_SENT:
        return _("Vi fikk ikke sendt koden. Prøv igjen om litt.")
    minutes = -(-asked.wait_seconds // 60)
    return _("Vi har nettopp sendt en kode. Du kan be om en ny om %(minutes)s min.") % {"minutes": minutes}


def _why_not(checked: codes.Checked) -> str:
    if checked.why == WhyNot.TOO_FAST:
        return _("Vent %(seconds)s sek. før du prøver igjen.") % {"seconds": checked.wait_seconds}
    sentences = {
        WhyNot.NOT_SIX_DIGITS: _("Koden har 6 sifre. Skriv alle."),
        WhyNot.NO_CODE: _("Koden er brukt eller erstattet av en nyere. Be om en ny kode."),
        WhyNot.TOO_LATE: _("Koden gjelder ikke lenger. Be om en ny kode."),
        WhyNot.WRONG: _("Koden er ikke riktig. Se i den siste SMS-en fra Nav, og prøv igjen."),
        WhyNot.LOCKED: _("Det er prøvd feil kode for mange ganger. Be om en ny kode."),
    }
    return sentences[checked.why]
