"""Asking for another time or another way to meet."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invitations.answers import id_of
from invitations.models import Answer
from invitations.suggesting import Wish
from meetings.models import Format
from meetings.texts import SENTENCE
from navmeet.look import dates
from navmeet.look.dates import in_oslo

_ODD = _("Teksten har tegn som ikke kan brukes, for eksempel usynlige styretegn. Skriv den på nytt uten dem.")
_TAKEN = _("Et av tidspunktene er ikke ledig lenger. Velg blant dem som står her nå.")
FORMATS = {
    Format.VIDEO: _("På video"),
    Format.PHONE: _("På telefon"),
    Format.IN_PERSON: _("Ved oppmøte på Nav-kontoret"),
}


class WishForm(forms.Form):
    """What both have: own words, the revision that was read, and the answer that was given before."""

    words = forms.CharField(
        label=_("Når kan du?"),
        help_text=_("Skriv med egne ord. Skriv ikke om helsen din her."),
        required=False,
        max_length=SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "nm-textarea--short"}),
        error_messages={"null_characters_not_allowed": _ODD},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    after = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def after_which(self) -> str | None:
        """Of a valid form; None for one that was sent without."""
        return self.cleaned_data["after"] if "after" in self.data else None

    def anew(self, revision: int, answer: Answer | None) -> None:
        """To be sent again: on the meeting as it is now, after what was answered last."""
        given: Any = self.data
        data = given.copy()
        data["revision"], data["after"] = str(revision), id_of(answer)
        self.data = data


class TimeWishForm(WishForm):
    """`offered` are starts of the whole meeting; who takes part from `offset` on sees their own part of it."""

    suggests = forms.TypedMultipleChoiceField(
        label=_("Tidspunkter som kan passe"),
        help_text=_("Velg inntil fem. Det er ikke sikkert at et av dem blir det nye tidspunktet."),
        required=False,
        coerce=datetime.fromisoformat,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _TAKEN},
    )

    field_order = ("suggests", "words", "revision")

    def __init__(self, *args: Any, offered: Iterable[datetime] = (), offset: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suggests"].choices = [(one.isoformat(), _called(one, offset)) for one in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("suggests") and not cleaned.get("words"):
            self.add_error("words", _("Velg et tidspunkt, eller skriv når du kan."))
        return cleaned

    def wish(self) -> Wish:
        return Wish(suggests=tuple(self.cleaned_data["suggests"]))


class FormatWishForm(WishForm):
    wants = forms.ChoiceField(label=_("Hvordan vil du møte?"), widget=forms.RadioSelect)

    field_order = ("wants", "words", "revision")

    def __init__(self, *args: Any, held: Format, others: Iterable[Format] = tuple(Format), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wants"].choices = [(one.value, FORMATS[one]) for one in others if one != held]  # type: ignore[attr-defined]
        self.fields["words"].label = _("Beskjed til Nav")

    def wish(self) -> Wish:
        return Wish(wants=self.cleaned_data["wants"])


def _called(start: datetime, offset: int) -> str:
    """ "tirsdag 12. januar kl. 09.00", in the reader's language."""
    begins = in_oslo(start + timedelta(minutes=offset))
    return f"{dates.short_day(begins)} {dates.clock(begins)}"
