"""The API for who from outside Nav takes part: what the citizen is told and asked, and what is recorded as said."""

from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invitations import reading, releases
from invitations import release_serializers as shapes
from invitations.models import Consent
from meetings import asking
from meetings.models import Task
from navmeet.accounts.permissions import Caseworker, Citizen, CitizenHigh
from navmeet.api.views import Answer, Endpoint
from navmeet.audit.record import shown

_KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class OwnPartners(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(operation_id="list_own_partners", responses={200: shapes.PartnerSeenOutput(many=True)})
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """Who from outside Nav takes part in my meeting, on which basis, and what I have said about it."""
        read = reading.read(invitation_id, by=self.by)
        seen = releases.partners_of(read.invitation, get_language() or "nb")
        return Response(shapes.PartnerSeenOutput(seen, many=True).data)


class OwnRelease(Endpoint):
    permission_classes = [CitizenHigh]

    @extend_schema(
        operation_id="answer_release",
        request=shapes.ReleaseInput,
        parameters=[_KEY],
        responses={201: shapes.ReleaseOutput},
    )
    def post(self, request: Request, invitation_id: UUID, participant_id: UUID) -> Response:
        """Say whether this partner may take part. The last word counts; a no takes effect at once."""
        given = self.read(shapes.ReleaseInput)

        def do() -> Consent:
            return releases.answer_release(
                invitation_id=invitation_id,
                recipient_id=participant_id,
                said_yes=given["yes"],
                text_version=given["text_version"],
                language=given["language"],
                by=self.by,
                at=self.at,
            )

        return self.once(do, _kept)


class OwnQuestion(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(
        operation_id="ask_about_partner", request=None, parameters=[_KEY], responses={201: shapes.AskedOutput}
    )
    def post(self, request: Request, invitation_id: UUID, participant_id: UUID) -> Response:
        """Ask my caseworker to contact me about this partner. Asking twice is asking once."""

        def do() -> Task:
            return releases.ask_about_partner(
                invitation_id=invitation_id, recipient_id=participant_id, by=self.by, at=self.at
            )

        return self.once(do, lambda task, _: Answer(body=dict(shapes.AskedOutput(task).data), status=201))


class Releases(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="list_releases", responses={200: shapes.PartnerSeenOutput(many=True)})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """The partners of a meeting as its citizen reads of them, and what the citizen has said."""
        meeting = asking.meeting_to_open(meeting_id, by=self.by, at=self.at)
        shown("releases.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        citizen = meeting.citizen()
        seen = releases.partners_of(citizen.invitation, citizen.language)
        return Response(shapes.PartnerSeenOutput(seen, many=True).data)


class RecordedRelease(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(
        operation_id="record_release",
        request=shapes.RecordedReleaseInput,
        parameters=[_KEY],
        responses={201: shapes.ReleaseOutput},
    )
    def post(self, request: Request, meeting_id: UUID, participant_id: UUID) -> Response:
        """Record what the citizen said by phone, at the counter or in a letter. They see it, and can change it."""
        given = self.read(shapes.RecordedReleaseInput)
        answers = asking.about_meeting(meeting_id, by=self.by, at=self.at)

        def do() -> Consent:
            return releases.record_release(
                meeting_id=meeting_id,
                recipient_id=participant_id,
                said_yes=given["yes"],
                how=Consent.Given(given["how"]),
                by=self.by,
                clearance=answers.clearance,
                at=self.at,
            )

        return self.once(do, _kept)


def _kept(consent: Consent, _: object) -> Answer:
    return Answer(body=dict(shapes.ReleaseOutput(consent).data), status=201)
