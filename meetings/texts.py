"""Texts written to one recipient: what they may hold."""

import unicodedata
from dataclasses import dataclass

from navmeet.exceptions import Invalid, InvalidFields

THEME, PURPOSE, PREPARATIONS, SENTENCE = 100, 5000, 500, 300
_LINES = "\n\r\t"


def cleaned(text: str, *, field: str, most: int, name: str) -> str:
    """Trimmed, in composed form, line ends as \\n. Raises Invalid for control characters or more than `most`."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in _LINES for char in text):
        raise Invalid(
            f"{name} inneholder tegn som ikke kan brukes. Slett teksten og skriv den på nytt.",
            code="control_characters",
            field=field,
        )
    if len(text) > most:
        raise Invalid(f"{name} kan ha høyst {most} tegn. Teksten har {len(text)} tegn.", code="too_long", field=field)
    return text


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
        fields = {
            "theme": (THEME, "Tema"),
            "purpose": (PURPOSE, "Hensikt"),
            "preparations": (PREPARATIONS, "Forberedelser"),
        }
        for field, (most, name) in fields.items():
            try:
                kept[field] = cleaned(getattr(self, field), field=field, most=most, name=name)
            except Invalid as error:
                errors.append(error)
        if not errors and not kept["theme"]:
            errors.append(Invalid("Skriv hva møtet handler om.", code="theme_missing", field="theme"))
        if errors:
            raise InvalidFields(errors)
        return CitizenTexts(**kept)
