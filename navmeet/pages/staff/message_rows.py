"""What each participant of a meeting was told, as its page lists it."""

from collections.abc import Iterable
from dataclasses import dataclass

from invitations.messages.log import LogLine, by_reader
from meetings.models import Role
from navmeet.pages.staff import words
from navmeet.people.models import Person


@dataclass(frozen=True)
class ReaderRow:
    """`who`: "Innbyggeren, Kari Testdal"; "Legen" where what they are called is not kept any more."""

    who: str
    lines: list[LogLine]
    overtaken: list[LogLine]


def of_meeting(log: Iterable[LogLine], citizen: Person) -> list[ReaderRow]:
    """The citizen first."""
    rows = []
    for reader in by_reader(log):
        name = citizen.name if reader.role == Role.CITIZEN else reader.name
        who = words.ROLES.get(Role(reader.role), "deltakeren").capitalize()
        rows.append(ReaderRow(f"{who}, {name}" if name else who, reader.lines, reader.overtaken))
    return rows
