"""Texts written to one recipient: what they may hold."""

from dataclasses import dataclass

from django.conf import settings

from navmeet.api.text import clean
from navmeet.exceptions import Invalid, InvalidFields

THEME, PURPOSE, PREPARATIONS, SENTENCE = 100, 5000, 500, 300


def check_language(code: str) -> str:
    """One that we have texts in. Raises Invalid at `language`."""
    if code not in dict(settings.LANGUAGES):
        raise Invalid("Velg bokmål, nynorsk eller engelsk.", code="language_unknown", field="language")
    return code


@dataclass(frozen=True)
class CitizenTexts:
    """What the citizen reads: `theme` what it is about, `purpose` in more words, `preparations`."""

    theme: str
    purpose: str = ""
    preparations: str = ""

    def checked(self) -> "CitizenTexts":
        """Cleaned. Raises InvalidFields with every field that is wrong."""
        kept: dict[str, str] = {}
        errors: list[Invalid] = []
        for field, most in (("theme", THEME), ("purpose", PURPOSE), ("preparations", PREPARATIONS)):
            try:
                kept[field] = clean(getattr(self, field), field=field, longest=most, lines=field != "theme")
            except Invalid as error:
                errors.append(error)
        if not errors and not kept["theme"]:
            errors.append(Invalid("Skriv hva møtet handler om.", code="theme_missing", field="theme"))
        if errors:
            raise InvalidFields(errors)
        return CitizenTexts(**kept)
