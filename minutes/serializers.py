"""What the API of minutes takes and gives."""

from typing import Any

from rest_framework import serializers

from minutes.reading import Minutes, Read, Shared, Written
from minutes.sections import LONGEST, MOST_SECTIONS, Section, SectionCode
from minutes.writing import NOTHING_YET
from navmeet.api.serializers import Choice, Number, Several, Strict, Text

HIGHEST = 2_000_000_000


class SectionInput(Strict):
    code = Choice(choices=SectionCode.choices)
    text = Text(max_length=LONGEST, lines=True, allow_blank=True)


class DraftInput(Strict):
    sections = Several(child=SectionInput(), max_length=MOST_SECTIONS)


class ShareInput(Strict):
    version = Number(min_value=NOTHING_YET, max_value=HIGHEST)


class SectionOutput(serializers.Serializer[Section]):
    code = serializers.ChoiceField(choices=SectionCode.choices)
    heading = serializers.CharField()
    text = serializers.CharField()


class DraftOutput(serializers.Serializer[Written]):
    version = serializers.IntegerField(help_text="0 before anybody has saved; the ETag.")
    sections = SectionOutput(many=True)
    saved_at = serializers.DateTimeField(allow_null=True)
    saved_by = serializers.CharField(help_text="The name of who saved last, or empty.")


class VersionOutput(serializers.Serializer[Shared]):
    number = serializers.IntegerField()
    sections = SectionOutput(many=True)
    shared_at = serializers.DateTimeField()
    shared_by = serializers.CharField()
    read_at = serializers.DateTimeField(allow_null=True, help_text="When the citizen first read it.")


class MinutesOutput(serializers.Serializer[Minutes]):
    draft = DraftOutput()
    versions = VersionOutput(many=True)
    why_not = serializers.CharField(help_text="Why minutes cannot be written now, or empty.")


class SharedOutput(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    shared_at = serializers.DateTimeField()


class OwnVersionRowOutput(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    shared_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True, help_text="When you first read it.")


class OwnVersionOutput(serializers.Serializer[Read]):
    number = serializers.IntegerField()
    shared_at = serializers.DateTimeField()
    sections = SectionOutput(many=True)
