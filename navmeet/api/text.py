"""What a person may write in a field, one rule for pages and API alike."""

import unicodedata

from navmeet.exceptions import Invalid

# Characters that turn the direction of the text around them: they can make a sentence read as another.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINE_ENDS = frozenset("\n\t")


def has_forbidden(text: str, *, lines: bool) -> bool:
    """Control characters, lone surrogates and characters that turn the reading direction; line ends unless `lines`."""
    allowed = LINE_ENDS if lines else frozenset()
    return any(
        character not in allowed
        and (character in TURNING or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"})
        for character in text
    )


def clean(text: str, *, field: str | None, longest: int, lines: bool = False) -> str:
    """The text trimmed, in one Unicode form (NFC), with plain line ends. Raises Invalid at `field`.

    `longest` counts characters as PostgreSQL does, after trimming. `lines` allows line breaks.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if lines else text
    plain = plain.strip()
    if has_forbidden(plain, lines=lines):
        raise Invalid(
            "Teksten har tegn som ikke kan brukes, for eksempel usynlige styretegn. Skriv den på nytt uten dem.",
            code="forbidden_characters",
            field=field,
        )
    plain = unicodedata.normalize("NFC", plain)
    if len(plain) > longest:
        raise Invalid(f"Teksten kan ha høyst {longest} tegn. Den har {len(plain)}.", code="max_length", field=field)
    return plain
