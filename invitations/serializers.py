"""Invitations as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from invitations import still_true
from invitations.messages.log import DONE, OPEN, Kind
from invitations.models import Answer, Because, Given, Hang, Invitation, MessageState, Occasion, Retraction, Step
from invitations.reading import Read
from invitations.suggesting import MOST
from meetings.models import Caller, Duty, Format, Role, Status
from meetings.texts import SENTENCE
from navmeet.api.serializers import Choice, Moment, Number, Several, Strict, Text, YesNo, instant


class AnswerInput(Strict):
    """`revision` is the one that was read: an answer to a meeting that has been moved since is refused (412).

    `suggests` goes with OTHER_TIME: starts among those offered. `wants` goes with OTHER_FORMAT.
    """

    revision = Number(min_value=1, max_value=1_000_000)
    kind = Choice(choices=Answer.Kind.choices)
    words = Text(max_length=SENTENCE, required=False, allow_blank=True, default="", lines=True)
    suggests = Several(max_length=MOST, child=Moment(), required=False, default=list)
    wants = Choice(choices=Format.choices, required=False, allow_blank=True, default="")


class VideoChoiceInput(Strict):
    """`text_version` and `language` are of the question that was shown."""

    yes = YesNo()
    text_version = Text(max_length=16)
    language = Choice(choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")])


class TellNowInput(Strict):
    """Nothing more needs to be said."""


class AnswerOutput(serializers.Serializer[Any]):
    """`holds`: it is about the meeting as it is now. Where it is false they are asked anew."""

    revision = serializers.IntegerField(source="revision_number")
    kind = serializers.ChoiceField(choices=Answer.Kind.choices)
    words = serializers.CharField(allow_null=True)
    suggests = serializers.ListField(child=serializers.DateTimeField())
    wants = serializers.ChoiceField(choices=Format.choices, allow_blank=True)
    given = serializers.ChoiceField(choices=Given.choices)
    given_at = serializers.DateTimeField()
    holds = serializers.SerializerMethodField()

    def get_holds(self, answer: Answer) -> bool:
        return still_true.holds(answer)


class VideoChoiceOutput(serializers.Serializer[Any]):
    yes = serializers.BooleanField(source="said_yes")
    text_version = serializers.CharField()
    text_shown = serializers.CharField()
    given = serializers.ChoiceField(choices=Given.choices)
    given_at = serializers.DateTimeField()


class VideoQuestionOutput(serializers.Serializer[Any]):
    text = serializers.CharField()
    text_version = serializers.CharField()
    language = serializers.CharField()


class OwnInvitationRowOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    starts_at = serializers.DateTimeField(source="participant.meeting.starts_at")
    ends_at = serializers.DateTimeField(source="participant.meeting.ends_at")
    format = serializers.ChoiceField(choices=Format.choices, source="participant.meeting.format")
    status = serializers.ChoiceField(choices=Status.choices, source="participant.meeting.status")


class OwnPlaceOutput(serializers.Serializer[Any]):
    address = serializers.CharField()
    room = serializers.CharField()
    directions = serializers.CharField()
    caller = serializers.ChoiceField(choices=Caller.choices, allow_blank=True)
    phone = serializers.CharField()


class OwnInvitationOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    format = serializers.ChoiceField(choices=Format.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    revision = serializers.IntegerField()
    type_name = serializers.CharField()
    duty = serializers.ChoiceField(choices=Duty.choices)
    duty_sentence = serializers.CharField()
    theme = serializers.CharField()
    purpose = serializers.CharField()
    preparations = serializers.CharField()
    place = OwnPlaceOutput()
    from_nav = serializers.ListField(child=serializers.CharField())
    why = serializers.CharField()
    answer = AnswerOutput(allow_null=True)
    video_question = VideoQuestionOutput(allow_null=True)
    video_choice = VideoChoiceOutput(allow_null=True)


class MessageOutput(serializers.Serializer[Any]):
    """A message of the ledger; Min side's own reminder (no id); or a letter or call that somebody has to see to.

    `state` of a letter or call is OPEN or DONE, and `id` the task's. `why`, `hangs_on` and `again_because` are codes,
    said in `words` and `again_words`; `moved_from` is when a reminder to come would go but for quiet time; `retraction`
    is how far taking it back from Min side has come. `text_version` is the edition of our sentences that a text was
    sent in. `sms_at`: when SMS and e-mail of a notification go, or were to, where they wait until quiet time is over.
    """

    id = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(choices=[one.value for one in Kind])
    participant_id = serializers.UUIDField()
    invitation_id = serializers.UUIDField(allow_null=True)
    role = serializers.ChoiceField(choices=Role.choices)
    name = serializers.CharField()
    occasion = serializers.ChoiceField(choices=Occasion.choices)
    step = serializers.ChoiceField(choices=Step.choices)
    occasion_words = serializers.CharField()
    channel = serializers.CharField()
    state = serializers.ChoiceField(choices=[*MessageState.values, OPEN, DONE])
    why = serializers.CharField()
    words = serializers.CharField()
    due_at = serializers.DateTimeField()
    moved_from = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    sms_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField()
    hangs_on = serializers.ChoiceField(choices=Hang.choices, allow_blank=True)
    repeat = serializers.IntegerField()
    again_by = serializers.UUIDField(allow_null=True)
    again_because = serializers.ChoiceField(choices=Because.choices, allow_blank=True)
    again_words = serializers.CharField()
    retraction = serializers.ChoiceField(choices=Retraction.State.choices, allow_blank=True)
    retraction_words = serializers.CharField()
    taken_back_at = serializers.DateTimeField(allow_null=True)
    is_overtaken = serializers.BooleanField()
    text = serializers.DictField(child=serializers.CharField())
    text_version = serializers.CharField()


def row(invitation: Invitation) -> Any:
    """One line of a citizen's list."""
    return OwnInvitationRowOutput(invitation).data


def whole(read: Read, *, language: str, question: str, question_version: str) -> dict[str, Any]:
    """The invitation for its citizen, in their language."""
    meeting, revision = read.meeting, read.revision
    asks = meeting.format == Format.VIDEO
    return {
        "id": str(read.invitation.pk),
        "status": meeting.status,
        "format": meeting.format,
        "starts_at": instant(meeting.starts_at),
        "ends_at": instant(meeting.ends_at),
        "revision": meeting.revision_number,
        "type_name": meeting.type.name_in(language),
        "duty": meeting.type.duty,
        "duty_sentence": meeting.type.duty_sentence_in(language),
        "theme": read.theme,
        "purpose": read.purpose,
        "preparations": read.preparations,
        "place": {
            "address": revision.address or "",
            "room": revision.room or "",
            "directions": revision.directions or "",
            "caller": revision.caller,
            "phone": revision.phone or "",
        },
        "from_nav": read.from_nav,
        "why": read.why,
        "answer": AnswerOutput(read.answer).data if read.answer else None,
        "video_question": {"text": question, "text_version": question_version, "language": language} if asks else None,
        "video_choice": VideoChoiceOutput(read.choice).data if read.choice else None,
    }
