"""A small site to try logging in on: every kind of door, and nothing of the product."""

from typing import ClassVar

from django import forms
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from navmeet.accounts import permissions
from navmeet.accounts.actor import Level
from navmeet.accounts.pages import citizen_page, open_page, staff_page
from navmeet.exceptions import Conflict, NotFound, NotPermitted, Stale, Unavailable

STORED: list[str] = []
RAISES = {
    "not-found": NotFound("Møtet finnes ikke."),
    "not-permitted": NotPermitted("Det er ikke ditt møte."),
    "conflict": Conflict("Møtet er alt avlyst."),
    "stale": Stale("Noen har endret møtet."),
    "away": Unavailable("Registeret svarer ikke."),
    "step-up": NotPermitted("Høyere nivå trengs.", code="step_up_needed"),
    "database": OperationalError("connection to 10.0.0.1 failed for user x"),
    "characters": DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
    "bug": RuntimeError("Kari Testperson 12838410047"),
}


class GuestForm(forms.Form):
    name = forms.CharField(label="Navn")
    role = forms.ChoiceField(label="Hvem er det?", choices=[("DOCTOR", "Lege")])


class NoteForm(forms.Form):
    several: ClassVar = {"guests": ("Gjest", GuestForm)}

    words = forms.CharField(label="Hva gjelder det?")
    how = forms.ChoiceField(label="Møteform", choices=lambda: [("VIDEO", "Videomøte"), ("PHONE", "Telefonmøte")])
    sure = forms.BooleanField(label="Er du sikker?", required=False)
    version = forms.CharField(widget=forms.HiddenInput)


@staff_page(form=NoteForm)
def staff_note(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        STORED.append(request.POST["words"])
        return HttpResponse("lagret")
    return HttpResponse(f"{request.actor!r} {request.actor_name}")  # type: ignore[attr-defined]


@citizen_page(form=NoteForm)
def my(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        STORED.append(request.POST["words"])
        return HttpResponse("lagret")
    return HttpResponse(f"{request.actor!r} {request.actor_name}")  # type: ignore[attr-defined]


@citizen_page(level=Level.HIGH)
def minutes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"referat {request.actor.level}")  # type: ignore[attr-defined]


@open_page
def everybody(request: HttpRequest, token: str = "") -> HttpResponse:
    return HttpResponse("åpent")


@open_page
def raises(request: HttpRequest, what: str) -> HttpResponse:
    raise RAISES[what]


class Api(APIView):
    def get(self, request: Request) -> Response:
        return Response({"actor": str(request.user.id)})

    post = get


class StaffApi(Api):
    permission_classes = [permissions.Caseworker]


class CitizenApi(Api):
    permission_classes = [permissions.Citizen]


class HighApi(Api):
    permission_classes = [permissions.CitizenHigh]


class ForgottenApi(Api):
    """Names nobody."""


class RaisingApi(APIView):
    permission_classes = [permissions.Caseworker]

    def get(self, request: Request, what: str) -> Response:
        raise RAISES[what]


urlpatterns = [
    path("internal/", include("navmeet.urls.internal")),
    path("", include("navmeet.accounts.urls_citizen")),
    path("", staff_note),
    path("my/", my),
    path("my/minutes/", minutes),
    path("open/", everybody),
    path("open/<str:token>/", everybody),
    path("raises/<slug:what>/", raises),
    path("api/v1/staff/", StaffApi.as_view()),
    path("api/v1/my/", CitizenApi.as_view()),
    path("api/v1/high/", HighApi.as_view()),
    path("api/v1/forgotten/", ForgottenApi.as_view()),
    path("api/v1/raises/<slug:what>/", RaisingApi.as_view()),
]
handler400 = "navmeet.errors.bad_request"
handler403 = "navmeet.errors.forbidden"
handler404 = "navmeet.errors.not_found"
handler500 = "navmeet.errors.failed"
