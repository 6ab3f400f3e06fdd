"""The API is called with the same session as the pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from navmeet.accounts.actor import Actor
from navmeet.exceptions import NotPermitted


class _Check(CsrfViewMiddleware):
    """Gives the reason back instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _nowhere(_: HttpRequest) -> HttpResponse:
    raise AssertionError("unreachable")


class SessionActor(BaseAuthentication):
    """`request.user` is the Actor of the session. A request that changes something must carry `X-CSRFToken`."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        """Raises NotPermitted (code csrf_failed) where the token is missing or of somebody else's making."""
        actor: Actor | None = getattr(request._request, "actor", None)
        if actor is None:
            return None
        check = _Check(_nowhere)
        check.process_request(request._request)
        # DRF's views are exempt in the middleware, since they may be called without cookies; this one is not.
        refused: Any = check.process_view(request._request, _nowhere, (), {})
        if refused:
            raise NotPermitted("Forespørselen mangler beviset på at den kommer fra siden vår.", code="csrf_failed")
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        """Makes the answer to nobody a 401."""
        return "Session"
