"""A domain error beside the field it belongs to."""

from django import forms
from django.utils.translation import gettext

from navmeet.exceptions import DomainError


def put(error: DomainError, form: forms.Form, *, names: dict[str, str] | None = None) -> None:
    """Add the error to the form, at its field if the form has it. `names` maps the domain's fields to the form's.

    The domain speaks bokmål; its sentence is the key under which the catalogues hold the other languages.
    """
    for one in error.each():
        named = (names or {}).get(one.field or "", one.field)
        form.add_error(named if named in form.fields else None, gettext(one.message))
