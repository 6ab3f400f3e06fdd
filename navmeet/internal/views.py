"""The three addresses of `contracts/nais.md`. Called without the middleware: no session, no host check, no log line."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from navmeet.accounts.pages import open_page
from navmeet.internal.measures import registry


@open_page
@require_safe
def is_alive(_: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: a database that is away is no reason to be restarted."""
    return HttpResponse("alive", content_type="text/plain")


@open_page
@require_safe
def is_ready(_: HttpRequest) -> HttpResponse:
    """The database answers too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("no database", status=503, content_type="text/plain", headers={"Retry-After": "5"})
    return HttpResponse("ready", content_type="text/plain")


@open_page
@require_safe
def metrics(_: HttpRequest) -> HttpResponse:
    """Prometheus' text format."""
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
