"""What goes wrong becomes a page that says so, once. The API's problems are made in navmeet.api.problems."""

import sys

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed

from navmeet.accounts import addresses, lost
from navmeet.api import problems
from navmeet.exceptions import DomainError, Invalid, Unavailable
from navmeet.log import described

PAGES = frozenset({400, 401, 403, 404, 405, 409, 412, 422, 429, 503})
DATABASE_AWAY = (OperationalError, InterfaceError)

_log = structlog.get_logger(__name__)


def page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """The page of a status; one without a page of its own is shown as 400 or 500 are."""
    known = status if status in PAGES else 400
    problem = {"status": status, "detail": detail}
    return render(request, f"errors/{known}.html", {"problem": problem, "surface": settings.SURFACE}, status=status)


def answer(request: HttpRequest, error: Exception) -> HttpResponseBase | None:
    """The answer to an exception that a view or a middleware raised; None for one that nobody foresaw."""
    told = _as_domain(error)
    if told is None:
        return None
    if is_api(request):
        return problems.as_http(told, request)
    if told.code == "step_up_needed" and request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(addresses.login(addresses.local(request.get_full_path()), level="high"))
    if told.code == "step_up_needed":
        return lost.form_again(request, level="high")
    response = page(request, problems.status_of(told), told.message)
    for name, value in problems.headers_of(told).items():
        response[name] = value
    return response


def is_api(request: HttpRequest) -> bool:
    """Whoever calls the API gets JSON, whatever goes wrong; so does a page's script that asks for it."""
    if request.path_info.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's own refusals: too many fields, a host that is not ours, a broken body."""
    if isinstance(exception, RequestDataTooBig):
        return _told(request, exception, 413, _("Det ble for mye å sende på en gang. Kort ned teksten, og prøv igjen."))
    return _told(request, exception, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:  # noqa: ARG001 (Django's signature)
    """Nothing is told of why."""
    return _told(request, PermissionDenied(), 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:  # noqa: ARG001 (Django's signature)
    """The address is not repeated: it may hold a link."""
    return _told(request, Http404(), 404)


def not_allowed(request: HttpRequest, refused: HttpResponseNotAllowed) -> HttpResponseBase:
    """An address that only takes forms, opened from the history or by hand: Django's own answer is an empty page."""
    response = (
        problems.as_http(MethodNotAllowed(request.method or ""), request) if is_api(request) else page(request, 405)
    )
    response["Allow"] = refused["Allow"]
    return response


def failed(request: HttpRequest) -> HttpResponseBase:
    """What nobody foresaw, and what middleware could not get from the database."""
    error = sys.exc_info()[1]
    if isinstance(error, Exception):
        told = answer(request, error)
        if told is not None:
            return told
        _log.error("request_failed", route=route_of(request), **described(error))
    if is_api(request):
        return problems.as_http(error if isinstance(error, Exception) else Exception(), request)
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:  # noqa: ARG001 (Django's signature)
    """The proof that a form came from us is missing or old: the same form again, with a new one."""
    _log.warning("csrf_refused", route=route_of(request))
    if is_api(request):
        return _told(request, PermissionDenied(), 403)
    match = request.resolver_match
    if match is not None and match.url_name == "logout" and getattr(request, "actor", None) is None:
        # Already out, in another tab: there is nothing to send again.
        return HttpResponseRedirect("/logged-out/")
    # The door that the form was sent to knows which of its fields a person wrote.
    return lost.form_again(request, asked=getattr(match.func, "asked", None) if match else None, status=403)


def route_of(request: HttpRequest) -> str:
    """The pattern that the address matched, never the address."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return match.route or "/"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def _as_domain(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, DATABASE_AWAY):
        _log.error("database_unavailable", **described(error))
        return Unavailable(_("Vi får ikke tak i opplysningene akkurat nå. Vent litt, og prøv igjen."), code="database")
    if isinstance(error, DataError) or (isinstance(error, ValueError) and "NUL" in str(error)):
        return Invalid(_("Det er tegn i det du sendte som ikke kan brukes. Skriv det på nytt."), code="characters")
    return None


def _told(request: HttpRequest, error: Exception, status: int, detail: str = "") -> HttpResponseBase:
    if is_api(request):
        kind = error if isinstance(error, (Http404, PermissionDenied, RequestDataTooBig)) else SuspiciousOperation()
        return problems.as_http(kind, request)
    return page(request, status, detail)
