"""Repairs of what did not arrive, as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from invitations.messages.again import SentAgain
from invitations.models import Because, Channel, Occasion
from meetings import contacts
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

    `is_repeat`: the same hand asked a moment ago; nothing was sent twice.
    """

    message_id = serializers.UUIDField(source="message.pk")
    occasion = serializers.ChoiceField(choices=Occasion.choices, source="message.occasion")
    channel = serializers.ChoiceField(choices=Channel.choices, source="message.channel")
    repeat = serializers.IntegerField(source="message.repeat")
    by_letter = serializers.BooleanField()
    is_repeat = serializers.BooleanField()


def sent_again(sent: SentAgain) -> dict[str, Any]:
    """What was sent, or asked for."""
    return dict(SentAgainOutput(sent).data)
