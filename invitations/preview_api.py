"""The API for looking at texts before anything is sent."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invitations.messages import preview, texts
from invitations.models import Channel, Occasion, Step
from meetings import asking
from navmeet.accounts.permissions import Caseworker
from navmeet.api.views import Endpoint
from navmeet.audit.record import shown
from navmeet.exceptions import Invalid


class PreviewOutput(serializers.Serializer[Any]):
    """`refused` is empty, or says why this cannot be sent as it is: then there are no words.

    `sms_length` counts UTF-16 units, `sms_parts` the messages that a telephone puts it together from. The link stands
    as `{lenke}`. `version` is of the sentences.
    """

    occasion = serializers.ChoiceField(choices=Occasion.choices)
    step = serializers.ChoiceField(choices=Step.choices)
    what = serializers.CharField()
    language = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    ditt_nav = serializers.CharField()
    sms = serializers.CharField()
    sms_length = serializers.IntegerField()
    sms_parts = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField()
    refused = serializers.CharField()
    version = serializers.CharField()


class Texts(Endpoint):
    permission_classes = [Caseworker]
    filters = frozenset({"participant", "occasion", "step", "language"})

    @extend_schema(
        operation_id="preview_texts",
        parameters=[
            OpenApiParameter("participant", UUID, description="Who is told; the citizen where nobody is named."),
            OpenApiParameter("occasion", str, enum=Occasion.values),
            OpenApiParameter("step", str, enum=Step.values),
            OpenApiParameter("language", str, enum=texts.LANGUAGES),
        ],
        responses={200: PreviewOutput(many=True)},
    )
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """What one who takes part may come to be told, as it would be sent for this meeting. Nothing is kept of it."""
        wanted = preview.Wanted(
            occasion=self._one_of("occasion", Occasion.values),
            step=self._one_of("step", Step.values),
            language=self._one_of("language", texts.LANGUAGES),
        )
        participant_id = self._participant_id()
        meeting = asking.meeting_to_open(meeting_id, by=self.by, at=self.at)
        participant = preview.participant_of(meeting, participant_id)
        shown("texts.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        return Response(PreviewOutput(preview.of_participant(meeting, participant, wanted), many=True).data)

    def _one_of(self, name: str, allowed: Collection[str]) -> str:
        given = self.request.query_params.get(name, "")
        if given and given not in allowed:
            raise Invalid(f"Velg en av disse: {', '.join(allowed)}.", code="unknown_value", field=name)
        return given

    def _participant_id(self) -> UUID | None:
        given = self.request.query_params.get("participant", "")
        try:
            return UUID(given) if given else None
        except ValueError:
            raise Invalid("Oppgi deltakeren som en UUID.", code="not_a_uuid", field="participant") from None
