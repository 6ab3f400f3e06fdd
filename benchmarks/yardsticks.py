"""What our pages are measured against: the least that Django and one row can do, on the same server."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from invitations import links
from invitations.models import Invitation


def empty(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Nothing but Django and its middleware."""
    return HttpResponse("ok")


def one_row(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001
    """One signature check and one row."""
    invitation_id: UUID = links.read(token)
    return HttpResponse(str(Invitation.objects.values_list("made_at", flat=True).get(pk=invitation_id)))


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/row/<str:token>/", one_row),
    path("", include("navmeet.urls.citizen")),
]
