"""What is wrong with a field, in plain language and with the field's own name in it.

Django's own sentences ("Feltet er påkrevet") say nothing in an error summary, where the field is not in sight.
A form that gives its own error_messages keeps them.
"""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_CHOICES: Final = (forms.ChoiceField, forms.MultipleChoiceField)
# Django fills these with % afterwards: a per cent sign in a label must survive it.
_WITH_NUMBERS: Final = {"max_length", "min_length", "invalid_choice"}
_TOO_LONG: Final = _("«{label}» kan ha høyst %(limit_value)s tegn. Nå er det %(show_value)s.")
_TOO_SHORT: Final = _("«{label}» må ha minst %(limit_value)s tegn. Nå er det %(show_value)s.")


def speak_plainly(field: forms.Field, label: "str | _StrPromise") -> None:
    """Replace Django's own error messages of this field by ours; leave those that the form's author wrote."""
    defaults = _defaults(field)
    for code, sentence in _sentences(field).items():
        if code not in field.error_messages or field.error_messages[code] is defaults.get(code):
            field.error_messages[code] = format_lazy(sentence, label=_quoted(label) if code in _WITH_NUMBERS else label)


def _escaped(label: "str | _StrPromise") -> str:
    return str(label).replace("%", "%%")


_quoted = lazy(_escaped, str)


def _defaults(field: forms.Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        found |= getattr(kind, "default_error_messages", {})
    return found


def _sentences(field: forms.Field) -> dict[str, "str | _StrPromise"]:
    sentences: dict[str, str | _StrPromise] = {
        "required": _("Fyll ut «{label}»."),
        "max_length": _TOO_LONG,
        "min_length": _TOO_SHORT,
    }
    if isinstance(field, forms.BooleanField):
        sentences["required"] = _("Du må krysse av for «{label}».")
    elif isinstance(field, _CHOICES):
        sentences |= {
            "required": _("Velg noe under «{label}»."),
            "invalid_choice": _("Velg noe annet under «{label}»."),
        }
    elif isinstance(field, forms.DateField):
        sentences["invalid"] = _("Skriv «{label}» som en dato, for eksempel 24.11.2026.")
    elif isinstance(field, forms.EmailField):
        sentences["invalid"] = _("Skriv «{label}» som en e-postadresse, for eksempel navn@eksempel.no.")
    elif isinstance(field, forms.IntegerField):
        sentences["invalid"] = _("Skriv «{label}» med tall.")
    elif isinstance(field, forms.TimeField):
        sentences["invalid"] = _("Skriv «{label}» som et klokkeslett, for eksempel 10:00.")
    return sentences
