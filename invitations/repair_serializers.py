"""Repairs of what did not arrive, as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from invitations import undelivered
from invitations.messages.again import SentAgain
from invitations.models import Because, Channel, Hang, MessageState, Occasion, Step
from meetings import contacts
from meetings.models import Role
from meetings.serializers.shown import TriedOutput
from navmeet.api.serializers import Choice, Strict, Text

_SAID = [(one.value, one.label) for one in (Because.ASKED, Because.NOT_DELIVERED)]


class SendAgainInput(Strict):
    """Why: they asked for it, or it did not arrive."""

    because = Choice(choices=_SAID, required=False, default=Because.ASKED)


class CorrectContactInput(Strict):
    """How the partner is reached from now on, both."""

    email = Text(max_length=contacts.LONGEST_ADDRESS)
    phone = Text(max_length=40)


class CalledInput(Strict):
    """Nothing more needs to be said."""


class SentAgainOutput(serializers.Serializer[Any]):
    """`by_letter`: the citizen cannot be told digitally, and a letter is asked for.

    `is_repeat`: the same hand asked a moment ago; nothing was sent twice. `sms_at`: when SMS or e-mail goes, where that
    waits until quiet time is over.
    """

    message_id = serializers.UUIDField(source="message.pk")
    occasion = serializers.ChoiceField(choices=Occasion.choices, source="message.occasion")
    channel = serializers.ChoiceField(choices=Channel.choices, source="message.channel")
    repeat = serializers.IntegerField(source="message.repeat")
    by_letter = serializers.BooleanField()
    is_repeat = serializers.BooleanField()
    sms_at = serializers.DateTimeField(source="planned.sms_at", allow_null=True)


class UndeliveredOutput(serializers.Serializer[Any]):
    """One participant whom the newest message did not reach. `cause` is a code, said in `cause_words`.

    `state`, `why` and `hangs_on` are the message's, `attempts` how often it was handed over, and `words` what became of
    it. `is_on_its_way`: something was sent anew and is not known to have arrived, or we go on ourselves at `next_at`,
    through `next_channel`. `repairs` are what can be done, `letter_task_id` the task to tick off when a letter is sent,
    `tried` what the house has tried.
    """

    message_id = serializers.UUIDField(source="message.pk")
    meeting_id = serializers.UUIDField(source="message.meeting_id")
    participant_id = serializers.UUIDField(source="message.participant_id")
    invitation_id = serializers.UUIDField(source="message.participant.invitation.pk")
    role = serializers.ChoiceField(choices=Role.choices, source="message.participant.role")
    occasion = serializers.ChoiceField(choices=Occasion.choices, source="message.occasion")
    step = serializers.ChoiceField(choices=Step.choices, source="message.step")
    channel = serializers.ChoiceField(choices=Channel.choices, source="message.channel")
    state = serializers.ChoiceField(choices=MessageState.choices, source="message.state")
    why = serializers.CharField(source="message.why")
    attempts = serializers.IntegerField()
    hangs_on = serializers.ChoiceField(choices=Hang.choices, allow_blank=True, source="message.hangs_on")
    cause = serializers.ChoiceField(choices=list(undelivered.CAUSES))
    cause_words = serializers.CharField()
    words = serializers.CharField()
    trouble_at = serializers.DateTimeField()
    starts_at = serializers.DateTimeField(source="message.meeting.starts_at")
    is_on_its_way = serializers.BooleanField()
    next_at = serializers.DateTimeField(source="next_try.due_at", allow_null=True, default=None)
    next_channel = serializers.ChoiceField(
        choices=Channel.choices, source="next_try.channel", allow_null=True, default=None
    )
    repairs = serializers.ListField(child=serializers.ChoiceField(choices=[one.value for one in undelivered.Repair]))
    letter_task_id = serializers.UUIDField(source="letter.pk", allow_null=True, default=None)
    tried = TriedOutput(source="contact.tried", allow_null=True, default=None)


def sent_again(sent: SentAgain) -> dict[str, Any]:
    """What was sent, or asked for."""
    return dict(SentAgainOutput(sent).data)
