"""The meeting as the API reads and shows it. Input and output are two things."""

from typing import Any

from rest_framework import serializers

from meetings.models import Caller, Format, Meeting, Participant, Reason, Role, Status, Task
from meetings.revisions import current
from meetings.texts import PREPARATIONS, PURPOSE, SENTENCE, THEME
from navmeet.api.serializers import Choice, Clock, Day, Id, Number, Strict, Text, YesNo


class FindPersonInput(Strict):
    number = Text(max_length=20)


class FoundPersonOutput(serializers.Serializer[Any]):
    person_id = serializers.UUIDField()
    name = serializers.CharField()
    language = serializers.CharField()
    protection = serializers.CharField()
    can_be_told_digitally = serializers.BooleanField()
    is_reserved = serializers.BooleanField()
    safety_measures = serializers.ListField(child=serializers.CharField())


class WhenInput(Strict):
    """`fold` (0 first, 1 second) only for the hour that comes twice when the clocks go back."""

    day = Day()
    time = Clock()
    minutes = Number(min_value=-10_000, max_value=10_000)
    fold = Number(min_value=0, max_value=1, required=False)


class PlaceInput(Strict):
    address = Text(max_length=200, required=False, allow_blank=True, default="")
    room = Text(max_length=80, required=False, allow_blank=True, default="")
    directions = Text(max_length=300, required=False, allow_blank=True, default="", lines=True)
    caller = Choice(choices=Caller.choices, required=False, allow_blank=True, default="")
    phone = Text(max_length=30, required=False, allow_blank=True, default="")


class BookingInput(WhenInput):
    person_id = Id()
    type = Text(max_length=32)
    format = Choice(choices=Format.choices)
    place = PlaceInput(required=False)
    theme = Text(max_length=THEME)
    purpose = Text(max_length=PURPOSE, required=False, allow_blank=True, default="", lines=True)
    preparations = Text(max_length=PREPARATIONS, required=False, allow_blank=True, default="", lines=True)
    check_identity = YesNo(required=False, default=False)


class WhyInput(Strict):
    reason = Choice(choices=[choice for choice in Reason.choices if choice[0] != Reason.BOOKED])
    sentence = Text(max_length=SENTENCE, required=False, allow_blank=True, default="", lines=True)


class MoveInput(WhenInput):
    place = PlaceInput(required=False)
    reason = Choice(choices=[choice for choice in Reason.choices if choice[0] != Reason.BOOKED])
    sentence = Text(max_length=SENTENCE, required=False, allow_blank=True, default="", lines=True)


class RehearsalInput(Strict):
    """Exactly one of the two: what is to be tried out."""

    move = MoveInput(required=False)
    cancel = WhyInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Send enten move eller cancel.", code="one_of")
        return attrs


class PlaceOutput(serializers.Serializer[Any]):
    address = serializers.CharField()
    room = serializers.CharField()
    directions = serializers.CharField()
    caller = serializers.CharField()
    phone = serializers.CharField()


class ParticipantOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Role.choices)
    name = serializers.CharField()
    language = serializers.CharField()
    theme = serializers.CharField()
    purpose = serializers.CharField()
    preparations = serializers.CharField()


class MeetingOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    type = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    format = serializers.ChoiceField(choices=Format.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    meant = serializers.CharField()
    zone = serializers.CharField()
    office = serializers.CharField()
    host_id = serializers.UUIDField()
    check_identity = serializers.BooleanField()
    revision = serializers.IntegerField()
    sequence = serializers.IntegerField()
    version = serializers.IntegerField()
    place = PlaceOutput()
    participants = ParticipantOutput(many=True)


class MeetingRowOutput(serializers.Serializer[Any]):
    """A meeting in a list: without texts, and without the citizen's name."""

    id = serializers.UUIDField()
    type = serializers.CharField(source="type_id")
    status = serializers.ChoiceField(choices=Status.choices)
    format = serializers.ChoiceField(choices=Format.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    host_id = serializers.UUIDField()
    version = serializers.IntegerField()


class TaskOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Task.Kind.choices)
    meeting_id = serializers.UUIDField()
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class PlannedMessageOutput(serializers.Serializer[Any]):
    role = serializers.CharField()
    occasion = serializers.CharField()
    step = serializers.CharField()
    channel = serializers.CharField()
    due_at = serializers.DateTimeField()
    not_after = serializers.DateTimeField()
    texts = serializers.DictField(child=serializers.CharField())
    falls = serializers.CharField()


class RehearsalOutput(serializers.Serializer[Any]):
    messages = PlannedMessageOutput(many=True)
    lacks = serializers.ListField(child=serializers.CharField())
    voided = serializers.IntegerField()


def whole(meeting: Meeting) -> dict[str, Any]:
    """The meeting as one who may open it sees it. Four queries."""
    revision = current(meeting)
    people = meeting.participants.filter(removed_at=None).select_related("user", "person").order_by("role", "id")
    return {
        "id": str(meeting.pk),
        "type": meeting.type_id,
        "status": meeting.status,
        "format": meeting.format,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "meant": revision.meant,
        "zone": revision.zone,
        "office": meeting.office_id,
        "host_id": str(meeting.host_id),
        "check_identity": meeting.check_identity,
        "revision": meeting.revision_number,
        "sequence": meeting.sequence,
        "version": meeting.version,
        "place": {
            "address": revision.address or "",
            "room": revision.room or "",
            "directions": revision.directions or "",
            "caller": revision.caller,
            "phone": revision.phone or "",
        },
        "participants": [_participant(one) for one in people],
    }


def _participant(one: Participant) -> dict[str, Any]:
    whose = one.user or one.person
    return {
        "id": str(one.pk),
        "role": one.role,
        "name": whose.name if whose else "",
        "language": one.language,
        "theme": one.theme or "",
        "purpose": one.purpose or "",
        "preparations": one.preparations or "",
    }
