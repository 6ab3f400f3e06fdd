"""Who reads which field of a meeting, and where. Declared once; a test reads each field as each role, field by field.

`docs/who-sees-what.md` is drawn from this table.
"""

from dataclasses import dataclass
from enum import StrEnum


class Reader(StrEnum):
    """Who reads, as surely as it is known who they are."""

    CASEWORKER = "caseworker of the office"
    ADVISER = "adviser at the contact centre"
    CITIZEN = "citizen, logged in"
    CITIZEN_LINK = "holder of the citizen's link"
    DOCTOR = "doctor, after a code"
    EMPLOYER = "employer, after a code"
    PARTNER_LINK = "holder of a partner's link"


_CASEWORKER, _ADVISER = Reader.CASEWORKER, Reader.ADVISER
_CITIZEN, _CITIZEN_LINK = Reader.CITIZEN, Reader.CITIZEN_LINK
_DOCTOR, _EMPLOYER, _PARTNER_LINK = Reader.DOCTOR, Reader.EMPLOYER, Reader.PARTNER_LINK
_EVERYBODY = frozenset(Reader)
_BY_LINK = frozenset({_CITIZEN_LINK, _PARTNER_LINK})
_AFTER_LOGIN = frozenset({_CASEWORKER, _CITIZEN, _DOCTOR, _EMPLOYER})


@dataclass(frozen=True)
class Field:
    """`code` is for the test; `what` is for people."""

    code: str
    what: str
    readers: frozenset[Reader]


FIELDS = (
    Field("day", "day and time (a partner: their own part)", _EVERYBODY),
    Field("state", "that it is cancelled", _EVERYBODY),
    Field("format", "format (a partner: their own way in)", _EVERYBODY),
    Field("office_address", "the office's public address, before it is known who reads", _BY_LINK),
    Field("place", "the place itself: address, room, how to get in", _AFTER_LOGIN | {_ADVISER}),
    Field("type", "the type of meeting", frozenset({_CASEWORKER, _CITIZEN})),
    Field("staff", "who from Nav takes part", _AFTER_LOGIN),
    Field("citizen_name", "the citizen's name", frozenset({_CASEWORKER, _ADVISER, _DOCTOR})),
    Field("citizen_born", "the citizen's date of birth", frozenset({_CASEWORKER, _DOCTOR})),
    Field("citizen_number", "the citizen's identity number", frozenset()),
    Field(
        "citizen_phone",
        "the number that is called in a meeting by phone",
        frozenset({_CASEWORKER, _ADVISER, _CITIZEN}),
    ),
    Field("citizen_texts", "what was written to the citizen", frozenset({_CASEWORKER, _CITIZEN})),
    Field("citizen_answer", "what the citizen answered", frozenset({_CASEWORKER, _ADVISER, _CITIZEN})),
    Field("doctor_name", "the doctor's name and workplace", frozenset({_CASEWORKER, _CITIZEN})),
    Field("doctor_contact", "the doctor's e-mail and number", frozenset({_CASEWORKER})),
    Field("doctor_texts", "what was written to the doctor", frozenset({_CASEWORKER, _DOCTOR})),
    Field("doctor_answer", "what the doctor answered", frozenset({_CASEWORKER, _DOCTOR})),
    Field("employer_name", "the employer's name and workplace", frozenset({_CASEWORKER, _CITIZEN})),
    Field("employer_contact", "the employer's e-mail and number", frozenset({_CASEWORKER})),
    Field("employer_texts", "what was written to the employer", frozenset({_CASEWORKER, _EMPLOYER})),
    Field("employer_answer", "what the employer answered", frozenset({_CASEWORKER, _EMPLOYER})),
)


def table() -> str:
    """The table as Markdown: a column a reader, a row a field."""
    head = ["| field |", *(f" {reader.value} |" for reader in Reader)]
    lines = ["".join(head), "|---|" + ":-:|" * len(Reader)]
    for one in FIELDS:
        cells = "".join(f" {'yes' if reader in one.readers else '–'} |" for reader in Reader)
        lines.append(f"| {one.what} |{cells}")
    return "\n".join(lines)
