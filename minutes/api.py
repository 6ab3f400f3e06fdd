"""The API of minutes: one class an operation, one call into the domain."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from minutes import edge, reading, sharing, writing
from minutes import serializers as shapes
from minutes.models import Version
from minutes.reading import Minutes
from minutes.sections import Section, SectionCode
from navmeet.accounts.permissions import Caseworker, CitizenHigh
from navmeet.api.etags import etag
from navmeet.api.views import Answer, Endpoint

_IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)
_KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class _StaffEndpoint(Endpoint):
    permission_classes = [Caseworker]

    def found(self, meeting_id: UUID) -> Minutes:
        clearance = edge.may_open(meeting_id, by=self.by, at=self.at)
        return reading.minutes_of(meeting_id=meeting_id, by=self.by, clearance=clearance, at=self.at)


class MeetingMinutes(_StaffEndpoint):
    @extend_schema(operation_id="open_minutes", responses={200: shapes.MinutesOutput})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """Every version shared, and the draft for those who may write it. Kept as an opening of the citizen's data."""
        return Response(shapes.MinutesOutput(self.found(meeting_id)).data)


class MeetingDraft(_StaffEndpoint):
    @extend_schema(operation_id="open_minutes_draft", responses={200: shapes.DraftOutput})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """The draft as it stands, empty before the first save; its version is the ETag."""
        clearance = edge.may_open(meeting_id, by=self.by, at=self.at)
        draft = reading.draft_of(meeting_id=meeting_id, by=self.by, clearance=clearance, at=self.at)
        return Response(shapes.DraftOutput(draft).data, headers={"ETag": etag(draft.version)})

    @extend_schema(
        operation_id="save_minutes_draft",
        request=shapes.DraftInput,
        parameters=[_IF_MATCH],
        responses={200: shapes.DraftOutput},
    )
    def put(self, request: Request, meeting_id: UUID) -> Response:
        """Save the draft that was written on the version in If-Match.

        412 when somebody else has saved since: nothing is stored, and a GET gives the newest, to be shown beside.
        """
        given = self.read(shapes.DraftInput)
        draft = writing.save_draft(
            meeting_id=meeting_id,
            sections=[Section(SectionCode(one["code"]), one["text"]) for one in given["sections"]],
            version=self._written_on,
            by=self.by,
            clearance=edge.may_open(meeting_id, by=self.by, at=self.at),
            at=self.at,
        )
        saved = reading.written(draft)
        return Response(shapes.DraftOutput(saved).data, headers={"ETag": etag(saved.version)})

    @property
    def _written_on(self) -> int:
        """From If-Match; `"0"` is what GET gives before the first save."""
        given = self.request.headers.get("If-Match", "").strip()
        return writing.NOTHING_YET if given == etag(writing.NOTHING_YET) else self.version


class ShareMinutes(_StaffEndpoint):
    @extend_schema(
        operation_id="share_minutes",
        request=shapes.ShareInput,
        parameters=[_KEY],
        responses={201: shapes.SharedOutput},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Share the draft of this version with the citizen, who is told. Sharing it twice is sharing it once."""
        given = self.read(shapes.ShareInput)

        def do() -> Version:
            answers = edge.may_open_and_tell(meeting_id, by=self.by, at=self.at)
            return sharing.share(
                meeting_id=meeting_id,
                version=given["version"],
                can_be_told=answers.can_be_told,
                by=self.by,
                clearance=answers.clearance,
                at=self.at,
            )

        return self.once(do, lambda version, _: Answer(body=dict(shapes.SharedOutput(version).data), status=201))


class OwnMinutes(Endpoint):
    permission_classes = [CitizenHigh]

    @extend_schema(operation_id="list_own_minutes", responses={200: shapes.OwnVersionRowOutput(many=True)})
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """The versions shared with me, the newest first."""
        listed = reading.shared_with(invitation_id=invitation_id, by=self.by)
        return Response(shapes.OwnVersionRowOutput(listed, many=True).data)


class OwnMinutesVersion(Endpoint):
    permission_classes = [CitizenHigh]
    # No HEAD: to be given the text is kept as having read it, and a HEAD gives none.
    http_method_names = ["get", "options"]

    @extend_schema(operation_id="read_own_minutes", responses={200: shapes.OwnVersionOutput})
    def get(self, request: Request, invitation_id: UUID, number: int) -> Response:
        """One version, whole. That I was given it is kept, the first time, and shown to Nav as read."""
        read = reading.read_version(invitation_id=invitation_id, number=number, by=self.by, at=self.at)
        return Response(shapes.OwnVersionOutput(read).data)
