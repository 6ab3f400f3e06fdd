"""What a citizen fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from invitations.models import Answer
from invitations.what_happened import LONGEST
from meetings.texts import SENTENCE

ANSWERS = [
    (Answer.Kind.COMING, _("Jeg kommer")),
    (Answer.Kind.NOT_COMING, _("Jeg kan ikke komme")),
    (Answer.Kind.OTHER_TIME, _("Jeg trenger et annet tidspunkt")),
    (Answer.Kind.OTHER_FORMAT, _("Jeg vil møte på en annen måte")),
]
ASKED_WITHOUT_LOGIN = ANSWERS[1:]


class Words(forms.Form):
    """What a person writes: shown again, to be read through, if the session is lost. The rest is sent along unseen."""

    words = forms.CharField(
        label=_("Beskjed til Nav"),
        help_text=_("Du trenger ikke å skrive noe. Skriv ikke om helsen din her."),
        required=False,
        max_length=SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "nm-textarea--short"}),
        error_messages={
            "null_characters_not_allowed": _(
                "Teksten har tegn som ikke kan brukes, for eksempel usynlige styretegn. Skriv den på nytt uten dem."
            )
        },
    )


class AnswerForm(Words):
    kind = forms.ChoiceField(label=_("Kommer du?"), choices=ANSWERS, widget=forms.RadioSelect)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("kind", "words", "revision")


class AccountForm(forms.Form):
    words = forms.CharField(
        label=_("Hva skjedde?"),
        help_text=_("Skriv med egne ord. Du trenger ikke å skrive om helsen din."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Skriv hva som skjedde."),
            "null_characters_not_allowed": _(
                "Teksten har tegn som ikke kan brukes, for eksempel usynlige styretegn. Skriv den på nytt uten dem."
            ),
        },
    )


class ChoiceForm(forms.Form):
    yes = forms.ChoiceField(
        label=_("Slik vil jeg møte Nav"),
        choices=[("yes", _("Ja, jeg vil møte på video")), ("no", _("Nei, jeg vil ikke møte på video"))],
        widget=forms.RadioSelect,
    )
    text_version = forms.CharField(widget=forms.HiddenInput, max_length=16)
    language = forms.ChoiceField(choices=[("nb", "nb"), ("nn", "nn"), ("en", "en")], widget=forms.HiddenInput)


class AskForm(forms.Form):
    """Without login: a choice, and no words."""

    kind = forms.ChoiceField(label=_("Hva vil du si fra om?"), choices=ASKED_WITHOUT_LOGIN, widget=forms.RadioSelect)
