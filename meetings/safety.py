"""The population register's safety measures (sikkerhetstiltak): which formats they exclude.

FYUS no meeting in person, TFUS none by telephone, FTUS neither, DIUS none by digital means, TOAN two employees (it
excludes nothing). A code we do not know excludes nothing here; the caseworker sees it beside the citizen's name.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from meetings.models import Format
from navmeet.change import refuse
from navmeet.exceptions import Conflict

EXCLUDES: Final[Mapping[str, frozenset[Format]]] = {
    "FYUS": frozenset({Format.IN_PERSON}),
    "TFUS": frozenset({Format.PHONE}),
    "FTUS": frozenset({Format.IN_PERSON, Format.PHONE}),
    "DIUS": frozenset({Format.VIDEO}),
}


class Excluded(Conflict):
    """A safety measure excludes this format. Which one, or that it is one, the sentence does not say."""

    code = "safety_measure"


def check_allows(held: Format, measures: Iterable[str]) -> None:
    """Raises Excluded at `format`."""
    if any(held in EXCLUDES.get(measure, frozenset()) for measure in measures):
        text = "Denne møteformen kan ikke brukes i dette møtet. Velg en annen, eller snakk med lederen din."
        refuse(Excluded(text, field="format"))
