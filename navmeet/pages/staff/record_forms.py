"""What an employee keeps of what a citizen said by phone, at the counter or in a letter."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from invitations.answers import Said
from invitations.models import Answer, Given
from invitations.suggesting import MOST, Wish
from meetings.models import Format
from meetings.texts import SENTENCE
from navmeet.look import dates
from navmeet.look.dates import in_oslo

HOW = [(Given.PHONE, "På telefon"), (Given.COUNTER, "Ved oppmøte"), (Given.LETTER, "I brev")]
KINDS = [
    (Answer.Kind.COMING, "Kommer"),
    (Answer.Kind.NOT_COMING, "Kan ikke komme"),
    (Answer.Kind.OTHER_TIME, "Trenger et annet tidspunkt"),
    (Answer.Kind.OTHER_FORMAT, "Vil møte på en annen måte"),
]
FORMATS = {Format.VIDEO: "På video", Format.PHONE: "På telefon", Format.IN_PERSON: "Ved oppmøte"}


class RecordForm(forms.Form):
    """An answer, with what they would rather."""

    kind = forms.ChoiceField(
        label="Hva svarer innbyggeren?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Velg hva innbyggeren svarer."},
    )
    suggests = forms.TypedMultipleChoiceField(
        label="Tidspunkter som kan passe",
        help_text=f"Når innbyggeren trenger et annet tidspunkt. Høyst {MOST}.",
        required=False,
        coerce=datetime.fromisoformat,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Et av tidspunktene er ikke ledig lenger. Velg blant dem som står her nå."},
    )
    wants = forms.ChoiceField(
        label="Hvordan vil innbyggeren møte?",
        help_text="Når innbyggeren vil møte på en annen måte.",
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="Det innbyggeren sa",
        help_text="Innbyggeren leser dette. Skriv ikke om helse.",
        required=False,
        max_length=SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "nm-textarea--short"}),
    )
    how = forms.ChoiceField(
        label="Hvordan sa innbyggeren det?",
        choices=HOW,
        widget=forms.RadioSelect,
        error_messages={"required": "Velg hvordan innbyggeren sa det."},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, offered: Iterable[datetime] = (), held: Format = Format.VIDEO, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        times = [(one.isoformat(), _called(one)) for one in offered]
        self.fields["suggests"].choices = times  # type: ignore[attr-defined]
        self.fields["wants"].choices = [(one.value, said) for one, said in FORMATS.items() if one != held]  # type: ignore[attr-defined]

    def said(self) -> Said:
        """What was filled in for the kind that was chosen; the rest of the page is not of it."""
        given, kind = self.cleaned_data, self.cleaned_data["kind"]
        wish = Wish(
            suggests=tuple(given["suggests"]) if kind == Answer.Kind.OTHER_TIME else (),
            wants=given["wants"] if kind == Answer.Kind.OTHER_FORMAT else "",
        )
        return Said(revision_number=given["revision"], kind=kind, words=given["words"], wish=wish)


class RecordChoiceForm(forms.Form):
    yes = forms.ChoiceField(
        label="Vil innbyggeren møte på video?",
        choices=[("yes", "Ja"), ("no", "Nei")],
        widget=forms.RadioSelect,
        error_messages={"required": "Velg ja eller nei."},
    )
    heard = forms.ChoiceField(
        label="Hvordan sa innbyggeren det?",
        choices=HOW,
        widget=forms.RadioSelect,
        error_messages={"required": "Velg hvordan innbyggeren sa det."},
    )


def _called(start: datetime) -> str:
    begins = in_oslo(start)
    return f"{dates.short_day(begins, 'nb')} {dates.clock(begins, 'nb')}"
