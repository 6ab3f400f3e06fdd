"""Wishes, what is recorded for a citizen, and what an adviser sees, as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from invitations.advising import Seen
from invitations.answers import Said
from invitations.models import Answer, Given, Invitation, Reply
from invitations.serializers import AnswerOutput, MessageOutput, VideoChoiceOutput
from invitations.suggesting import MOST, Wish
from meetings.models import Caller, Format, Role, Status
from meetings.texts import SENTENCE
from navmeet.api.serializers import Choice, Moment, Number, Several, Strict, Text, YesNo, instant

_HOW = [choice for choice in Given.choices if choice[0] != Given.PAGE]


class NothingInput(Strict):
    """Nothing more needs to be said."""


class RecordedAnswerInput(Strict):
    """`revision` is what the citizen was told of; `how` they said it."""

    revision = Number(min_value=1, max_value=1_000_000)
    kind = Choice(choices=Answer.Kind.choices)
    words = Text(max_length=SENTENCE, required=False, allow_blank=True, default="", lines=True)
    suggests = Several(max_length=MOST, child=Moment(), required=False, default=list)
    wants = Choice(choices=Format.choices, required=False, allow_blank=True, default="")
    how = Choice(choices=_HOW)


class RecordedChoiceInput(Strict):
    yes = YesNo()
    how = Choice(choices=_HOW)


class StandsInput(Strict):
    """Why the meeting stands, for the one who asked alone."""

    sentence = Text(max_length=SENTENCE, lines=True)


class FindCitizenInput(Strict):
    citizen_number = Text(max_length=40)


class OfferedOutput(serializers.Serializer[Any]):
    times = serializers.ListField(child=serializers.DateTimeField())


class WishOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    participant_id = serializers.UUIDField(source="invitation.participant_id")
    role = serializers.ChoiceField(choices=Role.choices, source="invitation.participant.role")
    kind = serializers.ChoiceField(choices=Answer.Kind.choices)
    words = serializers.CharField(allow_null=True)
    suggests = serializers.ListField(child=serializers.DateTimeField())
    wants = serializers.ChoiceField(choices=Format.choices, allow_blank=True)
    given = serializers.ChoiceField(choices=Given.choices)
    given_at = serializers.DateTimeField()


class ReplyOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    wish_id = serializers.UUIDField(source="answer_id")
    kind = serializers.ChoiceField(choices=Reply.Kind.choices)
    sentence = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class AdvisedRowOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    starts_at = serializers.DateTimeField(source="participant.meeting.starts_at")
    ends_at = serializers.DateTimeField(source="participant.meeting.ends_at")
    format = serializers.ChoiceField(choices=Format.choices, source="participant.meeting.format")
    status = serializers.ChoiceField(choices=Status.choices, source="participant.meeting.status")


class FoundCitizenOutput(serializers.Serializer[Any]):
    person_id = serializers.UUIDField()
    name = serializers.CharField()
    meetings = AdvisedRowOutput(many=True)


class AdvisedPlaceOutput(serializers.Serializer[Any]):
    address = serializers.CharField()
    room = serializers.CharField()
    directions = serializers.CharField()
    caller = serializers.ChoiceField(choices=Caller.choices, allow_blank=True)
    phone = serializers.CharField()


class AdvisedOutput(serializers.Serializer[Any]):
    """No type, theme, purpose, preparations, people, minutes or door: an adviser is not shown them."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    format = serializers.ChoiceField(choices=Format.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    revision = serializers.IntegerField()
    place = AdvisedPlaceOutput()
    answer = AnswerOutput(allow_null=True)
    heard_by = serializers.DateTimeField(allow_null=True)
    video_choice = VideoChoiceOutput(allow_null=True)
    messages = MessageOutput(many=True)


def said(given: dict[str, Any]) -> Said:
    """What was read, as the verbs take it."""
    wish = Wish(suggests=tuple(given["suggests"]), wants=given["wants"])
    return Said(revision_number=given["revision"], kind=given["kind"], words=given["words"], wish=wish)


def advised(seen: Seen) -> dict[str, Any]:
    """The meeting for an adviser."""
    meeting, revision = seen.meeting, seen.revision
    return {
        "id": str(seen.invitation.pk),
        "status": meeting.status,
        "format": meeting.format,
        "starts_at": instant(meeting.starts_at),
        "ends_at": instant(meeting.ends_at),
        "revision": meeting.revision_number,
        "place": {
            "address": revision.address or "",
            "room": revision.room or "",
            "directions": revision.directions or "",
            "caller": revision.caller,
            "phone": revision.phone or "",
        },
        "answer": AnswerOutput(seen.answer).data if seen.answer else None,
        "heard_by": instant(seen.heard_by),
        "video_choice": VideoChoiceOutput(seen.choice).data if seen.choice else None,
        "messages": MessageOutput(seen.log, many=True).data,
    }


def found(person_id: Any, name: str, invitations: list[Invitation]) -> dict[str, Any]:
    """Who rings, and their meetings."""
    return {"person_id": str(person_id), "name": name, "meetings": AdvisedRowOutput(invitations, many=True).data}
