"""Changing a meeting through the API. Each is one verb of `operations`, against the version that was read."""

from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from meetings import asking
from meetings import serializers as shapes
from meetings.api.given import PLACE_SENT
from meetings.api.nearest import offering_to_change
from meetings.api.operations import OPERATIONS, arguments_of
from navmeet.accounts.permissions import Caseworker
from navmeet.api.etags import etag
from navmeet.api.views import Endpoint
from navmeet.change import rehearse

IF_MATCH = [OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)]
# Where the domain's `colleague` stands in what was sent.
COLLEAGUE_SENT: Final = {"colleague": "nav_ident"}
MEETING = {200: shapes.MeetingOutput}


class Change(Endpoint):
    """A change of one meeting, answered with the meeting as it is after it."""

    def change(self, name: str, asked: type[Serializer[Any]], meeting_id: UUID, *, status: int = 200) -> Response:
        """Do what `name` says in the table of operations."""
        self.do(name, asked, meeting_id)
        return self.as_it_is(meeting_id, status=status)

    def do(self, name: str, asked: type[Serializer[Any]], meeting_id: UUID) -> None:
        """The verb itself."""
        given = self.read(asked)
        version = self.version
        operation = OPERATIONS[name]
        arguments = arguments_of(operation, given, meeting_id, self)
        with offering_to_change(arguments, self):
            operation.verb(version=version, **arguments)

    def as_it_is(self, meeting_id: UUID, *, status: int = 200) -> Response:
        """The meeting after it."""
        meeting = asking.known(meeting_id, by=self.by)
        return Response(shapes.whole(meeting), status=status, headers={"ETag": etag(meeting.version)})


class Move(Change):
    permission_classes = [Caseworker]
    fields_sent = PLACE_SENT

    @extend_schema(operation_id="move_meeting", request=shapes.MoveInput, parameters=IF_MATCH, responses=MEETING)
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Hold the meeting at another time or place."""
        return self.change("move", shapes.MoveInput, meeting_id)


class Cancel(Change):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="cancel_meeting", request=shapes.WhyInput, parameters=IF_MATCH, responses=MEETING)
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """The meeting will not be held."""
        return self.change("cancel", shapes.WhyInput, meeting_id)


class ChangeFormat(Change):
    permission_classes = [Caseworker]
    fields_sent = PLACE_SENT

    @extend_schema(
        operation_id="change_format", request=shapes.ChangeFormatInput, parameters=IF_MATCH, responses=MEETING
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Hold the meeting by video, by phone or in person instead, at the same time."""
        return self.change("change_format", shapes.ChangeFormatInput, meeting_id)


class ChangeDetails(Change):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="change_details", request=shapes.ChangeDetailsInput, parameters=IF_MATCH, responses=MEETING
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """What is written to the citizen, in which language, and whether they must show who they are."""
        return self.change("change_details", shapes.ChangeDetailsInput, meeting_id)


class Reinstate(Change):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="reinstate_meeting", request=shapes.ReinstateInput, parameters=IF_MATCH, responses=MEETING
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """A cancelled meeting is to be held after all, at the time it had."""
        return self.change("reinstate", shapes.ReinstateInput, meeting_id)


class AddPartner(Change):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="add_partner",
        request=shapes.AddPartnerInput,
        parameters=IF_MATCH,
        responses={201: shapes.MeetingOutput},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """A doctor or an employer is to take part."""
        return self.change("add_partner", shapes.AddPartnerInput, meeting_id, status=201)


class ChangePartner(Change):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="change_partner", request=shapes.ChangePartnerInput, parameters=IF_MATCH, responses=MEETING
    )
    def post(self, request: Request, meeting_id: UUID, participant_id: UUID) -> Response:
        """Their contact, way in, part of the time or texts; what is not sent stays."""
        return self.change("change_partner", shapes.ChangePartnerInput, meeting_id)


class RemovePartner(Change):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="remove_partner", request=shapes.WhyInput, parameters=IF_MATCH, responses=MEETING)
    def post(self, request: Request, meeting_id: UUID, participant_id: UUID) -> Response:
        """They take part no more."""
        return self.change("remove_partner", shapes.WhyInput, meeting_id)


class ChangeWayIn(Change):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="change_way_in", request=shapes.ChangeWayInInput, parameters=IF_MATCH, responses=MEETING
    )
    def post(self, request: Request, meeting_id: UUID, participant_id: UUID) -> Response:
        """One partner takes part another way than the meeting, or as it again."""
        return self.change("change_way_in", shapes.ChangeWayInInput, meeting_id)


class End(Change):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="end_meeting", request=None, parameters=IF_MATCH, responses=MEETING)
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """The host ends the meeting: nobody comes in any more. Twice is once."""
        return self.change("end", shapes.NothingInput, meeting_id)


class Conclude(Change):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="conclude_meeting", request=shapes.ConcludeInput, parameters=IF_MATCH, responses=MEETING
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """The meeting was held, or it was not."""
        return self.change("conclude", shapes.ConcludeInput, meeting_id)


class CorrectConclusion(Change):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="correct_conclusion",
        request=shapes.CorrectConclusionInput,
        parameters=IF_MATCH,
        responses=MEETING,
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """It was said that the meeting was held, and it was not; or the other way round."""
        return self.change("correct_conclusion", shapes.CorrectConclusionInput, meeting_id)


class Called(Change):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="record_call", request=None, parameters=IF_MATCH, responses=MEETING)
    def post(self, request: Request, meeting_id: UUID, participant_id: UUID) -> Response:
        """I tried to ring them, now."""
        return self.change("call", shapes.NothingInput, meeting_id)


class SetOutcome(Change):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="set_outcome", request=shapes.OutcomeInput, parameters=IF_MATCH, responses=MEETING)
    def post(self, request: Request, meeting_id: UUID, participant_id: UUID) -> Response:
        """What became of one participant. `DID_NOT_MEET` after 15 minutes and a try to ring."""
        return self.change("outcome", shapes.OutcomeInput, meeting_id)


class Rehearsal(Endpoint):
    permission_classes = [Caseworker]
    rehearsed = ""

    def field_sent(self, field: str) -> str:
        """As in the operation itself, under its name."""
        if not self.rehearsed:
            return field
        sent = PLACE_SENT if self.rehearsed in {"move", "change_format"} else COLLEAGUE_SENT
        return f"{self.rehearsed}.{sent.get(field, field)}"

    @extend_schema(
        operation_id="rehearse_change",
        request=shapes.RehearsalInput,
        parameters=IF_MATCH,
        responses={200: shapes.RehearsalOutput},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """What would follow from a change: who is told what, when. Nothing is kept."""
        ((name, given),) = self.read(shapes.RehearsalInput).items()
        version = self.version
        self.rehearsed = name
        operation = OPERATIONS[name]
        arguments = arguments_of(operation, dict(given), meeting_id, self)
        with offering_to_change(arguments, self):
            found = rehearse(operation.verb, version=version, **arguments)
        return Response(shapes.RehearsalOutput(found).data)
