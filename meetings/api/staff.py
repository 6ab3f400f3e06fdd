"""Who from Nav takes part, and who leads, through the API. A colleague is named by their Nav ident."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import serializers as shapes
from meetings.api.changes import COLLEAGUE_SENT, IF_MATCH, MEETING, Change
from meetings.models import Meeting
from navmeet.accounts.permissions import Caseworker


class AddStaff(Change):
    permission_classes = [Caseworker]
    fields_sent = COLLEAGUE_SENT

    @extend_schema(
        operation_id="add_staff",
        request=shapes.AddStaffInput,
        parameters=IF_MATCH,
        responses={201: shapes.MeetingOutput},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """A colleague is to take part. They must be able to open the citizen themselves."""
        return self.change("add_staff", shapes.AddStaffInput, meeting_id, status=201)


class RemoveStaff(Change):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="remove_staff", request=shapes.WhyInput, parameters=IF_MATCH, responses=MEETING)
    def post(self, request: Request, meeting_id: UUID, participant_id: UUID) -> Response:
        """A colleague takes part no more."""
        return self.change("remove_staff", shapes.WhyInput, meeting_id)


class HandOver(Change):
    permission_classes = [Caseworker]
    fields_sent = COLLEAGUE_SENT

    @extend_schema(
        operation_id="hand_over",
        request=shapes.HandOverInput,
        parameters=IF_MATCH,
        responses={200: shapes.MeetingOutput, 204: None},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Somebody else leads the meeting. 204 where you may not know of it any more: it is another office's."""
        self.do("hand_over", shapes.HandOverInput, meeting_id)
        if not Meeting.objects.visible_to(self.by).filter(pk=meeting_id).exists():
            return Response(status=204)
        return self.as_it_is(meeting_id)
