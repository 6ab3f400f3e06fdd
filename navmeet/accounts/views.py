"""Logging in and out, at both surfaces: staff at Entra, citizens at ID-porten."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from navmeet import clock
from navmeet.accounts import addresses, attempts, claims, known, sessions
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.issuer import LoginRefused, issuer
from navmeet.accounts.pages import open_page
from navmeet.exceptions import Unavailable

ACR = {"": Level.SUBSTANTIAL, "high": Level.HIGH}
PROMPTS = frozenset({"none", "login", "select_account"})


@open_page
@require_GET
def login(request: HttpRequest) -> HttpResponseBase:
    """Off to the issuer, and then to `next`. `level=high` steps a citizen up; who is in already goes straight on."""
    asked = Level.NONE if settings.SURFACE == "staff" else ACR.get(request.GET.get("level", ""), Level.SUBSTANTIAL)
    going_to = addresses.local(request.GET.get("next"))
    prompt = request.GET.get("prompt", "")
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and not prompt and (asked == Level.NONE or claims.is_enough(actor.level, asked)):
        return HttpResponseRedirect(going_to)
    attempt = attempts.begin(addresses.whole(request, "/login/callback/"), level=str(asked))
    url = issuer().login_url(
        attempt,
        acr_values=str(asked) if asked != Level.NONE else "",
        ui_locales=_language(request) if settings.SURFACE == "citizen" else "",
        prompt=prompt if prompt in PROMPTS else "",
    )
    response = HttpResponseRedirect(url)
    attempts.keep(request, response, attempts.Begun(attempt=attempt, next=going_to))
    return response


@open_page
@require_GET
def callback(request: HttpRequest) -> HttpResponseBase:
    """Back from the issuer. Every way this can go wrong ends in a page that says how to go on.

    The CSRF cookie is left as it is: a form that lost its session in another tab must still be good. It cannot have
    been planted (its name begins with __Host-), and logging out takes it away.
    """
    state = request.GET.get("state", "")
    begun = attempts.find(request, state)
    if begun is None:
        return _no_attempt(request)
    try:
        response = _let_in(request, begun)
    except LoginRefused as refused:
        again = "" if isinstance(refused, claims.NotForYou) else _again(begun)
        response = _stopped(request, refused.message, again=again, status=403)
    except Unavailable as away:
        response = _stopped(request, away.message, again=_again(begun), status=503)
        response["Retry-After"] = "5"
    attempts.forget(request, response, state)
    return response


@open_page
@require_POST
def logout(request: HttpRequest) -> HttpResponseBase:
    """End the session here, then at the issuer.

    The way on is a page that moves by itself, not a redirect: our policy lets no form lead to another site, and
    browsers hold a form's redirects to it.
    """
    token = sessions.id_token(request.session)
    actor: Actor | None = getattr(request, "actor", None)
    request.session.flush()
    # A partner came in by a code of ours: no issuer knows them.
    if actor is None or actor.kind == ActorKind.PARTNER:
        response: HttpResponse = HttpResponseRedirect("/logged-out/")
    else:
        response = _to_issuer(request, token)
    response.delete_cookie(settings.CSRF_COOKIE_NAME, path="/", samesite="Lax")
    return response


@open_page
@require_safe
def logged_out(request: HttpRequest) -> HttpResponseBase:
    """Where the issuer sends people when they are out."""
    return render(request, "accounts/logged_out.html", {"is_out_there_too": "local" not in request.GET})


@open_page
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language a person chose, in a cookie of a year."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_local_page(request.POST.get("next")))
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            path="/",
            secure=True,
            httponly=True,
            samesite="Lax",
        )
    return response


def _let_in(request: HttpRequest, begun: attempts.Begun) -> HttpResponse:
    """The session of whom the issuer vouches for. Raises LoginRefused, Unavailable."""
    error, code = request.GET.get("error", ""), request.GET.get("code", "")
    if error == "access_denied":
        raise LoginRefused(_("Du avbrøt innloggingen."))
    if error or not code:
        raise LoginRefused(_("Innloggingen ble ikke fullført."))
    token, said = issuer().redeem(code, begun.attempt)
    at = clock.now()
    if settings.SURFACE == "citizen":
        person = claims.inhabitant(said, asked=Level(begun.attempt.level))
        actor, speaks = known.citizen_actor(person)
        name = actor.name or _("Innlogget")
    else:
        actor, speaks = known.employee_actor(claims.employee(said), at), "nb"
        name = actor.name
    sessions.begin(request.session, actor, name=name, id_token=token, at=at, language=speaks)
    return HttpResponseRedirect(begun.next)


def _no_attempt(request: HttpRequest) -> HttpResponse:
    """The back button after logging in, a callback opened twice, cookies switched off, or an hour at the issuer."""
    if getattr(request, "actor", None) is not None:
        return HttpResponseRedirect(addresses.front())
    return _stopped(
        request,
        _("Innloggingen tok for lang tid, eller siden ble åpnet på nytt."),
        again=addresses.login(addresses.front()),
        status=400,
    )


def _again(begun: attempts.Begun) -> str:
    return addresses.login(begun.next, level="high" if begun.attempt.level == Level.HIGH else "")


def _stopped(request: HttpRequest, why: str, *, again: str, status: int) -> HttpResponse:
    return render(request, "accounts/login_stopped.html", {"why": why, "again": again}, status=status)


def _to_issuer(request: HttpRequest, id_token: str) -> HttpResponse:
    try:
        url = issuer().logout_url(id_token=id_token, back_to=addresses.whole(request, "/logged-out/"))
    except Unavailable:
        return HttpResponseRedirect("/logged-out/?local")
    # The page's head must not greet somebody who is out.
    request.actor, request.actor_name = None, ""  # type: ignore[attr-defined]
    return render(request, "accounts/logging_out.html", {"url": url})


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("ui_locales", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or "nb"


def _local_page(address: str | None) -> str:
    """As for logging in, but the public pages too."""
    return "/logged-out/" if address == "/logged-out/" else addresses.local(address)
