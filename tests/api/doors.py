"""Small endpoints to try the plumbing on: nothing of the product is in them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from meetings.models import Office
from navmeet import exceptions
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.api.pagination import ByCursor
from navmeet.api.serializers import Choice, Clock, Day, Id, Moment, Number, Several, Strict, Text, YesNo
from navmeet.api.views import Answer, Endpoint
from navmeet.change import change

PRINCIPAL = UUID("01890000-0000-7000-8000-000000000001")


class ByHeader(BaseAuthentication):
    """Whoever the test says: `X-Actor: <uuid>`."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        given = request.headers.get("X-Actor")
        return (Actor(kind=ActorKind.CASEWORKER, id=UUID(given)), None) if given else None

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class KnownOnly(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, Actor)


class Door(Endpoint):
    authentication_classes = [ByHeader]
    permission_classes = [KnownOnly]


class Part(Strict):
    words = Text(max_length=10)


class Everything(Strict):
    theme = Text(max_length=100)
    purpose = Text(max_length=5000, lines=True, required=False)
    minutes = Number(min_value=15, max_value=450, required=False)
    format = Choice(choices=[("VIDEO", "VIDEO")], required=False)
    day = Day(required=False)
    clock = Clock(required=False)
    moment = Moment(required=False)
    person = Id(required=False)
    is_sure = YesNo(required=False)
    parts = Several(child=Part(), max_length=2, required=False)


class Open(Door):
    """Echoes what it read."""

    def post(self, request: Request) -> Response:
        return Response(Everything(self.read(Everything)).data)


class Raises(Door):
    permission_classes = [AllowAny]

    def get(self, request: Request, what: str) -> Response:
        raise RAISED[what]


RAISED: dict[str, Exception] = {
    "not_found": exceptions.NotFound("Vi finner ikke møtet."),
    "not_permitted": exceptions.NotPermitted("Du kan ikke det."),
    "conflict": exceptions.Conflict("Opptatt.", extra={"free": ["2027-01-01T10:00:00Z"]}),
    "stale": exceptions.Stale("Endret av andre."),
    "precondition": exceptions.PreconditionMissing("Si versjonen.", field="If-Match"),
    "invalid": exceptions.Invalid("For langt.", code="max_length", field="theme"),
    "fields": exceptions.InvalidFields(
        [exceptions.Invalid("For langt.", field="theme"), exceptions.Invalid("Passert.", field="day")]
    ),
    "unavailable": exceptions.Unavailable("Folkeregisteret svarer ikke."),
    "http404": Http404("secret path"),
    "unknown": RuntimeError("holds 01819012345"),
}


class Change(Door):
    def put(self, request: Request) -> Response:
        return Response({"version": self.version})


@change
def open_office(*, number: str, by: Actor, at: datetime) -> Office:
    """A verb that can clash with itself."""
    return Office.objects.create(number=number, name=f"made by {by.id} {at:%Y}", address="")


class Offices(Door):
    """Creates: once for a key. `waits` lets a test hold it between the lock and the effect."""

    waits: Any = None
    answers_with: Any = None

    def post(self, request: Request) -> Response:
        given: Any = request.data
        number = str(given["number"])

        def do() -> Office:
            if Offices.waits is not None:
                Offices.waits()
            return open_office(number=number, by=self.by, at=self.at)

        def answer(office: Office, _: object) -> Answer:
            if Offices.answers_with is not None:
                Offices.answers_with(office)
            return Answer({"number": office.number, "name": "æ"}, version=3)

        return self.once(do, answer)


class OfficeOut(serializers.ModelSerializer[Office]):
    class Meta:
        model = Office
        fields = ["number"]


class ByNumber(ByCursor):
    ordering = "number"


class OfficeList(Door):
    pagination_class = ByNumber

    def get(self, request: Request) -> Response:
        return self.page(Office.objects.all(), OfficeOut)


urlpatterns = [
    path("open/", Open.as_view()),
    path("raises/<str:what>/", Raises.as_view()),
    path("change/", Change.as_view()),
    path("offices/", Offices.as_view()),
    path("other-offices/", Offices.as_view()),
    path("office-list/", OfficeList.as_view()),
    path("other-list/", OfficeList.as_view()),
]
AT = datetime(2027, 1, 1, 9, tzinfo=UTC)
