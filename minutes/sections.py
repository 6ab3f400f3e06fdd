"""The parts that minutes are written in: which there are, what each may hold, and how they lie in a sealed column."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from navmeet.api.text import clean
from navmeet.exceptions import Invalid, InvalidFields

MOST_SECTIONS = 5
LONGEST = 10_000


class SectionCode(models.TextChoices):
    """In the order they are read. The label is the heading, in the reader's language."""

    DISCUSSED = "DISCUSSED", _("Dette snakket vi om")
    AGREED = "AGREED", _("Dette ble vi enige om")
    NEXT = "NEXT", _("Dette gjør vi videre")

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        return self.value.lower()


@dataclass(frozen=True)
class Section:
    """One part. `text` is plain text: lines are its only form. Its repr shows no text."""

    code: SectionCode
    text: str = ""

    @property
    def heading(self) -> str:
        return str(self.code.label)

    def __repr__(self) -> str:
        return f"Section({self.code.value})"


def empty() -> tuple[Section, ...]:
    """What stands there before anything is written."""
    return tuple(Section(code) for code in SectionCode)


def checked(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Every section there is, in order, with what was sent of them, cleaned; one that was not sent is empty.

    Raises Invalid for too many or doubled sections, InvalidFields (`sections.0.text`) for each text that cannot be
    kept: more than 10 000 characters, or control characters other than line breaks and tabs.
    """
    if len(sections) > MOST_SECTIONS:
        raise Invalid(f"Et referat kan ha høyst {MOST_SECTIONS} deler.", code="too_many_sections", field="sections")
    if len({section.code for section in sections}) < len(sections):
        raise Invalid("Hver del av referatet kan bare sendes én gang.", code="section_doubled", field="sections")
    texts: dict[SectionCode, str] = {}
    errors: list[Invalid] = []
    for place, section in enumerate(sections):
        try:
            texts[section.code] = clean_text(section.text, code=section.code, field=f"sections.{place}.text")
        except Invalid as error:
            errors.append(error)
    if errors:
        raise InvalidFields(errors)
    return tuple(Section(code, texts.get(code, "")) for code in SectionCode)


def clean_text(text: str, *, code: SectionCode, field: str) -> str:
    """One section's text as it is kept. Raises Invalid, naming the section by its heading."""
    try:
        return clean(text, field=field, longest=LONGEST, lines=True)
    except Invalid as error:
        raise Invalid(f"«{code.label}»: {error.message}", code=error.code, field=field) from None


def has_text(sections: Iterable[Section]) -> bool:
    """Whether there is anything for anybody to read."""
    return any(section.text for section in sections)


def to_json(sections: Iterable[Section]) -> str:
    """As stored, sealed. An object for each section leaves room for an audience and more."""
    return json.dumps([{"code": section.code.value, "text": section.text} for section in sections], ensure_ascii=False)


def from_json(stored: str) -> tuple[Section, ...]:
    """What `to_json` stored."""
    return tuple(Section(SectionCode(item["code"]), item["text"]) for item in json.loads(stored))
