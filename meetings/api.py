"""The staff API for meetings: one class an operation, one call into the domain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import asking, booking, changes, todo
from meetings import serializers as shapes
from meetings.models import Format, Meeting, Reason, Task
from meetings.places import Place
from meetings.texts import CitizenTexts
from meetings.times import Slot, slot
from navmeet.accounts.permissions import Caseworker
from navmeet.api.etags import etag
from navmeet.api.pagination import ByCursor
from navmeet.api.views import Answer, Endpoint
from navmeet.audit.record import shown
from navmeet.change import rehearse
from navmeet.exceptions import Invalid
from navmeet.people import meet


class FindPerson(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="find_person", request=shapes.FindPersonInput, responses={200: shapes.FoundPersonOutput}
    )
    def post(self, request: Request) -> Response:
        """Find a citizen by identity number. The number is in the body, never in an address."""
        given = self.read(shapes.FindPersonInput)
        found = meet.meet(given["number"], by=self.by, at=self.at)
        shown("person.found", to=self.by, person_id=found.person.pk, at=self.at)
        return Response(
            {
                "person_id": found.person.pk,
                "name": found.person.name,
                "language": found.language,
                "protection": found.person.protection,
                "can_be_told_digitally": found.contact.can_be_told,
                "is_reserved": found.contact.reserved,
                "safety_measures": list(found.facts.safety_measures),
            }
        )


class ByStart(ByCursor):
    ordering = ["starts_at", "id"]


class Meetings(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByStart

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
            answers = asking.about_person(given["person_id"], by=self.by, at=self.at)
            return booking.book(
                wanted=wanted(given, language=answers.language, at=self.at),
                can_be_told=answers.can_be_told,
                by=self.by,
                clearance=answers.clearance,
                at=self.at,
            )

        return self.once(do, lambda meeting, _: Answer(body=shapes.whole(meeting), status=201, version=meeting.version))

    def _chosen(self) -> QuerySet[Meeting]:
        chosen = Meeting.objects.visible_to(self.by)
        if self.request.query_params.get("mine") == "true":
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


class Move(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="move_meeting",
        request=shapes.MoveInput,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)],
        responses={200: shapes.MeetingOutput},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Hold the meeting at another time or place."""
        given = self.read(shapes.MoveInput)
        version = self.version
        meeting = changes.move(version=version, **move_arguments(given, meeting_id, self))
        return Response(shapes.whole(meeting), headers={"ETag": etag(meeting.version)})


class Cancel(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="cancel_meeting",
        request=shapes.WhyInput,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)],
        responses={200: shapes.MeetingOutput},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """The meeting will not be held."""
        given = self.read(shapes.WhyInput)
        version = self.version
        meeting = changes.cancel(version=version, **cancel_arguments(given, meeting_id, self))
        return Response(shapes.whole(meeting), headers={"ETag": etag(meeting.version)})


class Rehearsal(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="rehearse_change",
        request=shapes.RehearsalInput,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)],
        responses={200: shapes.RehearsalOutput},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """What would follow from a change: who is told what, when. Nothing is kept."""
        given = self.read(shapes.RehearsalInput)
        version = self.version
        if "move" in given:
            found = rehearse(changes.move, version=version, **move_arguments(given["move"], meeting_id, self))
        else:
            found = rehearse(changes.cancel, version=version, **cancel_arguments(given["cancel"], meeting_id, self))
        return Response(shapes.RehearsalOutput(found).data)


class ByDue(ByCursor):
    ordering = ["due_at", "id"]


class Tasks(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByDue

    @extend_schema(operation_id="list_tasks", responses={200: shapes.TaskOutput(many=True)})
    def get(self, request: Request) -> Response:
        """What needs me and my office, the most urgent first."""
        open_ones = Task.objects.filter(meeting__in=Meeting.objects.visible_to(self.by), done_at=None)
        return self.page(open_ones, shapes.TaskOutput)


class TaskDone(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="finish_task", request=None, responses={200: shapes.TaskOutput})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Tick off a task. Twice is once."""
        return Response(shapes.TaskOutput(todo.finish(task_id=task_id, by=self.by, at=self.at)).data)


def wanted(given: dict[str, Any], *, language: str, at: datetime) -> booking.Booking:
    """A booking out of validated input."""
    return booking.Booking(
        person_id=given["person_id"],
        type_code=given["type"],
        format=Format(given["format"]),
        slot=_slot(given, at),
        place=Place(**given.get("place", {})),
        texts=CitizenTexts(theme=given["theme"], purpose=given["purpose"], preparations=given["preparations"]),
        check_identity=given["check_identity"],
        language=language,
    )


def move_arguments(given: dict[str, Any], meeting_id: UUID, view: Endpoint) -> dict[str, Any]:
    """What `changes.move` takes, apart from the version."""
    return {
        "to": _slot(given, view.at),
        "place": Place(**given["place"]) if "place" in given else None,
        **cancel_arguments(given, meeting_id, view),
    }


def cancel_arguments(given: dict[str, Any], meeting_id: UUID, view: Endpoint) -> dict[str, Any]:
    """What `changes.cancel` takes, apart from the version."""
    answers = asking.about_meeting(meeting_id, by=view.by, at=view.at)
    return {
        "meeting_id": meeting_id,
        "why": changes.Why(reason=Reason(given["reason"]), sentence=given["sentence"]),
        "can_be_told": answers.can_be_told,
        "by": view.by,
        "clearance": answers.clearance,
        "at": view.at,
    }


def _slot(given: dict[str, Any], at: datetime) -> Slot:
    return slot(day=given["day"], clock=given["time"], minutes=given["minutes"], fold=given.get("fold"), at=at)


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
