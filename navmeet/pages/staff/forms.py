"""What a caseworker fills in. What is allowed is the domain's to say; a form keeps what was typed and says where."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from meetings import times
from meetings.changes import Why
from meetings.models import Format, Reason
from meetings.places import Place
from meetings.texts import SENTENCE
from navmeet.api.text import clean
from navmeet.exceptions import DomainError, Invalid
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import words
from navmeet.pages.staff.overrule_form import OverruleForm
from navmeet.pages.staff.resource_fields import RoomField

# The fields of a place, by the format that uses them.
OF_FORMAT = {
    Format.IN_PERSON: ("address", "room_id", "room", "directions"),
    Format.PHONE: ("caller", "phone"),
    Format.VIDEO: (),
}
NOT_WHOLE = "Siden var ikke hel da du sendte den. Åpne møtet på nytt."
HIGHEST = 2_000_000_000


def slot(given: dict[str, Any], at: datetime) -> times.Slot:
    """The time that the values of a valid WhenForm mean. Raises Invalid at its field."""
    fold = int(given["fold"]) if given.get("fold") else None
    return times.slot(day=given["day"], clock=given["time"], minutes=given["minutes"], fold=fold, at=at)


def place(given: dict[str, Any]) -> Place:
    """The place of a valid form, whatever fields of it there are."""
    fields: dict[str, Any] = {
        name: given.get(name) or "" for name in ("address", "room", "directions", "caller", "phone")
    }
    return Place(**fields, room_id=UUID(given["room_id"]) if given.get("room_id") else None)


class Plain(forms.CharField):
    """A text by the one rule for texts, the API's too; `longest` counts after trimming."""

    def __init__(self, *, longest: int, lines: bool = False, **kwargs: Any) -> None:
        self.longest, self.lines = longest, lines
        super().__init__(strip=False, **kwargs)
        # Said under the field; the rule itself is `clean`, since a validator would count line ends as two.
        self.max_length = longest
        self.validators = []

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        try:
            text = clean(value or "", field=None, longest=self.longest, lines=self.lines)
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from None
        return str(super().clean(text))


def area(rows: int) -> forms.Textarea:
    """A text of several lines."""
    return forms.Textarea(attrs={"rows": rows, "class": "nm-textarea--short"} if rows < 4 else {"rows": rows})


class FindForm(forms.Form):
    citizen_number = Plain(
        label="Fødselsnummer eller d-nummer",
        help_text="11 sifre.",
        longest=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Skriv inn fødselsnummeret eller d-nummeret."},
    )


class WhenForm(forms.Form):
    """A time by the clock on the wall. `fold` is asked for only where that time comes twice."""

    day = forms.DateField(
        label="Dato",
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"],
        error_messages={"required": "Velg en dato."},
    )
    time = forms.TimeField(
        label="Klokkeslett",
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages={"required": "Velg et klokkeslett."},
    )
    minutes = forms.IntegerField(
        label="Varighet i minutter",
        initial=45,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4}),
        error_messages={
            "required": "Skriv hvor lenge møtet skal vare.",
            "invalid": "Skriv varigheten i hele minutter.",
        },
    )
    fold = forms.ChoiceField(
        label="Klokkeslettet kommer to ganger. Hvilken av dem?",
        choices=[("0", "Første gang (sommertid)"), ("1", "Andre gang (normaltid)")],
        widget=forms.RadioSelect,
        required=False,
    )

    comes_twice = False

    @property
    def wants_fold(self) -> bool:
        """Whether to show the choice: the time comes twice, or somebody has chosen already."""
        return self.comes_twice or bool(self["fold"].value())

    def refuse(self, error: DomainError) -> None:
        """Put the error where it belongs, and ask which of the two where the time comes twice."""
        if error.code == "time_exists_twice":
            self.ask_which()
        put(error, self)

    def ask_which(self) -> None:
        """The time comes twice."""
        self.comes_twice = self.fields["fold"].required = True

    def check_when(self, at: datetime) -> None:
        """What is wrong with the time, told together with what else is wrong in the form."""
        if {"day", "time", "minutes"} <= self.cleaned_data.keys():
            try:
                slot(self.cleaned_data, at)
            except Invalid as error:
                self.refuse(error)


class PlaceForm(forms.Form):
    """Where and how; each format uses its own fields, and what stands in the others does not count."""

    address = Plain(label="Adresse", longest=200, error_messages={"required": "Skriv hvor møtet skal være."})
    room_id = RoomField(
        label="Møterom",
        required=False,
        error_messages={"invalid_choice": "Velg et av rommene til enheten som eier møtet."},
    )
    room = Plain(label="Rom", longest=80, required=False)
    directions = Plain(label="Slik finner man fram", longest=300, lines=True, required=False, widget=area(2))
    caller = forms.ChoiceField(
        label="Hvem ringer?",
        choices=list(words.CALLERS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Velg hvem som skal ringe."},
    )
    phone = Plain(
        label="Telefonnummer det skal ringes til",
        longest=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "Skriv telefonnummeret."},
    )

    def offer_rooms(self, office: str, kept: UUID | None = None) -> None:
        """The office's rooms, and one that the meeting has already. No field where there are none."""
        field = self.fields.get("room_id")
        if isinstance(field, RoomField) and not field.offer(office, kept):
            del self.fields["room_id"]

    def forget_unused(self, held: str) -> None:
        """Errors in the fields of another format are nobody's business."""
        for kind, fields in OF_FORMAT.items():
            if kind != held:
                for name in fields:
                    self.errors.pop(name, None)


class WhyForm(OverruleForm):
    """The reason for a change, a sentence to each whom it is told, and the version of the meeting that was looked at.

    `recipients`: the others outside Nav, by participant, as they are called: "legen".
    """

    reason = forms.ChoiceField(
        label="Hvorfor?",
        choices=[
            ("", "Velg en grunn"),
            *((code, text) for code, text in words.REASONS.items() if code != "BOOKED"),
        ],
        error_messages={"required": "Velg en grunn."},
    )
    sentence = Plain(
        label="Beskjed til innbyggeren",
        help_text="Innbyggeren leser den etter innlogging. Den står ikke i varselet.",
        longest=SENTENCE,
        lines=True,
        required=False,
        widget=area(3),
    )
    version = forms.IntegerField(
        min_value=1,
        max_value=HIGHEST,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NOT_WHOLE),
    )

    def __init__(self, *args: Any, recipients: Mapping[UUID, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipients = recipients or {}
        called = list(self.recipients.values())
        for number, (to, who) in enumerate(self.recipients.items(), 1):
            self.fields[_sentence_to(to)] = Plain(
                label=f"Beskjed til {who}" + (f" (deltaker {number})" if called.count(who) > 1 else ""),
                help_text="Leses etter at koden fra SMS er skrevet inn. Den står ikke i e-posten.",
                longest=SENTENCE,
                lines=True,
                required=False,
                widget=area(3),
            )

    @property
    def other_sentences(self) -> list[forms.BoundField]:
        return [self[_sentence_to(to)] for to in self.recipients]

    @property
    def is_objected_to(self) -> bool:
        return bool(self.objections or self["overrule"].value())

    def why(self) -> Why:
        """Of a valid form."""
        given = self.cleaned_data
        others = {to: given[_sentence_to(to)] for to in self.recipients}
        return Why(reason=Reason(given["reason"]), sentence=given["sentence"], sentences=others)

    def names(self) -> dict[str, str]:
        """Where the domain's fields stand in the form."""
        return {f"sentences.{to}": _sentence_to(to) for to in self.recipients}


def _sentence_to(participant_id: UUID) -> str:
    return f"sentence_{participant_id.hex}"


class CancelForm(WhyForm):
    """The fields of `WhyForm`, all of them."""


class MoveForm(WhenForm, PlaceForm, WhyForm):
    """The new time, the place as the meeting's format needs it, and why."""

    def __init__(self, *args: Any, held: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        for kind, fields in OF_FORMAT.items():
            if kind != held:
                for name in fields:
                    del self.fields[name]

    @property
    def place_fields(self) -> list[forms.BoundField]:
        """Those of the meeting's format."""
        return [self[name] for name in OF_FORMAT[Format(self.held)] if name in self.fields]
