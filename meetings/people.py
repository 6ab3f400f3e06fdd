"""Changing who takes part from outside Nav: added, changed, taken out. Each with a reason, told once to whom it must.

Who is taken out reads no sentence of why: their page is closed. Who is added has texts of their own.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from meetings import fitting, partners, states
from meetings.changes import Why, check_not_over, load_for_change, tell_why
from meetings.changes import checked as checked_why
from meetings.contacts import CitizenContact
from meetings.events import Changed, PartnerAdded, PartnerChanged, PartnerRemoved
from meetings.models import PARTNERS, Format, Meeting, Participant, PartnerContact
from meetings.partners import PartnerInput
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid, NotFound
from navmeet.outbox.publish import Consequences, gather, publish
from navmeet.people.clearance import Clearance
from navmeet.people.models import Person


@change
def add_partner(
    *,
    meeting_id: UUID,
    version: int,
    partner: PartnerInput,
    citizen_contact: CitizenContact,
    why: Why,
    can_be_told: bool,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> Participant:
    """A doctor or an employer is to take part. Nothing is told to them before there is a basis for it.

    Raises NotFound, NotPermitted, Stale, WrongState, InvalidFields, Invalid for the citizen themselves or at what is
    said of why, Conflict for one who is in the meeting already.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    check_people_can_change(meeting, at)
    reason = checked_why(why)
    citizen = Person.objects.get(pk=clearance.person_id)
    partners.check_may_take_part(citizen, by)
    wanted = checked(partner, meeting)
    partners.check_is_somebody_else(wanted, partners.contacts_of(meeting), citizen_contact)

    count(meeting)
    tell_why(meeting, reason, at)
    added = partners.store(meeting, wanted, at=at)

    record(
        "partner.added",
        by=by,
        at=at,
        subject=added,
        meeting_id=meeting.pk,
        role=added.role,
        reason=reason.reason,
    )
    publish(PartnerAdded(meeting_id=meeting.pk, participant_id=added.pk, can_be_told=can_be_told, at=at))
    fitting.gather_namesake(wanted, citizen)
    gather(Consequences(lacks=fitting.lacks_of_room(meeting)))
    return added


@change
def change_partner(
    *,
    meeting_id: UUID,
    participant_id: UUID,
    version: int,
    partner: PartnerInput,
    citizen_contact: CitizenContact,
    why: Why,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> Participant:
    """`partner` is the whole of what is to hold: contact, way in, part of the time, texts. The role stays.

    Raises as `add_partner`, and Conflict when nothing is another.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    check_people_can_change(meeting, at)
    reason = checked_why(why)
    participant = partner_of(meeting, participant_id)
    before = partners.as_it_is(participant)
    if partner.role != before.role:
        raise Invalid("Rollen kan ikke endres. Fjern deltakeren og legg til en ny.", code="role_fixed", field="role")
    wanted = checked(partner, meeting)
    if partner.way_in == before.way_in:
        # Theirs by choice, also while it happens to be the meeting's.
        wanted = replace(wanted, way_in=before.way_in)
    others = partners.contacts_of(meeting, but=participant)
    partners.check_is_somebody_else(wanted, others, citizen_contact)
    what = _what_changes(before, wanted)
    if wanted.name != before.name:
        fitting.gather_namesake(wanted, Person.objects.get(pk=clearance.person_id))

    contact = participant.contact
    partners.write(participant, wanted)
    partners.write_contact(contact, wanted, at=at)
    participant.save(
        update_fields=["way_in", "part_offset", "part_minutes", "language", "theme", "purpose", "preparations"]
    )
    contact.save(update_fields=["name", "organisation", "email", "phone", "changed_at"])
    count(meeting)
    tell_why(meeting, reason, at)

    record(
        "partner.changed",
        by=by,
        at=at,
        subject=participant,
        meeting_id=meeting.pk,
        what=" ".join(sorted(what)),
        reason=reason.reason,
    )
    publish(PartnerChanged(meeting_id=meeting.pk, participant_id=participant.pk, what=what, at=at))
    return participant


@change
def remove_partner(
    *, meeting_id: UUID, participant_id: UUID, version: int, why: Why, by: Actor, clearance: Clearance, at: datetime
) -> Participant:
    """They take part no more. Their address stays as long as it must be possible to tell them so.

    Raises NotFound, NotPermitted, Stale, WrongState, Invalid at what is said of why: a sentence to them too.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    check_people_can_change(meeting, at)
    reason = checked_why(why)
    participant = partner_of(meeting, participant_id)

    participant.removed_at = at
    participant.save(update_fields=["removed_at"])
    count(meeting)
    tell_why(meeting, reason, at)

    record(
        "partner.removed",
        by=by,
        at=at,
        subject=participant,
        meeting_id=meeting.pk,
        role=participant.role,
        reason=reason.reason,
    )
    publish(PartnerRemoved(meeting_id=meeting.pk, participant_id=participant.pk, at=at))
    return participant


def correct_contact(
    participant: Participant,
    *,
    email: str,
    phone: str,
    others: Iterable[PartnerContact],
    citizen: CitizenContact,
    at: datetime,
) -> bool:
    """How a partner is reached, and nothing else of them. Inside a change; False where it is so already.

    Raises InvalidFields, Conflict for one who is in the meeting already, Invalid for the citizen themselves.
    """
    wanted = partners.with_contact(partners.as_it_is(participant), email=email, phone=phone)
    partners.check_is_somebody_else(wanted, others, citizen)
    contact = participant.contact
    if (wanted.email, wanted.phone) == (contact.email, contact.phone):
        return False
    contact.email, contact.phone, contact.changed_at = wanted.email, wanted.phone, at
    contact.save(update_fields=["email", "phone", "changed_at"])
    return True


def partner_of(meeting: Meeting, participant_id: UUID) -> Participant:
    """The partner, if they take part in this meeting. Raises NotFound."""
    found = meeting.participants.filter(pk=participant_id, role__in=sorted(PARTNERS), removed_at=None).first()
    if found is None:
        raise NotFound("Vi finner ikke deltakeren i møtet.", code="participant_not_found")
    return found


def check_people_can_change(meeting: Meeting, at: datetime) -> None:
    """Raises WrongState when the meeting will not be held, or is over."""
    states.check_is_scheduled(meeting)
    check_not_over(meeting, at)


def checked(partner: PartnerInput, meeting: Meeting) -> PartnerInput:
    """The partner as they are stored in this meeting. Raises InvalidFields."""
    minutes = (meeting.ends_at - meeting.starts_at) // timedelta(minutes=1)
    return partner.checked(meeting_type=meeting.type, held=Format(meeting.format), minutes=minutes)


def count(meeting: Meeting) -> None:
    """One more version of the meeting; time, format and place are the same."""
    meeting.version += 1
    meeting.save(update_fields=["version"])


def _what_changes(before: PartnerInput, after: PartnerInput) -> frozenset[Changed]:
    of = {
        Changed.WAY_IN: ("way_in",),
        Changed.PART: ("part_offset", "part_minutes"),
        Changed.CONTACT: ("name", "organisation", "email", "phone"),
        Changed.TEXTS: ("theme", "purpose", "preparations", "language"),
    }
    what = {kind for kind, names in of.items() if any(getattr(before, name) != getattr(after, name) for name in names)}
    if not what:
        raise Conflict("Dette er slik det allerede er.", code="nothing_changed")
    return frozenset(what)
