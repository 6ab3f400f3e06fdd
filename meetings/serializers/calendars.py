"""Hours, absence, closing days, rooms and free times, as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from meetings.models import MOST_IN_A_ROOM, Absence, Format, Meeting
from meetings.offices import LONGEST_BUFFER, MOST_NOTICE
from navmeet.api.serializers import Choice, Clock, Day, Id, Moment, Number, Several, Strict, Text, YesNo


class WeekdayHoursInput(Strict):
    """`weekday` 0 is Monday. A day may stand several times, with a break between."""

    weekday = Number(min_value=0, max_value=6)
    opens = Clock()
    closes = Clock()


class WeekInput(Strict):
    """The whole week; a day that is not there has no hours. An empty list: as where nobody set any."""

    week = Several(child=WeekdayHoursInput(), max_length=28)


class DateHoursInput(Strict):
    """`opens` and `closes`, or neither: not to be met that day."""

    date = Day()
    opens = Clock(required=False)
    closes = Clock(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("opens" in attrs) != ("closes" in attrs):
            missing = "closes" if "opens" in attrs else "opens"
            raise serializers.ValidationError({missing: ["Skriv både når du begynner og slutter, eller ingen av dem."]})
        return attrs


class DateInput(Strict):
    date = Day()


class AbsenceInput(Strict):
    """`user_id` is a colleague of one's own office; not sent, oneself."""

    user_id = Id(required=False)
    starts_at = Moment()
    ends_at = Moment()
    kind = Choice(choices=Absence.Kind.choices)


class RoomAskedInput(Strict):
    """A room as it is to be."""

    name = Text(max_length=80)
    capacity = Number(min_value=2, max_value=MOST_IN_A_ROOM)
    is_step_free = YesNo(required=False, default=False)
    has_hearing_loop = YesNo(required=False, default=False)
    is_active = YesNo(required=False, default=True)


class BuffersInput(Strict):
    """Minutes kept free around a meeting of each format; what is not sent is as everywhere."""

    VIDEO = Number(min_value=0, max_value=LONGEST_BUFFER, required=False)
    PHONE = Number(min_value=0, max_value=LONGEST_BUFFER, required=False)
    IN_PERSON = Number(min_value=0, max_value=LONGEST_BUFFER, required=False)


class RulesInput(Strict):
    least_notice_days = Number(min_value=0, max_value=MOST_NOTICE)
    buffers = BuffersInput()


class WeekdayHoursOutput(serializers.Serializer[Any]):
    weekday = serializers.IntegerField()
    opens = serializers.TimeField(format="%H:%M")
    closes = serializers.TimeField(format="%H:%M")


class DateHoursOutput(serializers.Serializer[Any]):
    date = serializers.DateField()
    opens = serializers.TimeField(format="%H:%M", allow_null=True)
    closes = serializers.TimeField(format="%H:%M", allow_null=True)


class HoursOutput(serializers.Serializer[Any]):
    week = WeekdayHoursOutput(many=True)
    dates = DateHoursOutput(many=True)


class AbsenceOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=Absence.Kind.choices)


class OverlaidMeetingOutput(serializers.Serializer[Any]):
    """A meeting that lies there already, and where it is handed over, moved or turned into a call."""

    id = serializers.UUIDField(source="pk")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    format = serializers.ChoiceField(choices=Format.choices)
    host_id = serializers.UUIDField()
    version = serializers.IntegerField()
    links = serializers.SerializerMethodField()

    def get_links(self, meeting: Meeting) -> dict[str, str]:
        """Addresses of the verbs."""
        here = f"/api/v1/meetings/{meeting.pk}"
        return {"hand_over": f"{here}/hand-over/", "move": f"{here}/move/", "phone": f"{here}/change-format/"}


class OverlaidOutput(serializers.Serializer[Any]):
    """`others`: how many more there are that one may not know of."""

    meetings = OverlaidMeetingOutput(many=True)
    others = serializers.IntegerField()


class AddedAbsenceOutput(AbsenceOutput):
    overlaid = OverlaidOutput()


class ClosingDayOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    date = serializers.DateField()


class AddedClosingDayOutput(ClosingDayOutput):
    overlaid = OverlaidOutput()


class RoomOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    capacity = serializers.IntegerField()
    is_step_free = serializers.BooleanField()
    has_hearing_loop = serializers.BooleanField()
    is_active = serializers.BooleanField()


class RulesOutput(serializers.Serializer[Any]):
    least_notice_days = serializers.IntegerField()
    buffers = serializers.DictField(child=serializers.IntegerField())


class ColleagueOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    nav_ident = serializers.CharField()
    name = serializers.CharField()


class SlotOutput(serializers.Serializer[Any]):
    """`meant` is the wall time in `zone`, `fold` 1 for the later of an hour that comes twice."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    meant = serializers.CharField()
    fold = serializers.IntegerField()
    zone = serializers.CharField()


class ObjectionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    can_be_overruled = serializers.BooleanField()


class FreeTimesOutput(serializers.Serializer[Any]):
    """`against` is what speaks against the wished time: nothing where it suits; null where none was wished."""

    free_times = SlotOutput(many=True)
    against = ObjectionOutput(many=True, allow_null=True)
