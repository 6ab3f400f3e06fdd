"""Every error of the API is one shape: a problem (RFC 9457), `application/problem+json`, in Norwegian.

Members: type, title, status, detail, code, field, errors (one a field: field, code, detail), request_id, extra.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions as drf
from rest_framework.response import Response

from navmeet import exceptions as domain

MEDIA_TYPE = "application/problem+json"
BUSY_RETRY_SECONDS = 5
SOON_RETRY_SECONDS = 1

# The most particular first: looked up with isinstance.
STATUSES: tuple[tuple[type[domain.DomainError], HTTPStatus], ...] = (
    (domain.NotFound, HTTPStatus.NOT_FOUND),
    (domain.NotPermitted, HTTPStatus.FORBIDDEN),
    (domain.Stale, HTTPStatus.PRECONDITION_FAILED),
    (domain.Conflict, HTTPStatus.CONFLICT),
    (domain.PreconditionMissing, HTTPStatus.PRECONDITION_REQUIRED),
    (domain.Invalid, HTTPStatus.BAD_REQUEST),
    (domain.Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)

TITLES = {
    400: "Noe må rettes",
    401: "Du må logge inn",
    403: "Du har ikke tilgang",
    404: "Finnes ikke",
    405: "Metoden kan ikke brukes her",
    406: "Formatet kan ikke leveres",
    409: "Det går ikke nå",
    412: "Endret siden du åpnet siden",
    413: "For mye på en gang",
    415: "Formatet kan ikke leses",
    422: "Nøkkelen er brukt før",
    428: "Versjonen mangler",
    429: "For mange forsøk",
    500: "Noe gikk galt hos oss",
    503: "Utilgjengelig akkurat nå",
}

# What DRF raises, said so that it helps. The most particular first.
TOLD: tuple[tuple[type[Exception], int, str, str], ...] = (
    (drf.NotAuthenticated, 401, "not_authenticated", "Logg inn og prøv igjen."),
    (drf.AuthenticationFailed, 401, "not_authenticated", "Innloggingen gjelder ikke lenger. Logg inn på nytt."),
    (drf.PermissionDenied, 403, "not_permitted", "Du har ikke tilgang til dette."),
    (drf.NotFound, 404, "not_found", "Vi finner ikke det du ba om."),
    (drf.MethodNotAllowed, 405, "method_not_allowed", "Denne adressen kan ikke brukes på den måten."),
    (drf.NotAcceptable, 406, "not_acceptable", "Vi svarer bare med application/json."),
    (drf.UnsupportedMediaType, 415, "unsupported_media_type", "Send innholdet som application/json."),
    (drf.Throttled, 429, "throttled", "Du har prøvd for mange ganger. Vent litt før du prøver igjen."),
    (RequestDataTooBig, 413, "too_large", "Innholdet er for stort. Send høyst 256 kilobyte."),
    (drf.ParseError, 400, "malformed", "Innholdet er ikke gyldig JSON."),
    (SuspiciousOperation, 400, "malformed", "Forespørselen kan ikke leses."),
    (PermissionDenied, 403, "not_permitted", "Du har ikke tilgang til dette."),
    (Http404, 404, "not_found", "Vi finner ikke det du ba om."),
)


class KeyReused(domain.Invalid):
    """The Idempotency-Key was used before, for something else (422)."""

    code = "idempotency_key_reused"


class TwinInFlight(domain.Conflict):
    """The same request is being carried out at this moment."""

    code = "twin_in_flight"


def status_of(error: domain.DomainError) -> int:
    """The HTTP status of a domain error; 400 for a kind not named here."""
    if isinstance(error, KeyReused):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return next((status for kind, status in STATUSES if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def headers_of(error: Exception) -> dict[str, str]:
    """When to come back, and how to log in."""
    headers: dict[str, str] = {}
    if isinstance(error, domain.Unavailable):
        headers["Retry-After"] = str(BUSY_RETRY_SECONDS)
    elif isinstance(error, TwinInFlight):
        headers["Retry-After"] = str(SOON_RETRY_SECONDS)
    elif isinstance(error, drf.APIException):
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
        if getattr(error, "wait", None):
            headers["Retry-After"] = f"{error.wait:.0f}"  # type: ignore[attr-defined]
    return headers


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str | None = None,
    errors: list[dict[str, str | None]] | None = None,
    request_id: str = "",
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The body of a problem; members without a value are left out."""
    body: dict[str, Any] = {
        "type": f"urn:navmeet:problem:{code}",
        "title": TITLES.get(status, TITLES[500]),
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    optional = {"field": field, "errors": errors, "request_id": request_id, "extra": dict(extra or {})}
    return body | {name: value for name, value in optional.items() if value}


def problem_of(error: Exception, request_id: str = "") -> dict[str, Any] | None:
    """The problem an exception is told as, or None for one that nobody foresaw."""
    if isinstance(error, domain.DomainError):
        return _of_domain(error, request_id)
    if isinstance(error, drf.ValidationError):
        errors = list(_flat(error.detail))
        first = errors[0] if errors else {"field": None, "detail": "Noe må rettes."}
        many = "Noe i det du sendte, må rettes."
        return problem(
            400,
            "invalid",
            many if len(errors) > 1 else str(first["detail"]),
            field=first["field"],
            errors=errors,
            request_id=request_id,
        )
    for kind, status, code, detail in TOLD:
        if isinstance(error, kind):
            return problem(status, code, detail, request_id=request_id)
    if isinstance(error, drf.APIException):
        return problem(error.status_code, "error", TITLES.get(error.status_code, TITLES[400]), request_id=request_id)
    return None


def handle(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. What nobody foresaw goes on to the 500 handler (see `as_http`)."""
    body = problem_of(exc, request_id_of(context.get("request")))
    if body is None:
        return None
    return Response(body, status=body["status"], headers=headers_of(exc), content_type=MEDIA_TYPE)


def as_http(error: Exception, request: HttpRequest) -> JsonResponse:
    """The same problem where there is no DRF view: unknown addresses under /api/, and the 500 handler."""
    request_id = request_id_of(request)
    body = problem_of(error, request_id) or problem(
        500, "error", "Noe gikk galt hos oss. Prøv igjen litt senere.", request_id=request_id
    )
    return JsonResponse(body, status=body["status"], headers=headers_of(error), content_type=MEDIA_TYPE)


def request_id_of(request: Any) -> str:
    """What the log lines of this request are found by."""
    return str(getattr(request, "request_id", "") or "")


def _of_domain(error: domain.DomainError, request_id: str) -> dict[str, Any]:
    each = [one for one in error.each() if one.field or error.also]
    return problem(
        status_of(error),
        error.code,
        error.message,
        field=error.field,
        errors=[{"field": one.field, "code": one.code, "detail": one.message} for one in each],
        request_id=request_id,
        extra=error.extra,
    )


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str | None]]:
    """A serializer's nested errors, one a field: `participants.0.theme`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from _flat(inner, here)
    elif isinstance(detail, list) and not all(isinstance(one, drf.ErrorDetail) for one in detail):
        for number, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{number}" if path else str(number))
    elif isinstance(detail, list):
        for one in detail[:1]:
            yield {"field": path or None, "code": one.code, "detail": str(one)}
    else:
        yield {"field": path or None, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}
