"""The form minutes are written in: one text a section, and the version it was written on."""

from typing import Any

from django import forms

from minutes.sections import LONGEST, Section, SectionCode, clean_text
from minutes.writing import NOTHING_YET
from navmeet.exceptions import Invalid

HIGHEST = 2_000_000_000


# The version is not something a person fills in.
NOT_WHOLE = "Siden er ikke hel, så ingenting ble lagret. Kopier det du har skrevet, og last siden på nytt."


def version_seen() -> forms.IntegerField:
    """The version the page was made from, as the page sends it along."""
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), NOT_WHOLE)
    return forms.IntegerField(min_value=NOTHING_YET, max_value=HIGHEST, widget=forms.HiddenInput, error_messages=wrong)


class Passage(forms.CharField):
    """One section's text, cleaned by the rule that the verb has; empty is allowed while writing."""

    def __init__(self, code: SectionCode, **kwargs: Any) -> None:
        self.code = code
        super().__init__(
            label=code.label, required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8}), **kwargs
        )
        # Told under the field. The rule itself is `clean`: a validator would count line ends as two.
        self.max_length = LONGEST
        self.validators = []

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        try:
            return clean_text(value or "", code=self.code, field=self.code.field)
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from None


class MinutesForm(forms.Form):
    """The sections as three texts. `version` is what the texts were written on; 0 before the first save."""

    version = version_seen()
    discussed = Passage(SectionCode.DISCUSSED)
    agreed = Passage(SectionCode.AGREED)
    next = Passage(SectionCode.NEXT)

    def sections(self) -> list[Section]:
        """What was written, of a valid form."""
        return [Section(code, self.cleaned_data[code.field]) for code in SectionCode]

    def typed_on(self, version: int) -> "MinutesForm":
        """The same texts as they were typed, now on another version: a save replaces what that version says."""
        typed = {code.field: self.data.get(code.field, "") for code in SectionCode}
        return MinutesForm({**typed, "version": version})

    @staticmethod
    def of(sections: tuple[Section, ...], version: int) -> "MinutesForm":
        """An open form with what is saved."""
        saved = {section.code.field: section.text for section in sections}
        return MinutesForm(initial={**saved, "version": version})


class ShareForm(forms.Form):
    """The version that was previewed."""

    version = version_seen()
