"""The doctors and employers of a meeting, as its page lists them; few enough that each is asked about."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invitations import answers, bases, wrong_addresses
from invitations.messages.own import own
from invitations.models import Consent, Invitation
from meetings.models import PARTNERS, Basis, Meeting, Participant, Role
from navmeet.look import dates
from navmeet.pages.staff import words
from navmeet.pages.staff.week_rows import Tag, answer_tag


@dataclass(frozen=True)
class SaidByPartner:
    tag: Tag
    words: str


@dataclass(frozen=True)
class PartnerRow:
    """`basis` and `basis_says`: may they be told, and why. `asks`: it is the citizen who decides.

    `corrects`: whose invitation it is, where their address turns away what is sent to it.
    `is_shut`: protection keeps them out, whatever the citizen or the law says. `is_out`: that, or the citizen's no.
    """

    pk: UUID
    role: str
    name: str
    email: str
    phone: str
    way_in: str
    has_part: bool
    starts_at: datetime
    ends_at: datetime
    basis: Tag
    basis_says: str
    not_answered: str
    asks: bool
    is_shut: bool
    is_out: bool
    is_open: bool
    first_read_at: datetime | None
    answer: SaidByPartner | None
    theme: str
    purpose: str
    preparations: str
    corrects: UUID | None

    @property
    def needs_you(self) -> bool:
        """Something is to be settled before they take part."""
        return (
            bool(self.corrects)
            or self.basis[0] != "success"
            or (self.answer is not None and self.answer.tag[0] in {"danger", "warning"})
        )


def of_meeting(meeting: Meeting) -> list[PartnerRow]:
    """In the order they were added. The meeting comes with its type."""
    found = meeting.participants.filter(role__in=sorted(PARTNERS), removed_at=None)
    listed = list(found.select_related("contact", "invitation").order_by("added_at", "pk"))
    shut_before = bases.shut_before(meeting.pk) if listed else None
    wrong = wrong_addresses.of([one.pk for one in listed])
    return [_row(one, meeting, shut_before, is_wrong=one.pk in wrong) for one in listed]


def may_add(meeting: Meeting) -> bool:
    """The type of the meeting lets somebody from outside Nav take part."""
    return any(meeting.type.basis_of(role) is not None for role in sorted(PARTNERS))


def _row(partner: Participant, meeting: Meeting, shut_before: datetime | None, *, is_wrong: bool) -> PartnerRow:
    partner.meeting = meeting
    contact, theirs, role = bases.contact_of(partner), own(partner, meeting), Role(partner.role)
    invitation: Invitation | None = getattr(partner, "invitation", None)
    is_shut = shut_before is not None and partner.added_at < shut_before
    asks = bases.basis_of(partner) == Basis.RELEASE
    last = bases.last_word(partner) if asks else None
    basis, says = _shut(role) if is_shut else _basis(partner, meeting, role, last)
    return PartnerRow(
        pk=partner.pk,
        role=words.ROLES[role],
        name=bases.who(contact),
        email=contact.email if contact else "",
        phone=contact.phone if contact else "",
        way_in=words.WAYS_IN[theirs.held],
        has_part=partner.part_minutes is not None,
        starts_at=theirs.starts_at,
        ends_at=theirs.ends_at,
        basis=basis,
        basis_says=says,
        not_answered=f"{words.ROLES[role].capitalize()} har ikke svart",
        asks=asks and not is_shut,
        is_shut=is_shut,
        is_out=is_shut or (last is not None and not last.said_yes),
        is_open=invitation is not None and invitation.closed_at is None and not is_shut,
        first_read_at=invitation.first_read_at if invitation else None,
        answer=_answer(invitation),
        theme=partner.theme or partner.purpose or partner.preparations or "",
        purpose=(partner.purpose or "") if partner.theme else "",
        preparations=(partner.preparations or "") if partner.theme or partner.purpose else "",
        corrects=invitation.pk if is_wrong and invitation and invitation.closed_at is None and not is_shut else None,
    )


def _shut(role: Role) -> tuple[Tag, str]:
    who = words.ROLES[role].capitalize()
    return ("danger", "Tilgangen er stengt"), (
        f"Innbyggeren har fått strengt fortrolig adresse. {who} kommer ikke inn og får ikke vite noe mer om møtet. "
        "Skal deltakeren likevel være med, fjern og legg til på nytt."
    )


def _basis(partner: Participant, meeting: Meeting, role: Role, last: Consent | None) -> tuple[Tag, str]:
    if bases.basis_of(partner) == Basis.LAW:
        return ("success", "Deltar etter loven"), meeting.type.section_of(role)
    if last is None:
        return ("warning", "Venter på innbyggeren"), "Får ikke vite noe før innbyggeren har sagt ja."
    if not last.said_yes:
        return ("danger", "Innbyggeren har sagt nei"), _said(last)
    if not bases.is_released(partner):
        return ("warning", "Må spørres på nytt"), "Innbyggeren sa ja til en annen enn den som står her nå."
    return ("success", "Innbyggeren har sagt ja"), _said(last)


def _said(last: Consent) -> str:
    return f"Svart {words.RELEASED_BY[last.given]} {dates.when(last.given_at)}."


def _answer(invitation: Invitation | None) -> SaidByPartner | None:
    last = answers.latest(invitation) if invitation else None
    return SaidByPartner(answer_tag(last), last.words or "") if last else None
