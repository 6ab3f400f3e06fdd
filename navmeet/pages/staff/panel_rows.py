"""Those at the door as the panel shows them: each with its words and its forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from invitations import door
from invitations.models import IdentityCheck, Visit
from invitations.waiting import Row
from meetings.models import Format, Meeting, Participant, Role
from navmeet.pages.staff import panel_words
from navmeet.pages.staff.panel_words import DOCUMENTS, HOWS, LEVELS, ROLES, WANTS, Form, IdentityForm, WordForm


@dataclass
class Shown:
    """A row with its words and its forms. `instead_of`: who is in with the same link, and would make room for this."""

    row: Row
    role: str
    level: tuple[str, str]
    wants: str
    noted: str
    whereabouts: str
    warnings: list[str]
    no_access: str
    instead_of: str
    takes_precedence: bool
    word: Form
    identity: Form

    @property
    def may_be_let_in(self) -> bool:
        return self.row.is_waiting and self.row.decision == door.Decision.OPEN


def row(one: Row, written: Mapping[UUID, Form]) -> Shown:
    """`written`: forms that were refused, by the visit or participant they are about."""
    visit_id, participant_id = one.visit.pk, one.participant.pk
    inside = one.beside.inside
    return Shown(
        row=one,
        role=panel_words.role(one),
        level=LEVELS[one.level],
        wants=WANTS.get(Visit.Wants(one.visit.wants), ""),
        noted=_noted(one.check) if one.check else "",
        whereabouts=panel_words.whereabouts(one),
        warnings=panel_words.warnings(one),
        no_access=panel_words.no_access(one),
        instead_of=(inside.name or "Deltaker") if inside else "",
        takes_precedence=panel_words.takes_precedence(one),
        word=written.get(visit_id) or WordForm(auto_id=f"word-{visit_id.hex}-%s"),
        identity=written.get(participant_id) or IdentityForm(auto_id=f"id-{visit_id.hex}-%s"),
    )


def expected(one: Participant, meeting: Meeting) -> tuple[str, str, str]:
    """One who has not come: role, name, and how they take part."""
    one.meeting = meeting
    how = {Format.VIDEO: "video", Format.PHONE: "telefon", Format.IN_PERSON: "oppmøte"}[door.way_in(one)]
    return ROLES.get(Role(one.role), ""), _known_name(one), how


def says(rows: list[Shown], must_leave: list[Shown]) -> str:
    """For those who do not see the page: who must go, the first who waits, and how many."""
    said = [f"{one.row.name} skal ut av videomøtet. {one.no_access}".strip() for one in must_leave]
    if not rows:
        return " ".join([*said, "Ingen venter."])
    first = rows[0]
    parts = [f"{first.row.name} venter, {first.role.lower()}.", f"{first.level[1]}."]
    parts += [f"{first.wants}."] if first.wants else []
    return " ".join([*said, *parts, *first.warnings, f"{len(rows)} venter i alt."])


def _noted(note: IdentityCheck) -> str:
    how = dict(HOWS)[IdentityCheck.How(note.how)]
    if note.document:
        return f"{how}: {dict(DOCUMENTS)[note.document].lower()}"
    return f"{how}: {note.words}" if note.words else how


def _known_name(one: Participant) -> str:
    if one.person is not None:
        return one.person.name or ""
    contact = getattr(one, "contact", None)
    return contact.name if contact else ""
