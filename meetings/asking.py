"""What the network must say before a meeting is booked, opened or changed: asked at the edge, once, by page and API."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from meetings import staff
from meetings.contacts import CitizenContact
from meetings.models import Meeting
from meetings.staff import Colleague
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.models import User
from navmeet.exceptions import NotFound, NotPermitted, Unavailable
from navmeet.people import clearance, looking, meet
from navmeet.people.clearance import Clearance
from navmeet.people.meet import Found
from navmeet.people.models import Person
from navmeet.registers.pdl import PersonFacts


@dataclass(frozen=True)
class Answers:
    """The access machine's yes, and what the registers say of the citizen; all of this moment.

    `safety_measures` are PDL's codes (FYUS, TFUS, FTUS, DIUS, TOAN and any that come). `no_texts_in`: the language the
    citizen has chosen, where `language` is another because we have no texts in it. `is_contact_known`: the contact
    register answered. Where it did not, `can_be_told` is a yes that holds until the sender asks it, before anything
    leaves.
    """

    clearance: Clearance
    can_be_told: bool
    language: str
    contact: CitizenContact
    safety_measures: frozenset[str]
    no_texts_in: str = ""
    is_contact_known: bool = True


def about_person(person_id: UUID, *, by: Actor, at: datetime) -> Answers:
    """Raises NotFound for a person we do not know, NotPermitted, Unavailable."""
    allowed, facts = _allowed(person_id, by=by, at=at)
    return _answers(allowed, meet.with_contact(facts, at=at))


def _allowed(person_id: UUID, *, by: Actor, at: datetime) -> tuple[Clearance, PersonFacts]:
    """Access first, then who they are."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound("Vi finner ikke personen. Søk på nytt.", code="person_not_found", field="person_id")
    allowed = clearance.ask(person_id=person_id, by=by, at=at)
    return allowed, meet.facts_again(person, at=at)


def _answers(allowed: Clearance, found: Found) -> Answers:
    return Answers(
        clearance=allowed,
        can_be_told=found.contact.can_be_told,
        language=found.language,
        contact=CitizenContact(email=found.contact.email, phone=found.contact.phone),
        safety_measures=frozenset(found.facts.safety_measures),
        no_texts_in=found.no_texts_in,
    )


def meeting_to_open(meeting_id: UUID, *, by: Actor, at: datetime) -> Meeting:
    """The meeting, if `by` may know of it and may open its citizen now. Raises NotFound, NotPermitted, Unavailable."""
    meeting = known(meeting_id, by=by)
    person_id = meeting.citizen_id()
    clearance.ask(person_id=person_id, by=by, at=at)
    looking.look_before_opening(person_id, by=by, at=at)
    return meeting


def about_meeting(meeting_id: UUID, *, by: Actor, at: datetime) -> Answers:
    """What a change needs to be told. Raises NotFound, NotPermitted, Unavailable."""
    return about_person(known(meeting_id, by=by).citizen_id(), by=by, at=at)


def about_change(meeting_id: UUID, *, by: Actor, at: datetime) -> Answers:
    """As `about_meeting`, for what is done also while the contact register is away: it decides how they are told.

    That there is no meeting, or another, is so whether or not we know yet how to say it.
    """
    allowed, facts = _allowed(known(meeting_id, by=by).citizen_id(), by=by, at=at)
    try:
        return _answers(allowed, meet.with_contact(facts, at=at))
    except Unavailable:
        person = Person.objects.get(pk=allowed.person_id)
        return Answers(
            clearance=allowed,
            can_be_told=True,
            language=person.language or person.register_language or "nb",
            contact=CitizenContact(),
            safety_measures=frozenset(facts.safety_measures),
            is_contact_known=False,
        )


def colleague(nav_ident: str, *, person_id: UUID, at: datetime) -> Colleague:
    """The employee, with the access machine's word on them and not on who asks.

    Raises Invalid, Conflict at `colleague`, Unavailable.
    """
    user = User.objects.filter(nav_ident=nav_ident.strip().upper()).first()
    if user is None:
        raise staff.unknown()
    staff.check_works_here(user)
    as_them = Actor(kind=ActorKind.CASEWORKER, id=user.pk, nav_ident=user.nav_ident)
    try:
        return Colleague(user_id=user.pk, clearance=clearance.ask(person_id=person_id, by=as_them, at=at))
    except NotPermitted:
        raise staff.no_access() from None


def known(meeting_id: UUID, *, by: Actor) -> Meeting:
    """The meeting whose existence `by` may know. Raises NotFound."""
    whole = Meeting.objects.visible_to(by).select_related("type", "office", "host", "booked_room")
    meeting = whole.filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound("Vi finner ikke møtet.", code="meeting_not_found")
    return meeting
