"""The policy surface: two questions and what happened, from the platform's nodes, with a user name and a password.

No session, no cookie, no redirect (a node does not follow one), no slash at the end. Closed where no password is set.
"""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from secrets import compare_digest

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from invitations.video import events, policy
from navmeet import clock
from navmeet.exceptions import Conflict, Unavailable

View = Callable[[HttpRequest], HttpResponse]


def platform_page(view: View) -> View:
    """For the video platform, at the policy surface, by basic authentication."""

    @wraps(view)
    def run(request: HttpRequest) -> HttpResponse:
        if settings.SURFACE != "policy" or not _is_platform(request.headers.get("Authorization", "")):
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="policy"'})
        try:
            return whole(view(request))
        except (DatabaseError, Unavailable, Conflict):
            # An error code makes the node look in its own database, where our aliases are not: nobody comes in.
            # What it tells it sends again.
            return JsonResponse({"status": "failed", "action": "reject"}, status=503)

    run.callers = "policy"  # type: ignore[attr-defined]
    return run


def whole(answer: HttpResponse) -> HttpResponse:
    """With its length said, as middleware does elsewhere: the connection stays for the next question."""
    answer["Content-Length"] = str(len(answer.content))
    return answer


@platform_page
@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    """GET /policy/v1/service/configuration"""
    return JsonResponse(policy.configuration(request.GET.get("local_alias", ""), clock.now()))


@platform_page
@require_GET
def properties(request: HttpRequest) -> HttpResponse:
    """GET /policy/v1/participant/properties"""
    connection = request.GET.get("participant_uuid", "")
    return JsonResponse(policy.properties(request.GET.get("local_alias", ""), clock.now(), connection=connection))


@platform_page
@require_POST
def happened(request: HttpRequest) -> HttpResponse:
    """POST /events/v1/video: who came and went. What is not understood is received too: a refusal stops all."""
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        told = None
    events.receive(told, clock.now())
    return JsonResponse({"status": "success"})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Whatever else a node may ask for is left to the platform's own defaults."""
    return JsonResponse({"status": "failed"}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Nobody comes in by an error of ours."""
    return JsonResponse({"status": "failed", "action": "reject"}, status=500)


def _is_platform(header: str) -> bool:
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "basic" or not settings.POLICY_PASSWORD:
        return False
    try:
        told = base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    known = f"{settings.POLICY_USER}:{settings.POLICY_PASSWORD}".encode()
    return compare_digest(told, known)
