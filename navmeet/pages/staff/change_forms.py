"""What a caseworker fills in to change the rest of a meeting: texts, colleagues, host, and a cancellation undone."""

from typing import Any

from django import forms

from meetings.details import Details
from meetings.models import Meeting
from meetings.texts import PREPARATIONS, PURPOSE, THEME, CitizenTexts
from navmeet.accounts.models import User
from navmeet.pages.staff import words
from navmeet.pages.staff.forms import Plain, WhyForm, area
from navmeet.pages.staff.partner_forms import LANGUAGES, Versioned

NOBODY = "Velg en kollega, eller skriv Nav-identen."


class DetailsForm(Versioned):
    """Everything that is written to the citizen, and whether they must show who they are."""

    theme = Plain(
        label="Hva møtet handler om", longest=THEME, error_messages={"required": "Skriv hva møtet handler om."}
    )
    purpose = Plain(label="Hensikt med møtet", longest=PURPOSE, lines=True, required=False, widget=area(4))
    preparations = Plain(label="Forberedelser", longest=PREPARATIONS, lines=True, required=False, widget=area(3))
    language = forms.ChoiceField(label="Skriftspråk", choices=LANGUAGES)
    check_identity = forms.BooleanField(label="Innbyggeren må vise gyldig legitimasjon", required=False)
    is_correction = forms.BooleanField(
        label="Jeg har bare rettet skrivefeil",
        help_text="Teksten sier det samme som før. Da får innbyggeren ikke beskjed.",
        required=False,
    )

    def details(self) -> Details:
        """Of a valid form."""
        given = self.cleaned_data
        texts = CitizenTexts(theme=given["theme"], purpose=given["purpose"], preparations=given["preparations"])
        return Details(texts=texts, language=given["language"], check_identity=given["check_identity"])


class ColleagueForm(WhyForm):
    """One of the office, or anybody by their Nav ident."""

    colleague = forms.ChoiceField(label="Kollega ved enheten", required=False)
    nav_ident = Plain(
        label="Eller Nav-identen til en ved en annen enhet",
        longest=7,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 9}),
    )

    field_order = ["colleague", "nav_ident", "stays", "reason", "sentence"]

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Velg en kollega"), *self.offered(meeting)]
        self.fields["colleague"].choices = choices  # type: ignore[attr-defined]

    def offered(self, meeting: Meeting) -> list[tuple[str, str]]:
        """Employees of the meeting's office who are not in it already, by name."""
        present = meeting.participants.filter(removed_at=None, user__isnull=False).values("user")
        return named(meeting.office_id, present)

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        given = super().clean() or self.cleaned_data
        if bool(given.get("colleague")) == bool(given.get("nav_ident")) and "colleague" not in self.errors:
            self.add_error("colleague", NOBODY)
        return given

    def names(self) -> dict[str, str]:
        """Who cannot take part stands where they were chosen: in the list, or in the field for an ident."""
        return super().names() | ({"colleague": "nav_ident"} if self.cleaned_data["nav_ident"] else {})

    def ident(self) -> str:
        """Of a valid form."""
        return str(self.cleaned_data["nav_ident"] or self.cleaned_data["colleague"])


class HandOverForm(ColleagueForm):
    stays = forms.BooleanField(label="Møtelederen fram til nå skal fortsatt være med i møtet", required=False)

    def offered(self, meeting: Meeting) -> list[tuple[str, str]]:
        """Everybody of the office but who leads it."""
        return named(meeting.office_id, [meeting.host_id])


class ReinstateForm(WhyForm):
    """Why it is to be held after all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Velg en grunn"), *words.REASONS_AGAIN.items()]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]


class RemoveStaffForm(WhyForm):
    """The fields of `WhyForm`, all of them."""


def named(office: str, but: Any) -> list[tuple[str, str]]:
    """The office's caseworkers now: "Jonas Fjelltest (Z990002)"."""
    found = User.objects.filter(office=office, is_caseworker=True, is_active=True).exclude(pk__in=but)
    return sorted(((one.nav_ident or "", f"{one.name} ({one.nav_ident})") for one in found), key=lambda pair: pair[1])
