"""What the policy's answers are measured against: the least that Django and one indexed row can do."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from invitations.models import Visit
from invitations.video.views import whole


def empty(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Nothing but Django and its middleware."""
    return whole(JsonResponse({"status": "success"}))


def one_row(request: HttpRequest) -> HttpResponse:
    """One row, found by the same index."""
    alias = request.GET["local_alias"].partition("@")[0]
    return whole(JsonResponse({"state": Visit.objects.values_list("state", flat=True).get(alias=alias)}))


urlpatterns = [
    path("bench/empty", empty),
    path("bench/row", one_row),
    path("", include("navmeet.urls.policy")),
]
