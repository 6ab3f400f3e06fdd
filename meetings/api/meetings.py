"""Booking, listing and opening meetings."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import asking, booking, free_times
from meetings import serializers as shapes
from meetings.api.given import PLACE_SENT, overrule_of, wanted
from meetings.api.nearest import offering
from meetings.booking import Booking
from meetings.models import Meeting
from navmeet.accounts.permissions import Caseworker
from navmeet.api.etags import etag
from navmeet.api.pagination import ByCursor
from navmeet.api.views import Answer, Endpoint
from navmeet.audit.record import shown
from navmeet.change import rehearse
from navmeet.exceptions import Invalid

# Where the domain's fields stand in a booking that was sent.
BOOKING_SENT: Final = {**PLACE_SENT, "colleague": "staff", "overrule_why": "overrule.why"}


class ByStart(ByCursor):
    ordering = ["starts_at", "id"]


class Meetings(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByStart
    filters = frozenset({"from", "to", "mine"})
    fields_sent = BOOKING_SENT

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
        responses={201: shapes.BookedOutput},
    )
    def post(self, request: Request) -> Response:
        """Book a meeting with one citizen, hosted by me. Answers with it, and with who is told what, when."""
        given = self.read(shapes.BookingInput)

        def do() -> Meeting:
            arguments = arguments_of_booking(given, self)
            with _offering(arguments["wanted"], self):
                return booking.book(**arguments)

        return self.once(do, lambda one, follows: Answer(shapes.booked(one, follows), status=201, version=one.version))

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
    fields_sent = BOOKING_SENT

    @extend_schema(
        operation_id="rehearse_booking", request=shapes.BookingInput, responses={200: shapes.RehearsalOutput}
    )
    def post(self, request: Request) -> Response:
        """What would follow from booking this: who will read what, and what is missing. Nothing is kept."""
        given = self.read(shapes.BookingInput)
        arguments = arguments_of_booking(given, self)
        with _offering(arguments["wanted"], self):
            return Response(shapes.RehearsalOutput(rehearse(booking.book, **arguments)).data)


def arguments_of_booking(given: dict[str, Any], view: Endpoint) -> dict[str, Any]:
    """What `booking.book` takes. The registers and the access machine are asked here."""
    answers = asking.about_person(given["person_id"], by=view.by, at=view.at)
    brought = [asking.colleague(one, person_id=given["person_id"], at=view.at) for one in given.get("staff", [])]
    staff = tuple(one.user_id for one in brought)
    return {
        "wanted": wanted(given, language=answers.language, no_texts_in=answers.no_texts_in, at=view.at, staff=staff),
        "staff_cleared": tuple(one.clearance for one in brought),
        "overrule": overrule_of(given),
        "can_be_told": answers.can_be_told,
        "citizen_contact": answers.contact,
        "safety_measures": answers.safety_measures,
        "by": view.by,
        "clearance": answers.clearance,
        "at": view.at,
    }


def _offering(asked: Booking, view: Endpoint) -> AbstractContextManager[None]:
    """With the nearest free times, where the one asked for is refused."""
    return offering(lambda: free_times.for_booking(asked, view.by), instead_of=asked.slot.starts_at, at=view.at)


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
