"""The API for asking for another time or format, settling it, and recording what a citizen said."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invitations import reading, recorded, suggesting, wishes
from invitations import serializers as answer_shapes
from invitations import wish_serializers as shapes
from invitations.models import Answer, Consent, Given, Reply
from meetings import asking
from navmeet.accounts.permissions import Caseworker, Citizen, Staff
from navmeet.api.views import Answer as ApiAnswer
from navmeet.api.views import Endpoint
from navmeet.audit.record import shown
from navmeet.people import clearance

_KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class OwnOfferedTimes(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(operation_id="list_own_offered_times", responses={200: shapes.OfferedOutput})
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """Times that would suit all in my meeting, to suggest among. Whose time is taken otherwise is not told."""
        read = reading.read(invitation_id, by=self.by)
        times = suggesting.offered(read.meeting, at=self.at) if read.is_open else ()
        return Response(shapes.OfferedOutput({"times": times}).data)


class OwnWithdrawal(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(operation_id="withdraw_own_wish", request=shapes.NothingInput, responses={204: None})
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Take back my wish for another time or format; what I answered before counts again."""
        self.read(shapes.NothingInput)
        wishes.withdraw(invitation_id=invitation_id, by=self.by, at=self.at)
        return Response(status=204)


class Wishes(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="list_wishes", responses={200: shapes.WishOutput(many=True)})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """What those who take part have asked for and not heard about, the oldest first."""
        meeting = asking.meeting_to_open(meeting_id, by=self.by, at=self.at)
        shown("wishes.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        return Response(shapes.WishOutput(wishes.open_in(meeting, self.at), many=True).data)


class WishStands(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="answer_wish",
        request=shapes.StandsInput,
        parameters=[_KEY],
        responses={201: shapes.ReplyOutput},
    )
    def post(self, request: Request, wish_id: UUID) -> Response:
        """Say that the meeting stands, and why, to the one who asked. To meet a wish: move, or change the format."""
        given = self.read(shapes.StandsInput)
        meeting_id = wishes.find(wish_id, by=self.by).invitation.participant.meeting_id
        answers = asking.about_meeting(meeting_id, by=self.by, at=self.at)

        def do() -> Reply:
            return wishes.stands(
                answer_id=wish_id,
                sentence=given["sentence"],
                can_be_told=answers.can_be_told,
                by=self.by,
                clearance=answers.clearance,
                at=self.at,
            )

        return self.once(do, lambda kept, _: ApiAnswer(body=dict(shapes.ReplyOutput(kept).data), status=201))


class RecordedAnswer(Endpoint):
    permission_classes = [Staff]

    @extend_schema(
        operation_id="record_answer",
        request=shapes.RecordedAnswerInput,
        parameters=[_KEY],
        responses={201: answer_shapes.AnswerOutput},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Keep what the citizen answered, or asked for, by phone, at the counter or in a letter."""
        given = self.read(shapes.RecordedAnswerInput)
        allowed = clearance.ask(person_id=recorded.person_of(invitation_id, by=self.by), by=self.by, at=self.at)

        def do() -> Answer:
            return recorded.record_answer(
                invitation_id=invitation_id,
                said=shapes.said(given),
                how=Given(given["how"]),
                by=self.by,
                clearance=allowed,
                at=self.at,
            )

        return self.once(do, lambda kept, _: ApiAnswer(body=dict(answer_shapes.AnswerOutput(kept).data), status=201))


class RecordedChoice(Endpoint):
    permission_classes = [Staff]

    @extend_schema(
        operation_id="record_video_choice",
        request=shapes.RecordedChoiceInput,
        parameters=[_KEY],
        responses={201: answer_shapes.VideoChoiceOutput},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Keep the citizen's yes or no to video, said by phone, at the counter or in a letter."""
        given = self.read(shapes.RecordedChoiceInput)
        allowed = clearance.ask(person_id=recorded.person_of(invitation_id, by=self.by), by=self.by, at=self.at)

        def do() -> Consent:
            return recorded.record_choice(
                invitation_id=invitation_id,
                said_yes=given["yes"],
                how=Given(given["how"]),
                by=self.by,
                clearance=allowed,
                at=self.at,
            )

        return self.once(
            do, lambda kept, _: ApiAnswer(body=dict(answer_shapes.VideoChoiceOutput(kept).data), status=201)
        )
