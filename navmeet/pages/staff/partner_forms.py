"""What a caseworker fills in about a doctor or an employer who takes part."""

from collections.abc import Callable
from typing import Any

from django import forms

from meetings import contacts
from meetings.models import Format, Meeting, Participant, Role
from meetings.partners import PartnerInput, as_it_is
from meetings.texts import PREPARATIONS, PURPOSE, THEME
from navmeet.exceptions import Invalid
from navmeet.pages.staff import words
from navmeet.pages.staff.forms import HIGHEST, NOT_WHOLE, Plain, WhyForm, area

EMPLOYER_LEARNS_NOTHING = (
    "Arbeidsgiveren skal ikke få vite noe om helse, ytelser eller privatliv. Skriv bare om arbeidet og det som skal "
    "avklares på arbeidsplassen."
)
PARTNER_ROLES = [(Role.DOCTOR, "Lege"), (Role.EMPLOYER, "Arbeidsgiver")]
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "Engelsk")]
GIVEN = [("PHONE", "På telefon"), ("COUNTER", "Ved oppmøte"), ("LETTER", "I brev")]


def _email() -> Plain:
    return Plain(
        label="E-postadresse",
        help_text="Hit sender vi lenken til møtet.",
        longest=contacts.LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Skriv e-postadressen."},
    )


def _phone() -> Plain:
    return Plain(
        label="Mobilnummer",
        help_text="Hit sender vi koden som åpner invitasjonen. Ved telefonmøte ringer vi dette nummeret.",
        longest=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "Skriv mobilnummeret."},
    )


class ContactForm(forms.Form):
    """How a partner is reached. What is allowed is `meetings.contacts` to say."""

    email = _email()
    phone = _phone()

    def clean_phone(self) -> str:
        """By the domain's rule, so that it is told together with what is not filled in."""
        return _by(contacts.mobile_number, self.cleaned_data["phone"])

    def clean_email(self) -> str:
        """As `clean_phone`."""
        return _by(contacts.email_address, self.cleaned_data["email"])


class Versioned(forms.Form):
    """The version of the meeting that was looked at."""

    version = forms.IntegerField(
        min_value=1,
        max_value=HIGHEST,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NOT_WHOLE),
    )


class _Minutes(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=0,
            max_value=HIGHEST,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Skriv hele minutter."),
            **kwargs,
        )


def ways_in(held: Format | None) -> list[tuple[str, str]]:
    """The meeting's own, and those by which one can come in beside it: a place is the whole meeting's.

    None where the meeting's own is still being chosen.
    """
    own = f": {words.WAYS_IN[held].lower()}" if held else ""
    others = [one for one in (Format.VIDEO, Format.PHONE) if one != held]
    return [("", f"Som resten av møtet{own}"), *((one, words.WAYS_IN[one]) for one in others)]


class PartnerForm(ContactForm):
    """Everything that holds for one partner, when booking and later. What is allowed is `meetings.partners` to say."""

    warning = EMPLOYER_LEARNS_NOTHING
    # Which of several it is, where there are several on a page.
    called: str

    role = forms.ChoiceField(
        label="Hvem er det?",
        choices=PARTNER_ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": "Velg lege eller arbeidsgiver."},
    )
    name = Plain(label="Navn", longest=contacts.NAME, error_messages={"required": "Skriv navnet."})
    organisation = Plain(
        label="Arbeidssted", help_text="Legekontoret eller bedriften.", longest=contacts.NAME, required=False
    )
    way_in = forms.ChoiceField(
        label="Slik deltar legen eller arbeidsgiveren",
        choices=ways_in(None),
        widget=forms.RadioSelect,
        required=False,
    )
    part_offset = _Minutes(label="Kommer inn etter (minutter)")
    part_minutes = _Minutes(label="Deltar i (minutter)")
    language = forms.ChoiceField(label="Skriftspråk", choices=LANGUAGES, initial="nb")
    theme = Plain(label="Hva møtet handler om", longest=THEME, required=False)
    purpose = Plain(label="Hensikt med møtet", longest=PURPOSE, lines=True, required=False, widget=area(4))
    preparations = Plain(label="Forberedelser", longest=PREPARATIONS, lines=True, required=False, widget=area(3))

    field_order = ["role", "name", "organisation", "email", "phone", "language", "way_in"]

    def partner(self) -> PartnerInput:
        """The partner as asked for, of a valid form."""
        return PartnerInput(**{name: self.cleaned_data[name] for name in PartnerForm.base_fields})


def _by(rule: Callable[[str], str], written: str) -> str:
    try:
        return rule(written)
    except Invalid as error:
        raise forms.ValidationError(error.message, code=error.code) from None


class PartnerOfMeetingForm(WhyForm, PartnerForm):
    """A partner of a meeting that is booked, whose format is known, and why."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way_in"].choices = ways_in(Format(meeting.format))  # type: ignore[attr-defined]


class RemoveForm(WhyForm):
    """The fields of `WhyForm`, all of them."""


class WayInForm(WhyForm):
    way_in = forms.ChoiceField(
        label="Slik skal deltakeren være med", choices=ways_in(None), widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way_in"].choices = ways_in(Format(meeting.format))  # type: ignore[attr-defined]


class ReleaseForm(forms.Form):
    said = forms.ChoiceField(
        label="Hva sier innbyggeren?",
        choices=[("yes", "Ja, deltakeren kan være med"), ("no", "Nei, deltakeren skal ikke være med")],
        widget=forms.RadioSelect,
        error_messages={"required": "Velg ja eller nei."},
    )
    how = forms.ChoiceField(
        label="Hvordan sa innbyggeren fra?",
        choices=GIVEN,
        widget=forms.RadioSelect,
        error_messages={"required": "Velg hvordan innbyggeren svarte."},
    )


def as_written(participant: Participant, version: int) -> dict[str, Any]:
    """What the form begins with: the partner as they are."""
    return vars(as_it_is(participant)) | {"version": version}
