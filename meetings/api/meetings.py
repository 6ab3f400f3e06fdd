"""Booking, listing and opening meetings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import asking, booking
from meetings import serializers as shapes
from meetings.api.given import PLACE_SENT, wanted
from meetings.models import Meeting
from navmeet.accounts.permissions import Caseworker
from navmeet.api.etags import etag
from navmeet.api.pagination import ByCursor
from navmeet.api.views import Answer, Endpoint
from navmeet.audit.record import shown
from navmeet.change import rehearse
from navmeet.exceptions import Invalid


class ByStart(ByCursor):
    ordering = ["starts_at", "id"]


class Meetings(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByStart
    filters = frozenset({"from", "to", "mine"})
    fields_sent = PLACE_SENT

    @extend_schema(
        operation_id="list_meetings",
        parameters=[
            OpenApiParameter("from", type=datetime, description="Meetings that end after this instant."),
            OpenApiParameter("to", type=datetime, description="Meetings that start before this instant."),
            OpenApiParameter("mine", type=bool, description="Only those I host."),
        ],
        responses={200: shapes.MeetingRowOutput(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The meetings I may know of, in order of start; without names or texts."""
        return self.page(self._chosen(), shapes.MeetingRowOutput)

    @extend_schema(
        operation_id="book_meeting",
        request=shapes.BookingInput,
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        responses={201: shapes.MeetingOutput},
    )
    def post(self, request: Request) -> Response:
        """Book a meeting with one citizen, hosted by me."""
        given = self.read(shapes.BookingInput)

        def do() -> Meeting:
            return booking.book(**arguments_of_booking(given, self))

        return self.once(do, lambda meeting, _: Answer(body=shapes.whole(meeting), status=201, version=meeting.version))

    def _chosen(self) -> QuerySet[Meeting]:
        chosen = Meeting.objects.visible_to(self.by)
        mine = self.request.query_params.get("mine", "false")
        if mine not in {"true", "false"}:
            raise Invalid("mine må være true eller false.", code="mine", field="mine")
        if mine == "true":
            chosen = chosen.filter(host_id=self.by.id)
        after, before = _moment(self.request, "from"), _moment(self.request, "to")
        if after:
            chosen = chosen.filter(ends_at__gt=after)
        return chosen.filter(starts_at__lt=before) if before else chosen


class OneMeeting(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="open_meeting", responses={200: shapes.MeetingOutput})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """The meeting whole. Written down as an opening of the citizen's data."""
        meeting = asking.meeting_to_open(meeting_id, by=self.by, at=self.at)
        shown("meeting.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        return Response(shapes.whole(meeting), headers={"ETag": etag(meeting.version)})


class RehearsedBooking(Endpoint):
    permission_classes = [Caseworker]
    fields_sent = PLACE_SENT

    @extend_schema(
        operation_id="rehearse_booking", request=shapes.BookingInput, responses={200: shapes.RehearsalOutput}
    )
    def post(self, request: Request) -> Response:
        """What would follow from booking this: who will read what, and what is missing. Nothing is kept."""
        given = self.read(shapes.BookingInput)
        return Response(shapes.RehearsalOutput(rehearse(booking.book, **arguments_of_booking(given, self))).data)


def arguments_of_booking(given: dict[str, Any], view: Endpoint) -> dict[str, Any]:
    """What `booking.book` takes. The registers and the access machine are asked here."""
    answers = asking.about_person(given["person_id"], by=view.by, at=view.at)
    return {
        "wanted": wanted(given, language=answers.language, at=view.at),
        "can_be_told": answers.can_be_told,
        "citizen_contact": answers.contact,
        "safety_measures": answers.safety_measures,
        "by": view.by,
        "clearance": answers.clearance,
        "at": view.at,
    }


def _moment(request: Request, name: str) -> datetime | None:
    given = request.query_params.get(name)
    if not given:
        return None
    try:
        moment = parse_datetime(given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(
            f"{name} må være et tidspunkt med forskyvning fra UTC, for eksempel 2027-01-21T10:00:00+01:00.",
            code="moment",
            field=name,
        )
    return moment
