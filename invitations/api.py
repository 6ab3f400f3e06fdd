"""The API for invitations: the citizen's own, and the caseworker's log of messages."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invitations import answers, calendar_entry, consents, reading
from invitations import serializers as shapes
from invitations.messages.log import message_log
from invitations.messages.tell_now import tell_now
from invitations.models import Answer, Consent
from invitations.suggesting import Wish
from meetings import asking
from navmeet.accounts import addresses
from navmeet.accounts.permissions import Caseworker, Citizen
from navmeet.api.pagination import ByCursor
from navmeet.api.views import Answer as ApiAnswer
from navmeet.api.views import Endpoint
from navmeet.audit.record import shown

_KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class NewestFirst(ByCursor):
    ordering = ["-participant__meeting__starts_at", "-id"]


class OwnInvitations(Endpoint):
    permission_classes = [Citizen]
    pagination_class = NewestFirst

    @extend_schema(operation_id="list_own_invitations", responses={200: shapes.OwnInvitationRowOutput(many=True)})
    def get(self, request: Request) -> Response:
        """My meetings with Nav, the latest first."""
        return self.page(reading.mine(self.by), shapes.OwnInvitationRowOutput)


class OwnInvitation(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(operation_id="read_own_invitation", responses={200: shapes.OwnInvitationOutput})
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """One of my invitations, whole."""
        language = get_language() or "nb"
        read = reading.read(invitation_id, by=self.by)
        question = consents.video_text(language)
        return Response(
            shapes.whole(read, language=language, question=question, question_version=consents.VIDEO_VERSION)
        )


class Answers(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(
        operation_id="answer_invitation",
        request=shapes.AnswerInput,
        parameters=[_KEY],
        responses={201: shapes.AnswerOutput},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Answer, or change the answer. The last one counts."""
        given = self.read(shapes.AnswerInput)

        def do() -> Answer:
            return answers.answer(
                invitation_id=invitation_id,
                revision_number=given["revision"],
                kind=Answer.Kind(given["kind"]),
                words=given["words"],
                wish=Wish(suggests=tuple(given["suggests"]), wants=given["wants"]),
                by=self.by,
                at=self.at,
            )

        return self.once(do, lambda kept, _: ApiAnswer(body=dict(shapes.AnswerOutput(kept).data), status=201))


class VideoChoice(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(
        operation_id="choose_video",
        request=shapes.VideoChoiceInput,
        parameters=[_KEY],
        responses={201: shapes.VideoChoiceOutput},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Say yes or no to meeting by video. A no leads to phone or in person, without a reason and without loss."""
        given = self.read(shapes.VideoChoiceInput)

        def do() -> Consent:
            return consents.choose_video(
                invitation_id=invitation_id,
                said_yes=given["yes"],
                text_version=given["text_version"],
                language=given["language"],
                by=self.by,
                at=self.at,
            )

        return self.once(do, lambda kept, _: ApiAnswer(body=dict(shapes.VideoChoiceOutput(kept).data), status=201))


class CalendarEntry(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(operation_id="own_calendar_entry", responses={(200, "text/calendar"): OpenApiTypes.BINARY})
    def get(self, request: Request, invitation_id: UUID) -> HttpResponse:
        """The calendar entry, as of now."""
        read = reading.read(invitation_id, by=self.by)
        return calendar_entry.response(read, language=get_language() or "nb")


class StaffCalendarEntry(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="staff_calendar_entry", responses={(200, "text/calendar"): OpenApiTypes.BINARY})
    def get(self, request: Request, meeting_id: UUID) -> HttpResponse:
        """Your own calendar entry of a meeting you take part in: no names and no theme, and the link to its page."""
        link = addresses.whole(request, reverse("meeting", args=[meeting_id]))
        return calendar_entry.staff_response(meeting_id, link=link, by=self.by)


class Messages(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="list_messages", responses={200: shapes.MessageOutput(many=True)})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """Everything told, or to be told, about a meeting: when, through what, what became of it, and why not."""
        meeting = asking.meeting_to_open(meeting_id, by=self.by, at=self.at)
        shown("messages.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        return Response(shapes.MessageOutput(message_log(meeting), many=True).data)


class TellNow(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="tell_now", request=None, responses={200: shapes.MessageOutput(many=True)})
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Tell the changes that wait for their ten minutes now. Answers with all messages of the meeting."""
        self.read(shapes.TellNowInput)
        answers_now = asking.about_meeting(meeting_id, by=self.by, at=self.at)
        meeting = tell_now(meeting_id=meeting_id, by=self.by, clearance=answers_now.clearance, at=self.at)
        shown("messages.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        return Response(shapes.MessageOutput(message_log(meeting), many=True).data)
