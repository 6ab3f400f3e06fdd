"""What every request passes."""

import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import resolve
from django.utils import translation

from navmeet import errors
from navmeet.errors import csrf_failure
from navmeet.internal.measures import served
from navmeet.protect.columns import new_id

__all__ = ["Errors", "Language", "RequestLog", "SecurityHeaders", "csrf_failure"]

Next = Callable[[HttpRequest], HttpResponseBase]
INTERNAL = "/internal/"
# Nothing here asks for any of it; the equipment test will open what it needs on its own page.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
        *("geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment"),
        *("publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
    )
)
_SANE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

_log = structlog.get_logger(__name__)


class RequestLog:
    """An id for the request, a line when it is answered, and its time in the metrics.

    The platform's questions are answered here, before anything looks at hosts, cookies or the session, and are not
    logged: they come each few seconds, from addresses that are not ours.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(INTERNAL):
            return _internal(request)
        request.request_id = _id_of(request)  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        route = errors.route_of(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        served(route, request.method or "", response.status_code, seconds)
        if route == "static":
            return response
        _log.info(
            "request",
            route=route,
            method=request.method,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
        )
        return response


class SecurityHeaders:
    """For all but static files, which WhiteNoise has answered before: kept by nobody, indexed by nobody."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Cache-Control"] = "no-store"
        return response


class Language:
    """The language chosen here (cookie), else the person's own (session), else bokmål. Staff pages are bokmål."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = self._of(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _of(self, request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        if settings.SURFACE != "citizen":
            return settings.LANGUAGE_CODE
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in known:
            chosen = str(request.session.get("language", ""))
        return chosen if chosen in known else settings.LANGUAGE_CODE


class Errors:
    """What a view raises becomes a page, or a problem at the API."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info or any("\x00" in each for values in request.GET.lists() for each in values[1]):
            return errors.bad_request(request, ValueError())
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return errors.not_allowed(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Django asks when a view has raised; None leaves it to the 500 page."""
        return errors.answer(request, exception)


def _internal(request: HttpRequest) -> HttpResponseBase:
    try:
        match = resolve(request.path_info, urlconf=settings.ROOT_URLCONF)
    except Http404:
        return HttpResponse("not found", status=404, content_type="text/plain")
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response


def _id_of(request: HttpRequest) -> str:
    """The caller's own id where it is a plain one, so that lines of several systems are found together."""
    given = request.headers.get("Nav-Call-Id") or request.headers.get("X-Request-ID") or ""
    return given if _SANE_ID.fullmatch(given) else str(new_id())
