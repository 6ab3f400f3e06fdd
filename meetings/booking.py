"""Booking: one meeting with one citizen, in a time that nobody else has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from meetings import calendars, colleagues, fitting, hours, partners, permissions, revisions, rooms, safety
from meetings.contacts import CitizenContact
from meetings.events import MeetingBooked, PartnerAdded
from meetings.models import Format, Meeting, MeetingType, Office, Participant, Reason, Resource, Role, Room
from meetings.overruling import Overrule, Overruled
from meetings.partners import PartnerInput
from meetings.places import Place
from meetings.texts import CitizenTexts, check_language
from meetings.times import Slot
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import DomainError, Invalid, InvalidFields
from navmeet.outbox.publish import publish
from navmeet.people.clearance import Clearance
from navmeet.people.models import Person
from navmeet.protect.columns import new_id


@dataclass(frozen=True)
class Booking:
    """What is asked for. `meeting_id` is given by a form that may be sent twice: the second time finds the first.

    `staff` are employees who come besides the host. `language` is the one the citizen is written to in; `no_texts_in`
    the one they have chosen, where we have no texts in it; it is said and not kept.
    """

    person_id: UUID
    type_code: str
    format: Format
    slot: Slot
    place: Place
    texts: CitizenTexts
    check_identity: bool = False
    language: str = "nb"
    no_texts_in: str = ""
    meeting_id: UUID | None = None
    partners: tuple[PartnerInput, ...] = ()
    staff: tuple[UUID, ...] = ()


@change
def book(
    *,
    wanted: Booking,
    can_be_told: bool,
    by: Actor,
    clearance: Clearance,
    at: datetime,
    citizen_contact: CitizenContact | None = None,
    safety_measures: frozenset[str] = frozenset(),
    staff_cleared: tuple[Clearance, ...] = (),
    overrule: Overrule | None = None,
) -> Meeting:
    """Book it. `can_be_told`, `citizen_contact` and `safety_measures` are the registers' word on the citizen.

    Raises NotPermitted, Invalid or InvalidFields naming the field, Excluded, Occupied, NotSuitable unless overruled.
    The same `meeting_id` by the same caseworker again gives the meeting that is there. Who brings partners must have
    asked for `citizen_contact`; who brings colleagues, for the access machine's yes to each (`staff_cleared`).
    """
    permissions.check_can_book(by)
    clearance.check_covers(person_id=wanted.person_id, by=by, at=at)
    meeting_type = _type(wanted.type_code)
    held = Format(wanted.format)
    safety.check_allows(held, safety_measures)
    place, room = rooms.placed(wanted.place, held, office_id=by.known_office)
    staff = colleagues.check(wanted.staff, staff_cleared, person_id=wanted.person_id, by=by, at=at)
    texts = wanted.texts.checked()
    check_language(wanted.language)
    invited = _checked(wanted, meeting_type, held)
    person = _alive(wanted.person_id)
    resources = calendars.lock(_calendars(wanted, room, by))
    already = _already(wanted, by)
    if already is not None:
        return already
    calendars.check_free(resources, starts_at=wanted.slot.starts_at, ends_at=wanted.slot.ends_at, by=by)
    overruled = _suits(wanted, meeting_type, room, overrule, by, at)

    meeting = _store(wanted, meeting_type, room, by, at)
    revision = revisions.add(
        meeting, slot=wanted.slot, held=held, place=place, reason=Reason.BOOKED, by=by, at=at, overruled=overruled
    )
    _add_people(meeting, person, wanted, texts, at)
    colleagues.store(meeting, staff, at=at)
    added = _add_partners(meeting, invited, person, citizen_contact, by=by, at=at)
    calendars.take(meeting, resources)
    fitting.gather_no_room(held, place.room)
    fitting.gather_no_texts(wanted.no_texts_in, wanted.language)

    record("meeting.booked", by=by, at=at, subject=meeting, meeting_id=meeting.pk, format=held, type=meeting_type.pk)
    publish(MeetingBooked(meeting_id=meeting.pk, revision_id=revision.pk, can_be_told=can_be_told, at=at))
    for one in added:
        record("partner.added", by=by, at=at, subject=one, meeting_id=meeting.pk, role=one.role)
        publish(
            PartnerAdded(
                meeting_id=meeting.pk, participant_id=one.pk, can_be_told=can_be_told, at=at, is_with_booking=True
            )
        )
    return meeting


def _type(code: str) -> MeetingType:
    found = next(iter(MeetingType.objects.filter(code=code, is_active=True)), None)
    if found is None:
        raise Invalid("Velg en møtetype.", code="type_unknown", field="type")
    return found


def _calendars(wanted: Booking, room: Room | None, by: Actor) -> list[calendars.Calendar]:
    return [
        *(calendars.Calendar(Resource.Kind.STAFF, who) for who in (by.known_id, *wanted.staff)),
        calendars.Calendar(Resource.Kind.CITIZEN, wanted.person_id),
        *([calendars.Calendar(Resource.Kind.ROOM, room.pk)] if room else []),
    ]


def _suits(
    wanted: Booking, meeting_type: MeetingType, room: Room | None, overrule: Overrule | None, by: Actor, at: datetime
) -> Overruled:
    """What speaks against it was overruled, or nothing does. Raises NotSuitable."""
    staff = (by.known_id, *wanted.staff)
    return hours.check(
        slot=wanted.slot,
        held=Format(wanted.format),
        staff=staff,
        office_of=None if wanted.staff else {by.known_id: by.known_office},
        room=room,
        meeting_type=meeting_type,
        office=Office.objects.get(pk=by.known_office),
        at=at,
        overrule=overrule,
        # Those from Nav, the citizen, and the partners who come.
        in_person=len(staff) + 1 + sum(one.way_in in ("", Format.IN_PERSON) for one in wanted.partners),
    )


def _already(wanted: Booking, by: Actor) -> Meeting | None:
    if wanted.meeting_id is None:
        return None
    return Meeting.objects.visible_to(by).filter(pk=wanted.meeting_id, created_by=by.known_id).first()


def _store(wanted: Booking, meeting_type: MeetingType, room: Room | None, by: Actor, at: datetime) -> Meeting:
    meeting = Meeting(
        id=wanted.meeting_id or new_id(),
        type=meeting_type,
        format=Format(wanted.format),
        starts_at=wanted.slot.starts_at,
        ends_at=wanted.slot.ends_at,
        office_id=by.known_office,
        host_id=by.known_id,
        booked_room=room,
        check_identity=wanted.check_identity,
        created_at=at,
        created_by=by.known_id,
    )
    meeting.save(force_insert=True)
    return meeting


def _alive(person_id: UUID) -> Person:
    """As the register was asked just before this."""
    person = Person.objects.get(pk=person_id)
    if person.deceased_known_at is not None:
        raise Invalid(
            "Personen er registrert som død. Du kan ikke bestille møte.", code="deceased", field="citizen_number"
        )
    return person


def _add_people(meeting: Meeting, person: Person, wanted: Booking, texts: CitizenTexts, at: datetime) -> None:
    host = Participant(meeting=meeting, role=Role.HOST, user_id=meeting.host_id, added_at=at)
    citizen = Participant(
        meeting=meeting,
        role=Role.CITIZEN,
        person=person,
        language=wanted.language,
        theme=texts.theme,
        purpose=texts.purpose or None,
        preparations=texts.preparations or None,
        added_at=at,
    )
    Participant.objects.bulk_create([host, citizen])


def _checked(wanted: Booking, meeting_type: MeetingType, held: Format) -> list[PartnerInput]:
    """The partners as they are stored. Raises InvalidFields naming each field by the partner's place in the list."""
    minutes = (wanted.slot.ends_at - wanted.slot.starts_at) // timedelta(minutes=1)
    if len(wanted.partners) > partners.MOST:
        text = f"Et møte kan ha høyst {partners.MOST} deltakere utenfor Nav."
        raise Invalid(text, code="too_many_partners", field="partners")
    kept, errors = [], []
    for number, one in enumerate(wanted.partners):
        try:
            kept.append(one.checked(meeting_type=meeting_type, held=held, minutes=minutes))
        except InvalidFields as error:
            errors += [
                Invalid(each.message, code=each.code, field=f"partners.{number}.{each.field}") for each in error.errors
            ]
    if errors:
        raise InvalidFields(errors)
    return kept


def _add_partners(
    meeting: Meeting,
    invited: list[PartnerInput],
    person: Person,
    citizen_contact: CitizenContact | None,
    *,
    by: Actor,
    at: datetime,
) -> list[Participant]:
    if not invited:
        return []
    if citizen_contact is None:
        raise TypeError("partners are compared with the citizen: ask for citizen_contact")
    partners.check_may_take_part(person, by)
    added: list[Participant] = []
    for number, one in enumerate(invited):
        try:
            partners.check_is_somebody_else(one, [other.contact for other in added], citizen_contact)
        except DomainError as error:
            error.field = f"partners.{number}.{error.field}" if error.field else "partners"
            raise
        fitting.gather_namesake(one, person)
        added.append(partners.store(meeting, one, at=at))
    return added
