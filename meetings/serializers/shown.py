"""The meeting as the API shows it."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from rest_framework import serializers

from meetings.models import CallAttempt, Format, Meeting, Outcome, Participant, Role, Status, Task
from meetings.revisions import current
from navmeet.api.serializers import instant
from navmeet.outbox.publish import Consequences


class FoundPersonOutput(serializers.Serializer[Any]):
    """`language` is the one they have chosen, null where nobody knows; `has_texts`, whether we have texts in it.

    `written_language` is the one we write in where nobody chooses another when booking.
    """

    person_id = serializers.UUIDField()
    name = serializers.CharField()
    language = serializers.CharField(allow_null=True)
    has_texts = serializers.BooleanField(allow_null=True)
    written_language = serializers.CharField()
    protection = serializers.CharField()
    can_be_told_digitally = serializers.BooleanField()
    is_reserved = serializers.BooleanField()
    safety_measures = serializers.ListField(child=serializers.CharField())


class PlaceOutput(serializers.Serializer[Any]):
    address = serializers.CharField()
    room = serializers.CharField()
    directions = serializers.CharField()
    caller = serializers.CharField()
    phone = serializers.CharField()


class BookedRoomOutput(serializers.Serializer[Any]):
    """A room that is taken with the meeting, and what it offers."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    capacity = serializers.IntegerField()
    is_step_free = serializers.BooleanField()
    has_hearing_loop = serializers.BooleanField()


class ParticipantOutput(serializers.Serializer[Any]):
    """`organisation`, `email` and `phone` are a partner's; `way_in` is the one that holds for them."""

    id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Role.choices)
    name = serializers.CharField()
    organisation = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    way_in = serializers.CharField()
    part_offset = serializers.IntegerField(allow_null=True)
    part_minutes = serializers.IntegerField(allow_null=True)
    language = serializers.CharField()
    theme = serializers.CharField()
    purpose = serializers.CharField()
    preparations = serializers.CharField()
    called_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_null=True)


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
    booked_room = BookedRoomOutput(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
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


class WayOutput(serializers.Serializer[Any]):
    via = serializers.CharField()
    cause = serializers.CharField()


class TriedOutput(serializers.Serializer[Any]):
    """What was tried before it became a person's task: whom it was to reach, about what, and what became of it."""

    role = serializers.CharField()
    occasion = serializers.CharField()
    ways = WayOutput(many=True)


class TaskOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Task.Kind.choices)
    meeting_id = serializers.UUIDField()
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    tried = TriedOutput(allow_null=True)


class PlannedMessageOutput(serializers.Serializer[Any]):
    """`words`: when and through what, in a sentence. `falls`: why it is not sent. `moved`: why it is sent no sooner
    (DAY_IS_FULL), or not at its own time, `moved_from` (QUIET_TIME). `at_cost_of`: what gives it a place on a day that
    was full, in a sentence that names nothing of it.

    `counts` towards what one person is told on a day: invitations, changes and cancellations do not. `reminded_at`:
    when Min side itself reminds of it, if nobody has answered. `sms_at`: when its SMS or e-mail goes, where that waits
    until quiet time is over; null where they go with it, or not at all.
    """

    participant_id = serializers.UUIDField()
    role = serializers.CharField()
    occasion = serializers.CharField()
    step = serializers.CharField()
    channel = serializers.CharField()
    due_at = serializers.DateTimeField()
    not_after = serializers.DateTimeField()
    texts = serializers.DictField(child=serializers.CharField())
    words = serializers.CharField()
    falls = serializers.CharField()
    moved = serializers.CharField()
    moved_from = serializers.DateTimeField(allow_null=True)
    at_cost_of = serializers.CharField()
    counts = serializers.BooleanField()
    reminded_at = serializers.DateTimeField(allow_null=True)
    sms_at = serializers.DateTimeField(allow_null=True)


class OvertakenOutput(serializers.Serializer[Any]):
    role = serializers.CharField()
    occasion = serializers.CharField()
    step = serializers.CharField()
    due_at = serializers.DateTimeField()


class RehearsalOutput(serializers.Serializer[Any]):
    """`lacks`: what is missing. `lapses`: whose answer, choice or release no longer holds, and whose wish stays open.

    `waits`: what is told once the citizen has agreed to it. `overtaken`: what was planned and would not go out; a
    reminder that moves is there, and anew in `messages`.
    """

    messages = PlannedMessageOutput(many=True)
    waits = PlannedMessageOutput(many=True)
    lacks = serializers.ListField(child=serializers.CharField())
    lapses = serializers.ListField(child=serializers.CharField())
    voided = serializers.IntegerField()
    overtaken = OvertakenOutput(many=True)


class BookedOutput(MeetingOutput):
    """The meeting, and who is told what, when."""

    follows = RehearsalOutput()


def booked(meeting: Meeting, follows: Consequences) -> dict[str, Any]:
    """The meeting as `whole`, and what follows from booking it."""
    return whole(meeting) | {"follows": RehearsalOutput(follows).data}


def whole(meeting: Meeting) -> dict[str, Any]:
    """The meeting as one who may open it sees it. Four queries."""
    revision = current(meeting)
    return {
        "id": str(meeting.pk),
        "type": meeting.type_id,
        "status": meeting.status,
        "format": meeting.format,
        "starts_at": instant(meeting.starts_at),
        "ends_at": instant(meeting.ends_at),
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
        "booked_room": BookedRoomOutput(meeting.booked_room).data if meeting.booked_room else None,
        "ended_at": instant(meeting.ended_at),
        "participants": [_participant(one, meeting.format) for one in _people(meeting)],
    }


def _people(meeting: Meeting) -> QuerySet[Participant]:
    last_call = CallAttempt.objects.filter(participant=OuterRef("pk")).order_by("-at").values("at")[:1]
    present = meeting.participants.filter(removed_at=None).select_related("user", "person", "contact", "outcome")
    return present.annotate(called_at=Subquery(last_call)).order_by("role", "id")


def _participant(one: Any, held: str) -> dict[str, Any]:
    contact = getattr(one, "contact", None)
    outcome = getattr(one, "outcome", None)
    whose = one.user or one.person or contact
    return {
        "id": str(one.pk),
        "role": one.role,
        "name": whose.name if whose else "",
        "organisation": (contact.organisation or "") if contact else "",
        "email": contact.email if contact else "",
        "phone": contact.phone if contact else "",
        "way_in": one.way_in or held,
        "part_offset": one.part_offset,
        "part_minutes": one.part_minutes,
        "language": one.language,
        "theme": one.theme or "",
        "purpose": one.purpose or "",
        "preparations": one.preparations or "",
        "called_at": instant(one.called_at),
        "outcome": outcome.outcome if outcome else None,
    }
