"""What a caseworker fills in to book: the meeting with the citizen, and the doctors and employers who are to come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django import forms
from django.http import QueryDict

from meetings.models import Format, MeetingType
from meetings.texts import PREPARATIONS, PURPOSE, THEME
from navmeet.exceptions import DomainError, InvalidFields
from navmeet.pages.staff import words
from navmeet.pages.staff.booking_partners import PARTNERS, PartnerForms
from navmeet.pages.staff.forms import OF_FORMAT, PlaceForm, Plain, WhenForm, area
from navmeet.pages.staff.partner_forms import PartnerForm


def meeting_types() -> list[tuple[str, str]]:
    """Those that can be booked, in bokmål."""
    found = MeetingType.objects.filter(is_active=True).order_by("code")
    return [("", "Velg type"), *((one.code, one.name_in("nb")) for one in found)]


class BookingForm(WhenForm, PlaceForm):
    """A meeting with the citizen whom `citizen` names: their id and the meeting's, signed for this caseworker.

    `partners` are forms of their own, sent along; the form is good when all are.
    """

    # How the fields of each are named, and what each is called, where the session was lost.
    several: ClassVar = {PARTNERS: ("Deltaker", PartnerForm)}
    only_with: ClassVar = {name: ("format", held.value) for held, names in OF_FORMAT.items() for name in names}
    field_order = ["type", "format", "caller", "phone", "address", "room", "directions"]

    type = forms.ChoiceField(label="Møtetype", choices=meeting_types, error_messages={"required": "Velg en møtetype."})
    format = forms.ChoiceField(
        label="Møteform",
        choices=list(words.FORMATS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Velg en møteform."},
    )
    theme = Plain(
        label="Hva møtet handler om",
        help_text="Kort. Innbyggeren leser det etter innlogging.",
        longest=THEME,
        error_messages={"required": "Skriv hva møtet handler om."},
    )
    purpose = Plain(
        label="Hensikt med møtet",
        help_text="Skriv til innbyggeren, kort og med enkle ord.",
        longest=PURPOSE,
        lines=True,
        required=False,
        widget=area(4),
    )
    preparations = Plain(
        label="Forberedelser",
        help_text="Hva innbyggeren bør gjøre eller ta med.",
        longest=PREPARATIONS,
        lines=True,
        required=False,
        widget=area(3),
    )
    check_identity = forms.BooleanField(
        label="Innbyggeren må vise gyldig legitimasjon",
        help_text="For eksempel pass, førerkort eller nasjonalt ID-kort.",
        required=False,
    )
    citizen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, sent: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(sent, initial=initial)
        self.partners = PartnerForms.sent(sent) if sent is not None else PartnerForms([])

    @classmethod
    def to_go_on(cls, begun: QueryDict, known: Mapping[str, Any], partners: PartnerForms) -> Self:
        """The form with what was typed so far, and nothing said of what is wrong: it is not done yet."""
        form = cls(initial={**known, **typed(begun)})
        form.partners = partners
        return form

    def clean(self) -> dict[str, Any]:
        """What was typed for a format that was not chosen is left alone."""
        given = super().clean() or self.cleaned_data
        self.forget_unused(given.get("format", ""))
        return given

    def is_valid(self) -> bool:
        """The partners too."""
        return super().is_valid() and self.partners.are_valid()

    def refuse(self, error: DomainError) -> None:
        """Each error where it belongs: at the partner's field, at the time, or over the form."""
        errors = error.errors if isinstance(error, InvalidFields) else [error]
        for one in errors:
            if not self.partners.refuse(one):
                super().refuse(one)

    def check_what_can_be(self, at: datetime) -> None:
        """What is wrong with the time and the partners, told together with what else is wrong in the form."""
        self.check_when(at)
        kind = MeetingType.objects.filter(code=self.cleaned_data.get("type", "")).first()
        held, minutes = self.cleaned_data.get("format"), self.cleaned_data.get("minutes")
        if kind is not None and held and minutes:
            self.partners.check(kind, Format(held), minutes)


def typed(sent: QueryDict) -> dict[str, str]:
    """What was filled in of the meeting itself, whom it is with apart."""
    return {name: str(sent[name]) for name in BookingForm.base_fields if name != "citizen" and name in sent}
