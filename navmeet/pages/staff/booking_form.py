"""What a caseworker fills in to book: the meeting with the citizen, and all who are to come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django import forms
from django.http import QueryDict

from meetings.models import Format, MeetingType
from meetings.overruling import NotSuitable
from meetings.texts import PREPARATIONS, PURPOSE, THEME
from navmeet.accounts.actor import Actor
from navmeet.exceptions import DomainError
from navmeet.pages.staff import words
from navmeet.pages.staff.booking_partners import PARTNERS, PartnerForms
from navmeet.pages.staff.forms import OF_FORMAT, PlaceForm, Plain, WhenForm, area
from navmeet.pages.staff.overrule_form import OverruleForm
from navmeet.pages.staff.partner_forms import LANGUAGES, PartnerForm
from navmeet.pages.staff.resource_fields import ColleaguesField

# Of several values, of one's own making, or about a time that is not looked at any more.
_NOT_TYPED = frozenset({"citizen", "staff", "overrule", "overrule_why"})


def meeting_types() -> list[tuple[str, str]]:
    """Those that can be booked, in bokmål."""
    found = MeetingType.objects.filter(is_active=True).order_by("code")
    return [("", "Velg type"), *((one.code, one.name_in("nb")) for one in found)]


class BookingForm(WhenForm, PlaceForm, OverruleForm):
    """A meeting with the citizen whom `citizen` names: their id and the meeting's, signed for this caseworker.

    `partners` are forms of their own, sent along; the form is good when all are. Rooms and colleagues are those of
    the office of `by`.
    """

    # How the fields of each are named, and what each is called, where the session was lost.
    several: ClassVar = {PARTNERS: ("Deltaker", PartnerForm)}
    only_with: ClassVar = {name: ("format", held.value) for held, names in OF_FORMAT.items() for name in names}
    field_order = ["type", "format", "caller", "phone", "address", "room_id", "room", "directions", "staff"]

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
    language = forms.ChoiceField(
        label="Innbyggerens skriftspråk",
        help_text="Invitasjonen og alle andre varsler til innbyggeren blir skrevet på dette språket.",
        choices=LANGUAGES,
        # What the registers say, where a form was sent without.
        required=False,
    )
    check_identity = forms.BooleanField(
        label="Innbyggeren må vise gyldig legitimasjon",
        help_text="For eksempel pass, førerkort eller nasjonalt ID-kort.",
        required=False,
    )
    staff = ColleaguesField(
        label="Kolleger som skal være med",
        help_text="De må ha tilgang til innbyggeren. Innbyggeren ser hvem som er med.",
        required=False,
        error_messages={"invalid_choice": "Velg kolleger som arbeider ved enheten din nå."},
    )
    citizen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, sent: QueryDict | None = None, *, by: Actor | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(sent, initial=initial)
        self.partners = PartnerForms.sent(sent) if sent is not None else PartnerForms([])
        if by is not None:
            self._offer(by)

    @classmethod
    def to_go_on(cls, begun: QueryDict, known: Mapping[str, Any], partners: PartnerForms, *, by: Actor) -> Self:
        """The form with what was typed so far, and nothing said of what is wrong: it is not done yet."""
        chosen = {"staff": begun.getlist("staff")} if "staff" in begun else {}
        form = cls(by=by, initial={**known, **typed(begun), **chosen})
        form.partners = partners
        return form

    def _offer(self, by: Actor) -> None:
        self.offer_rooms(by.known_office)
        field = self.fields["staff"]
        if isinstance(field, ColleaguesField) and not field.offer(by.known_office, without=[by.known_id]):
            del self.fields["staff"]

    def colleagues(self) -> tuple[UUID, ...]:
        """Of a valid form: those who come besides the host."""
        return tuple(UUID(one) for one in self.cleaned_data.get("staff", ()))

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
        for one in error.each():
            if isinstance(one, NotSuitable):
                self.object(one)
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
    """What was filled in of the meeting itself; apart from that whom it is with, and which colleagues come."""
    return {name: str(sent[name]) for name in BookingForm.base_fields if name not in _NOT_TYPED and name in sent}
