"""The API for repairing what did not arrive: sent again, to a corrected address, or told by phone."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invitations import repair_serializers as shapes
from invitations import repairing, undelivered
from invitations.messages.again import SentAgain as Again
from invitations.models import Because
from meetings import asking
from meetings.serializers import TaskOutput
from navmeet.accounts.permissions import Caseworker, Staff
from navmeet.api.pagination import ByCursor
from navmeet.api.views import Answer, Endpoint
from navmeet.people import clearance

_KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class NewestTrouble(ByCursor):
    ordering = ["-trouble_at", "-id"]


class Undelivered(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = NewestTrouble
    filters = frozenset({"cause"})

    @extend_schema(
        operation_id="list_undelivered",
        parameters=[OpenApiParameter("cause", str, enum=list(undelivered.CAUSES))],
        responses={200: shapes.UndeliveredOutput(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Whom my office's messages did not reach, by what cause, and what can be done; the newest trouble first."""
        found = undelivered.visible_to(self.by, cause=request.query_params.get("cause"), at=self.at)
        pages = NewestTrouble()
        page = pages.paginate_queryset(found, request, self) or []
        troubles = undelivered.rows(page, at=self.at)
        return pages.get_paginated_response(shapes.UndeliveredOutput(troubles, many=True).data)


class SentAgain(Endpoint):
    permission_classes = [Staff]

    @extend_schema(
        operation_id="send_again",
        request=shapes.SendAgainInput,
        parameters=[_KEY],
        responses={201: shapes.SentAgainOutput},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Tell a citizen or a partner the last they should know, once more. Refused (409), with why, where it cannot.

        A citizen's contact data are asked for anew. To a cancelled meeting it is the cancellation, after the meeting
        what was told of minutes.
        """
        given = self.read(shapes.SendAgainInput)
        whom = repairing.whom(invitation_id, by=self.by)
        if whom.is_partner:
            allowed, can_be_told = clearance.ask(person_id=whom.person_id, by=self.by, at=self.at), True
        else:
            answers = asking.about_person(whom.person_id, by=self.by, at=self.at)
            allowed, can_be_told = answers.clearance, answers.can_be_told

        def do() -> Again:
            return repairing.send_again(
                invitation_id=invitation_id,
                because=Because(given["because"]),
                can_be_told=can_be_told,
                by=self.by,
                clearance=allowed,
                at=self.at,
            )

        return self.once(do, lambda sent, _: Answer(body=shapes.sent_again(sent), status=201))


class CorrectedContact(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="correct_contact_and_send_again",
        request=shapes.CorrectContactInput,
        parameters=[_KEY],
        responses={201: shapes.SentAgainOutput},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """A partner's address or number as it should be, and what they should know sent there; both, or neither."""
        given = self.read(shapes.CorrectContactInput)
        whom = repairing.whom(invitation_id, by=self.by)
        answers = asking.about_person(whom.person_id, by=self.by, at=self.at)

        def do() -> Again:
            return repairing.correct_and_send_again(
                invitation_id=invitation_id,
                email=given["email"],
                phone=given["phone"],
                citizen_contact=answers.contact,
                by=self.by,
                clearance=answers.clearance,
                at=self.at,
            )

        return self.once(do, lambda sent, _: Answer(body=shapes.sent_again(sent), status=201))


class Called(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="told_by_phone", request=shapes.CalledInput, responses={200: TaskOutput})
    def post(self, request: Request, message_id: UUID) -> Response:
        """Note that you rang and told them what this message did not. Twice is once."""
        self.read(shapes.CalledInput)
        person_id = repairing.meeting_of(message_id, by=self.by).citizen_id()
        allowed = clearance.ask(person_id=person_id, by=self.by, at=self.at)
        task = repairing.called(message_id=message_id, by=self.by, clearance=allowed, at=self.at)
        return Response(TaskOutput(task).data)
