"""The API for the door: the lobby for those who keep it, and whether it is open for one who is invited.

Each of these done twice is done once, so none asks for an Idempotency-Key.
"""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invitations import admission, door, identity, reading, waiting
from invitations.models import IdentityCheck, Visit
from meetings import asking
from meetings.models import Role
from meetings.texts import SENTENCE
from navmeet.accounts.actor import Level
from navmeet.accounts.permissions import Caseworker, Citizen
from navmeet.api.serializers import Choice, Id, Strict, Text, YesNo
from navmeet.api.views import Endpoint
from navmeet.audit.record import shown
from navmeet.exceptions import NotFound

DECISIONS = [(one.value, one.value) for one in door.Decision]
LEVELS = [(one.value, one.name) for one in Level]


class AdmitInput(Strict):
    """`instead`: in the place of whoever is in with the same link, who is then turned away."""

    instead = YesNo(required=False, default=False)


class WordInput(Strict):
    """Shown to whoever waits there, who may be known by nothing but a link."""

    words = Text(max_length=SENTENCE, lines=True)


class IdentityInput(Strict):
    """`document` goes with ID_SHOWN, `words` with OTHERWISE."""

    participant_id = Id()
    how = Choice(choices=IdentityCheck.How.choices)
    document = Choice(
        choices=[(one.value, one.name) for one in IdentityCheck.Document if one.value], required=False, default=""
    )
    words = Text(max_length=SENTENCE, required=False, allow_blank=True, default="")


class IdentityOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    participant_id = serializers.UUIDField()
    how = serializers.ChoiceField(choices=IdentityCheck.How.choices)
    document = serializers.ChoiceField(choices=IdentityCheck.Document.choices, allow_blank=True)
    at = serializers.DateTimeField()


class VisitOutput(serializers.Serializer[Any]):
    """`name` is what they call themselves; `assurance` how sure it is who they are; `decision` the door's, for them.

    `same_link`: how many come with this link; `surer_with_same_link` and `another_is_in`: another of them is surer
    known, or let in; `turned_away_at`: when one of them was turned away before. `inside`: how many connections the
    platform tells of.
    """

    id = serializers.UUIDField(source="visit.pk")
    participant_id = serializers.UUIDField(source="participant.pk")
    role = serializers.ChoiceField(choices=Role.choices, source="participant.role")
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Visit.State.choices, source="visit.state")
    assurance = serializers.ChoiceField(choices=LEVELS, source="visit.assurance")
    wants = serializers.ChoiceField(choices=Visit.Wants.choices, allow_blank=True, source="visit.wants")
    arrived_at = serializers.DateTimeField(source="visit.arrived_at")
    entered_at = serializers.DateTimeField(source="visit.entered_at", allow_null=True)
    is_here = serializers.BooleanField()
    decision = serializers.ChoiceField(choices=DECISIONS)
    same_link = serializers.IntegerField()
    surer_with_same_link = serializers.UUIDField(source="beside.surer.pk", allow_null=True, default=None)
    another_is_in = serializers.UUIDField(source="beside.inside.pk", allow_null=True, default=None)
    turned_away_at = serializers.DateTimeField(source="beside.turned_away_at", allow_null=True)
    inside = serializers.IntegerField()
    must_show_identity = serializers.BooleanField()
    identity = IdentityOutput(source="check", allow_null=True)


class LobbyOutput(serializers.Serializer[Any]):
    """`decision` is the door's, for those from Nav; `must_leave` are to go out of the video meeting now."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    opens_at = serializers.DateTimeField()
    waiting = VisitOutput(many=True)
    admitted = VisitOutput(many=True)
    must_leave = VisitOutput(many=True)


class DecidedOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Visit.State.choices)


class DoorOutput(serializers.Serializer[Any]):
    """Whether the door is open for oneself just now, and from when."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    opens_at = serializers.DateTimeField()


class Lobby(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="read_lobby", responses={200: LobbyOutput})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """Who waits and who was let in, for those from Nav on the meeting's list."""
        meeting = asking.meeting_to_open(meeting_id, by=self.by, at=self.at)
        found = waiting.lobby_of(meeting, by=self.by, at=self.at)
        shown("door.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        return Response(LobbyOutput(found).data)


class Admit(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="admit_visit", request=AdmitInput, responses={200: DecidedOutput})
    def post(self, request: Request, visit_id: UUID) -> Response:
        """Let somebody in."""
        instead = self.read(AdmitInput)["instead"]
        visit = admission.admit(visit_id=visit_id, by=self.by, at=self.at, instead=instead)
        return Response(DecidedOutput(visit).data)


class TurnAway(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="turn_visit_away", request=None, responses={200: DecidedOutput})
    def post(self, request: Request, visit_id: UUID) -> Response:
        """Do not let somebody in, or not any more."""
        return Response(DecidedOutput(admission.turn_away(visit_id=visit_id, by=self.by, at=self.at)).data)


class Word(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="send_word_to_visit", request=WordInput, responses={200: DecidedOutput})
    def post(self, request: Request, visit_id: UUID) -> Response:
        """A sentence to one who waits; the last one stands."""
        words = self.read(WordInput)["words"]
        visit = admission.send_word(visit_id=visit_id, words=words, by=self.by, at=self.at)
        return Response(DecidedOutput(visit).data)


class Identity(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="check_identity", request=IdentityInput, responses={200: IdentityOutput})
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Note how it was made sure who a participant is. Of a document only its kind."""
        given = self.read(IdentityInput)
        meeting = asking.known(meeting_id, by=self.by)
        if not meeting.participants.filter(pk=given["participant_id"]).exists():
            raise NotFound("Vi finner ikke deltakeren.", code="participant_not_found")
        check = identity.check_identity(**given, by=self.by, at=self.at)
        return Response(IdentityOutput(check).data)


class OwnDoor(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(operation_id="read_own_door", responses={200: DoorOutput})
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """May I come in now? Decided anew at each question, and again at the click."""
        found = reading.read(invitation_id, by=self.by).invitation
        told = {"decision": door.may_come_in(found, self.at), "opens_at": door.opens_at(found.participant)}
        return Response(DoorOutput(told).data)
