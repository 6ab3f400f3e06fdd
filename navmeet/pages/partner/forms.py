"""What a partner fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from navmeet.pages.citizen.forms import ANSWERS, Words


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Koden fra SMS-en"),
        help_text=_("6 sifre."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 8, "class": "nm-code"}
        ),
        error_messages={"required": _("Skriv koden vi sendte deg på SMS.")},
    )


class PartnerWords(Words):
    """The field of `Words`, with the words for somebody who comes on behalf of another."""

    words = forms.CharField(
        label=_("Beskjed til Nav"),
        help_text=_("Du trenger ikke å skrive noe. Skriv ikke om helsen til noen her."),
        required=False,
        max_length=Words.base_fields["words"].max_length,  # type: ignore[attr-defined]
        widget=forms.Textarea(attrs={"rows": 3, "class": "nm-textarea--short"}),
        error_messages=Words.base_fields["words"].error_messages,
    )


class PartnerAnswerForm(PartnerWords):
    kind = forms.ChoiceField(label=_("Kommer du?"), choices=ANSWERS, widget=forms.RadioSelect)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("kind", "words", "revision")
