"""What is asked for when a doctor or an employer takes part: checked whole, stored, read back.

Used by booking and by the changes of people; the rules stand here once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from meetings import contacts
from meetings.contacts import CitizenContact
from meetings.models import PARTNERS, Format, Meeting, MeetingType, Participant, PartnerContact, Role
from meetings.texts import PREPARATIONS, PURPOSE, THEME, check_language
from navmeet.accounts.actor import Actor
from navmeet.api.text import clean
from navmeet.exceptions import Conflict, Invalid, InvalidFields, NotPermitted
from navmeet.people.models import Person

MOST: Final = 10
SHORTEST_PART: Final = 5
_TEXTS: Final = {"theme": THEME, "purpose": PURPOSE, "preparations": PREPARATIONS}
_CALLED: Final = {Role.DOCTOR: "Legen", Role.EMPLOYER: "Arbeidsgiveren"}


@dataclass(frozen=True)
class PartnerInput:
    """A partner as asked for. `way_in` is blank where it is the meeting's format.

    `part_offset` and `part_minutes`: their own part of the time, in minutes from the start; both, or neither. The
    texts are theirs alone, and stay empty until written.
    """

    role: Role
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    organisation: str = field(default="", repr=False)
    way_in: Format | str = ""
    part_offset: int | None = None
    part_minutes: int | None = None
    theme: str = field(default="", repr=False)
    purpose: str = field(default="", repr=False)
    preparations: str = field(default="", repr=False)
    language: str = "nb"

    @property
    def part(self) -> tuple[int | None, int | None]:
        return self.part_offset, self.part_minutes

    def checked(self, *, meeting_type: MeetingType, held: Format, minutes: int) -> "PartnerInput":
        """As it is stored, for a meeting of this type, format and length. Raises InvalidFields with what is wrong."""
        kept: dict[str, Any] = {}
        errors: list[Invalid] = []

        def take(name: str, check: Callable[[], object]) -> None:
            try:
                kept[name] = check()
            except Invalid as error:
                errors.append(error)

        take("role", lambda: _role(self.role, meeting_type))
        take("name", lambda: contacts.name_of(self.name))
        take("organisation", lambda: clean(self.organisation, field="organisation", longest=contacts.NAME))
        take("email", lambda: contacts.email_address(self.email))
        take("phone", lambda: contacts.mobile_number(self.phone))
        take("way_in", lambda: way_in(self.way_in, held))
        take("part_offset", lambda: _check_part(self.part_offset, self.part_minutes, minutes))
        for name, longest in _TEXTS.items():
            take(name, partial(self._text, name, longest))
        take("language", lambda: check_language(self.language))
        if errors:
            raise InvalidFields(errors)
        return replace(self, **kept)

    def _text(self, name: str, longest: int) -> str:
        return clean(getattr(self, name), field=name, longest=longest, lines=name != "theme")


def as_it_is(participant: Participant) -> PartnerInput:
    """The partner as asked for last. Two queries at most."""
    contact = participant.contact
    return PartnerInput(
        role=Role(participant.role),
        name=contact.name,
        organisation=contact.organisation or "",
        email=contact.email,
        phone=contact.phone,
        way_in=participant.way_in,
        part_offset=participant.part_offset,
        part_minutes=participant.part_minutes,
        theme=participant.theme or "",
        purpose=participant.purpose or "",
        preparations=participant.preparations or "",
        language=participant.language,
    )


def with_contact(partner: PartnerInput, *, email: str, phone: str) -> PartnerInput:
    """The same, reached otherwise. Raises InvalidFields with each of the two that cannot be used."""
    errors: list[Invalid] = []
    checked: dict[str, str] = {}
    for name, check, written in (
        ("email", contacts.email_address, email),
        ("phone", contacts.mobile_number, phone),
    ):
        try:
            checked[name] = check(written)
        except Invalid as error:
            errors.append(error)
    if errors:
        raise InvalidFields(errors)
    return replace(partner, **checked)  # type: ignore[arg-type]


def check_may_take_part(person: Person, by: Actor) -> None:
    """Of a strictly protected citizen only the group for it decides that others come. Raises NotPermitted."""
    if person.is_strictly_protected and not by.may_open_strictly_confidential:
        raise NotPermitted("Du kan ikke legge til andre i dette møtet.", code="no_partner_here")


def check_is_somebody_else(
    wanted: PartnerInput, others: Iterable[PartnerContact], citizen: CitizenContact
) -> PartnerInput:
    """Raises Conflict for a partner who is in the meeting already, Invalid where it is the citizen themselves."""
    for other in others:
        if contacts.same_email(wanted.email, other.email):
            raise _already_there("email", "Denne e-postadressen")
        if contacts.same_phone(wanted.phone, other.phone):
            raise _already_there("phone", "Dette mobilnummeret")
    if contacts.same_email(wanted.email, citizen.email):
        raise _is_citizen("email", "Dette er innbyggerens egen e-postadresse. Skriv partnerens.")
    if contacts.same_phone(wanted.phone, citizen.phone):
        raise _is_citizen("phone", "Dette er innbyggerens eget mobilnummer. Skriv partnerens.")
    return wanted


def contacts_of(meeting: Meeting, *, but: Participant | None = None) -> list[PartnerContact]:
    """How the partners who take part are reached. Raises Conflict where no more are to be added."""
    found = PartnerContact.objects.filter(participant__meeting=meeting, participant__removed_at=None)
    if but is not None:
        return list(found.exclude(participant=but))
    present = list(found)
    if len(present) >= MOST:
        raise Conflict(f"Et møte kan ha høyst {MOST} deltakere utenfor Nav.", code="too_many_partners")
    return present


def store(meeting: Meeting, wanted: PartnerInput, *, at: datetime) -> Participant:
    """A new participant of the meeting with their contact. `wanted` is checked."""
    participant = Participant(meeting=meeting, role=wanted.role, added_at=at)
    write(participant, wanted)
    participant.save(force_insert=True)
    contact = PartnerContact(participant=participant)
    write_contact(contact, wanted, at=at)
    contact.save(force_insert=True)
    return participant


def write(participant: Participant, wanted: PartnerInput) -> None:
    """Set what is the participant's, all of it; not saved."""
    participant.way_in = wanted.way_in
    participant.part_offset, participant.part_minutes = wanted.part
    participant.language = wanted.language
    for name in _TEXTS:
        setattr(participant, name, getattr(wanted, name) or None)


def write_contact(contact: PartnerContact, wanted: PartnerInput, *, at: datetime) -> None:
    """Set what is the contact's, all of it; not saved."""
    contact.name, contact.email, contact.phone = wanted.name, wanted.email, wanted.phone
    contact.organisation = wanted.organisation or None
    contact.changed_at = at


def way_in(wanted: Format | str, held: Format) -> str:
    """As stored: blank where it is the meeting's own. Raises Invalid."""
    if wanted in {"", held}:
        return ""
    if wanted not in Format.values:
        raise Invalid("Velg video, telefon eller oppmøte.", code="way_in_unknown", field="way_in")
    if wanted == Format.IN_PERSON:
        raise Invalid(
            "Møtet har ikke noe møtested. Velg video eller telefon, eller gjør hele møtet til et fysisk møte.",
            code="way_in_needs_place",
            field="way_in",
        )
    return Format(wanted).value


def check_parts_fit(meeting: Meeting, length: timedelta) -> None:
    """Raises Invalid at `minutes` where somebody's own part of the time would lie outside the meeting."""
    minutes = length // timedelta(minutes=1)
    with_part = meeting.participants.filter(removed_at=None, part_offset__isnull=False).order_by("pk")
    for one in with_part:
        offset, own = one.part_offset or 0, one.part_minutes or 0
        if offset + own > minutes:
            raise Invalid(
                f"{_CALLED.get(Role(one.role), 'En deltaker')} skal delta i minutt {offset} til {offset + own}, og det "
                "er utenfor møtet når det blir så kort. Endre deltakerens del av tiden først.",
                code="part_outside",
                field="minutes",
            )


def _role(role: str, meeting_type: MeetingType) -> Role:
    if role not in PARTNERS:
        raise Invalid("Velg lege eller arbeidsgiver.", code="role_unknown", field="role")
    if meeting_type.basis_of(Role(role)) is None:
        raise Invalid(
            "Denne møtetypen har ikke grunnlag for å invitere en deltaker med denne rollen.",
            code="role_not_allowed",
            field="role",
        )
    return Role(role)


def _check_part(offset: int | None, own: int | None, minutes: int) -> int | None:
    if offset is None and own is None:
        return None
    if offset is None or own is None:
        raise Invalid(
            "Skriv både når delen begynner og hvor lenge den varer, eller ingen av dem.",
            code="part_incomplete",
            field="part_minutes" if own is None else "part_offset",
        )
    if own < SHORTEST_PART:
        raise Invalid(f"Delen må vare minst {SHORTEST_PART} minutter.", code="part_too_short", field="part_minutes")
    if offset < 0 or offset + own > minutes:
        raise Invalid(
            f"Delen må ligge innenfor møtet, som varer i {minutes} minutter.", code="part_outside", field="part_offset"
        )
    return offset


def _already_there(field: str, what: str) -> Conflict:
    return Conflict(f"{what} tilhører en som allerede er med i møtet.", code="partner_already", field=field)


def _is_citizen(field: str, message: str) -> Invalid:
    return Invalid(message, code="partner_is_citizen", field=field)
