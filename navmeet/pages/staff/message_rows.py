"""What each participant of a meeting was told, as its page lists it, and what repairs what did not arrive."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invitations import bases
from invitations.messages.log import LogLine, by_reader
from invitations.messages.occasions import ABOUT_WHAT_WAS
from invitations.undelivered import Trouble
from meetings.models import Role
from navmeet.pages.staff import troubles, words
from navmeet.pages.staff.troubles import TroubleRow
from navmeet.people.models import Person


@dataclass(frozen=True)
class Line:
    said: LogLine
    trouble: TroubleRow | None


@dataclass(frozen=True)
class ReaderRow:
    """`who`: "Innbyggeren, Kari Testdal"; "Legen" where what they are called is not kept any more.

    `again`: whose invitation it is that can be sent again, where that is not offered beside what did not arrive.
    """

    who: str
    lines: list[Line]
    overtaken: list[LogLine]
    again: UUID | None

    @property
    def needs_you(self) -> bool:
        """Something did not reach them, and is not repaired."""
        return any(line.trouble for line in self.lines)

    @property
    def is_tried_again(self) -> bool:
        """The house itself goes on with all of it."""
        return all(line.trouble.next_try for line in self.lines if line.trouble)


def of_meeting(
    log: Iterable[LogLine],
    citizen: Person,
    unrepaired: Mapping[UUID, Trouble] | None,
    at: datetime,
    *,
    is_to_come: bool,
) -> list[ReaderRow]:
    """The citizen first. `unrepaired`: by message; None for who may not repair it. `is_to_come`: also if cancelled."""
    rows, readers = [], by_reader(log)
    roles = Counter(reader.role for reader in readers)
    for reader in readers:
        name = citizen.name if reader.role == Role.CITIZEN else reader.name
        who = words.ROLES.get(Role(reader.role), "deltakeren").capitalize()
        apart = reader.name if roles[reader.role] > 1 else ""
        lines = [Line(line, _trouble(line, unrepaired or {}, at, apart)) for line in reader.lines]
        is_offered = any(line.trouble and line.trouble.again for line in lines)
        was_told_after = any(line.occasion in ABOUT_WHAT_WAS for line in reader.lines)
        may_again = unrepaired is not None and not is_offered and (is_to_come or was_told_after)
        rows.append(
            ReaderRow(
                who=f"{who}, {name}" if name else who,
                lines=lines,
                overtaken=reader.overtaken,
                again=reader.lines[0].invitation_id if may_again and reader.lines else None,
            )
        )
    return rows


def _trouble(line: LogLine, unrepaired: Mapping[UUID, Trouble], at: datetime, apart: str) -> TroubleRow | None:
    trouble = unrepaired.get(line.id) if line.id is not None else None
    if trouble is None:
        return None
    partner = trouble.message.participant
    contact = bases.contact_of(partner) if partner.is_partner else None
    return troubles.row(trouble, at, contact=contact, with_form=True, apart=apart)
