"""The text of minutes as its reader has it: one template, for the citizen's page and for staff's preview of it."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from meetings.models import Meeting
from minutes.sections import Section


def as_read(meeting: Meeting, sections: Iterable[Section], *, language: str, level: int = 1) -> SafeString:
    """The text in the reader's language. `level` is its heading's: 1 where it is the page, 3 within another page."""
    with translation.override(language):
        context = {
            "meeting": meeting,
            "title": meeting.type.name_in(language),
            "sections": sections,
            "language": language,
            "heading": f"h{level}",
            "subheading": f"h{level + 1}",
        }
        return SafeString(render_to_string("minutes/as_read.html", context))
