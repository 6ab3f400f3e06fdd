"""What is read from a request: strictly, with sentences that say what to write. Nothing of the input is echoed."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from navmeet.api.text import clean
from navmeet.exceptions import Invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NOT_AN_OBJECT = "Send et JSON-objekt."
PRESENCE: "dict[str, str | StrPromise]" = {
    "required": "Dette feltet må være med.",
    "null": "Dette feltet kan ikke være tomt.",
}


def instant(moment: datetime | None) -> str | None:
    """As every instant of the API is written: with Oslo's offset."""
    return serializers.DateTimeField().to_representation(moment) if moment else None


class Text(serializers.CharField):
    """Words from a person: trimmed, NFC, without control characters. `lines=True` allows line breaks."""

    default_error_messages = PRESENCE | {
        "invalid": "Send dette som tekst, i anførselstegn.",
        "blank": "Dette feltet kan ikke være tomt.",
        "max_length": "Teksten kan ha høyst {max_length} tegn.",
        "min_length": "Teksten må ha minst {min_length} tegn.",
    }

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(max_length=max_length, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            try:
                # Longer by the room for line ends sent as two characters: the length is checked after cleaning.
                data = clean(data, field=self.field_name, longest=self.max_length or 0, lines=self.lines)
            except Invalid as error:
                raise serializers.ValidationError(error.message, code=error.code) from None
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Number(serializers.IntegerField):
    """A whole number within bounds."""

    default_error_messages = PRESENCE | {
        "invalid": "Skriv et helt tall.",
        "max_value": "Tallet kan være høyst {max_value}.",
        "min_value": "Tallet må være minst {min_value}.",
        "max_string_length": "Skriv et helt tall.",
    }

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(data)


class Choice(serializers.ChoiceField):
    """One of the values of a TextChoices."""

    default_error_messages = PRESENCE | {"invalid_choice": "Velg en av verdiene som er beskrevet."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A date, `2027-03-28`."""

    default_error_messages = PRESENCE | {
        "invalid": "Skriv datoen som ÅÅÅÅ-MM-DD.",
        "datetime": "Skriv datoen som ÅÅÅÅ-MM-DD.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class Clock(serializers.TimeField):
    """A wall time, `10:30`."""

    default_error_messages = PRESENCE | {"invalid": "Skriv klokkeslettet som TT:MM."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%H:%M"], format="%H:%M", **kwargs)


class Moment(serializers.DateTimeField):
    """An instant with its offset, `2027-03-28T10:30:00+02:00`. One without an offset is refused: it means nothing."""

    default_error_messages = PRESENCE | {
        "invalid": "Skriv tidspunktet med forskyvning fra UTC, for eksempel 2027-03-28T10:30:00+02:00.",
        "date": "Skriv både dato og klokkeslett.",
        "make_aware": "Skriv tidspunktet med forskyvning fra UTC, for eksempel 2027-03-28T10:30:00+02:00.",
        "overflow": "Tidspunktet er utenfor det vi kan lagre.",
    }

    def enforce_timezone(self, value: Any) -> Any:
        if value.tzinfo is None:
            self.fail("invalid")
        return super().enforce_timezone(value)


class Id(serializers.UUIDField):
    """An id as we gave it."""

    default_error_messages = PRESENCE | {"invalid": "Dette er ikke en gyldig id."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """true or false, and no other way to say it."""

    default_error_messages = PRESENCE | {"invalid": "Skriv true eller false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return bool(data)


class Several(serializers.ListField):
    """A list of at most `max_length`."""

    default_error_messages = PRESENCE | {
        "not_a_list": "Skriv en liste her.",
        "empty": "Listen kan ikke være tom.",
        "min_length": "Antallet i listen må være minst {min_length}.",
        "max_length": "Antallet i listen kan være høyst {max_length}.",
    }

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class Strict(serializers.Serializer[Any]):
    """An input: what it does not know it refuses by name, so that a misspelt field is never silently dropped."""

    default_error_messages = PRESENCE | {"invalid": NOT_AN_OBJECT}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                message = "Dette feltet finnes ikke her."
                raise serializers.ValidationError(
                    {name: [serializers.ErrorDetail(message, code="unknown_field")] for name in unknown}
                )
        return super().to_internal_value(data)
