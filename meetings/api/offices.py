"""My office: its closing days, rooms, rules and employees."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import keeping, offices, overlaid
from meetings.models import ClosingDay, Office, Room
from meetings.offices import RoomInput
from meetings.serializers import calendars as shapes
from meetings.times import OSLO
from navmeet.accounts.models import User
from navmeet.accounts.permissions import Caseworker
from navmeet.api.pagination import ByCursor
from navmeet.api.views import Endpoint


class ByDate(ByCursor):
    ordering = ["date", "id"]


class ByName(ByCursor):
    ordering = ["name", "id"]


class ByIdent(ByCursor):
    ordering = ["nav_ident"]


class ClosingDays(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByDate

    @extend_schema(operation_id="list_closing_days", responses={200: shapes.ClosingDayOutput(many=True)})
    def get(self, request: Request) -> Response:
        """The days to come on which my office holds no meetings."""
        today = self.at.astimezone(OSLO).date()
        return self.page(
            ClosingDay.objects.filter(office_id=self.by.known_office, date__gte=today), shapes.ClosingDayOutput
        )

    @extend_schema(operation_id="close_day", request=shapes.DateInput, responses={201: shapes.AddedClosingDayOutput})
    def post(self, request: Request) -> Response:
        """My office holds no meetings that day. Answers with the meetings that are booked there already."""
        closing = keeping.close_day(day=self.read(shapes.DateInput)["date"], by=self.by, at=self.at)
        found = overlaid.by_closing(closing.office_id, closing.date, by=self.by, at=self.at)
        shown = shapes.ClosingDayOutput(closing).data | {"overlaid": shapes.OverlaidOutput(found).data}
        return Response(shown, status=201)


class ClosingDayRemoved(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="open_day", request=None, responses={204: None})
    def post(self, request: Request, closing_id: UUID) -> Response:
        """My office holds meetings that day after all."""
        keeping.open_day(closing_id=closing_id, by=self.by, at=self.at)
        return Response(status=204)


class Rules(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="office_rules", responses={200: shapes.RulesOutput})
    def get(self, request: Request) -> Response:
        """My office's least notice, and the time it keeps free around meetings."""
        return Response(shapes.RulesOutput(Office.objects.get(pk=self.by.known_office)).data)

    @extend_schema(operation_id="set_office_rules", request=shapes.RulesInput, responses={200: shapes.RulesOutput})
    def put(self, request: Request) -> Response:
        """What holds for bookings and moves from now on."""
        given = self.read(shapes.RulesInput)
        return Response(shapes.RulesOutput(offices.set_rules(**given, by=self.by, at=self.at)).data)


class Rooms(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByName

    @extend_schema(operation_id="list_rooms", responses={200: shapes.RoomOutput(many=True)})
    def get(self, request: Request) -> Response:
        """My office's rooms: how many they hold, whether one gets in without steps, whether there is a hearing loop."""
        return self.page(Room.objects.filter(office_id=self.by.known_office), shapes.RoomOutput)

    @extend_schema(operation_id="add_room", request=shapes.RoomAskedInput, responses={201: shapes.RoomOutput})
    def post(self, request: Request) -> Response:
        """A new room at my office."""
        room = offices.add_room(room=_room(self.read(shapes.RoomAskedInput)), by=self.by, at=self.at)
        return Response(shapes.RoomOutput(room).data, status=201)


class RoomChanged(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="change_room", request=shapes.RoomAskedInput, responses={200: shapes.RoomOutput})
    def post(self, request: Request, room_id: UUID) -> Response:
        """The room is as it says from now on. Meetings that have it keep it."""
        given = _room(self.read(shapes.RoomAskedInput))
        return Response(
            shapes.RoomOutput(offices.change_room(room_id=room_id, room=given, by=self.by, at=self.at)).data
        )


class Colleagues(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByIdent

    @extend_schema(operation_id="list_colleagues", responses={200: shapes.ColleagueOutput(many=True)})
    def get(self, request: Request) -> Response:
        """The employees of my office who have used navmeet, for meetings with several from Nav."""
        return self.page(
            User.objects.filter(office=self.by.known_office, is_active=True, nav_ident__isnull=False),
            shapes.ColleagueOutput,
        )


def _room(given: dict[str, Any]) -> RoomInput:
    return RoomInput(**given)
