"""Partners and releases as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from invitations.models import Consent
from invitations.release_texts import LANGUAGES
from invitations.releases import RECORDED
from meetings.models import PARTNERS, Basis, Role
from navmeet.api.serializers import Choice, Strict, Text, YesNo

ROLES = [(role.value, role.label) for role in Role if role in PARTNERS]
HOW = [(given.value, given.label) for given in Consent.Given if given in RECORDED]
SAID = [("YES", "Yes"), ("NO", "No"), ("NONE", "None")]


class ReleaseInput(Strict):
    """`text_version` and `language` are of the question that was shown."""

    yes = YesNo()
    text_version = Text(max_length=16)
    language = Choice(choices=[(language, language) for language in LANGUAGES])


class RecordedReleaseInput(Strict):
    """`how` the citizen's word came: by phone, at the counter, in a letter."""

    yes = YesNo()
    how = Choice(choices=HOW)


class ReleaseOutput(serializers.Serializer[Any]):
    partner_id = serializers.UUIDField(source="recipient_id")
    yes = serializers.BooleanField(source="said_yes")
    text_version = serializers.CharField()
    text_shown = serializers.CharField()
    given = serializers.ChoiceField(choices=Consent.Given.choices)
    given_at = serializers.DateTimeField()


class AskedOutput(serializers.Serializer[Any]):
    """By when the citizen hears from their caseworker."""

    heard_by = serializers.DateTimeField(source="due_at")


class PartnerSeenOutput(serializers.Serializer[Any]):
    """`text` is the question where the basis is a release, else what the law says about it."""

    partner_id = serializers.UUIDField(source="participant_id")
    role = serializers.ChoiceField(choices=ROLES)
    name = serializers.CharField()
    organisation = serializers.CharField()
    basis = serializers.ChoiceField(choices=Basis.choices, allow_null=True)
    section = serializers.CharField()
    release = serializers.ChoiceField(choices=SAID)
    given_at = serializers.DateTimeField(allow_null=True)
    given = serializers.CharField(source="given_how")
    text = serializers.CharField()
    text_version = serializers.CharField()
    language = serializers.CharField()
