"""Plain makers: rows as the house itself makes them, with values that can be given."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.conf import settings

from invitations.messages.told import picture_now
from invitations.models import Message, MessageState, Occasion
from meetings import booking, people, starting_types
from meetings.changes import Why
from meetings.contacts import CitizenContact
from meetings.models import Format, Meeting, Office, Participant, Reason, Role, Room, WhyOverruled
from meetings.overruling import Code, Overrule
from meetings.partners import PartnerInput
from meetings.places import Place
from meetings.texts import CitizenTexts
from meetings.times import slot
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.models import User
from navmeet.people.clearance import Clearance
from navmeet.people.models import Identity, Person, Protection
from navmeet.protect.columns import blind_index

# A Monday, in ordinary time, with nothing special in the weeks around it.
NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
OFFICE = "0299"
# Meetings are made on holidays and at night, and with no notice: what is tested of them is something else.
ANYHOW = Overrule(codes=frozenset(Code.values), why=WhyOverruled.AGREED_WITH_CITIZEN)

_numbers = count(1)


def identity_number(serial: int = 1) -> str:
    """A synthetic number (month + 80) with right check digits, of the last century; different for each serial."""
    while True:
        day, rest = 1 + serial % 28, serial // 28
        digits = [int(d) for d in f"{day:02d}{81 + rest % 12:02d}{(60 + rest // 12) % 100:02d}{100 + serial % 400:03d}"]
        first = -sum(w * d for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), digits, strict=True)) % 11
        second = -sum(w * d for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), [*digits, first], strict=True)) % 11
        if first < 10 and second < 10:
            return "".join(map(str, [*digits, first, second]))
        serial += 9973


def office(number: str = OFFICE) -> Office:
    return Office.objects.get_or_create(
        number=number, defaults={"name": f"Nav Prøveby {number}", "address": "Prøvegata 1, 0001 Prøveby"}
    )[0]


def caseworker(name: str = "Ingrid Prøvesen", *, office_number: str = OFFICE) -> User:
    office(office_number)
    user = User(nav_ident=f"Z{next(_numbers):06d}", office=office_number, is_caseworker=True, last_login_at=NOW)
    user.name = name
    user.save()
    return user


def actor(user: User, *groups: str) -> Actor:
    return Actor(
        kind=ActorKind.CASEWORKER,
        id=user.pk,
        office=user.office,
        groups=frozenset({settings.GROUP_CASEWORKER, *groups}),
        nav_ident=user.nav_ident,
    )


def citizen(
    name: str = "Kari Testperson",
    *,
    number: str | None = None,
    protection: Protection = Protection.UNGRADED,
    language: str = "nb",
) -> Person:
    number = number or identity_number(next(_numbers))
    person = Person(registers_asked_at=NOW, created_at=NOW, protection=protection, language=language)
    person.name = name
    person.save()
    identity = Identity(person=person, number_index=blind_index(number))
    identity.number = number
    identity.save()
    return person


def citizen_actor(person: Person, level: Level = Level.SUBSTANTIAL) -> Actor:
    return Actor(kind=ActorKind.CITIZEN, id=person.pk, level=level)


def clearance(person: Person, by: Actor, at: datetime = NOW) -> Clearance:
    assert by.id is not None
    return Clearance(person_id=person.pk, by=by.id, at=at)


def wanted(person: Person, **changes: Any) -> booking.Booking:
    """A booking request: a video meeting on Thursday 21 January 2027 at 10.00, 45 minutes, unless told otherwise."""
    at = changes.pop("at", NOW)
    when = slot(
        day=changes.pop("day", date(2027, 1, 21)),
        clock=changes.pop("clock", time(10, 0)),
        minutes=changes.pop("minutes", 45),
        fold=changes.pop("fold", None),
        at=at,
    )
    values: dict[str, Any] = {
        "person_id": person.pk,
        "type_code": "FOLLOW_UP",
        "format": Format.VIDEO,
        "slot": when,
        "place": Place(),
        "texts": CitizenTexts(theme="Veien videre", purpose="Vi ser på planen din.", preparations="Ta med planen."),
        "language": person.language or "nb",
    }
    return booking.Booking(**(values | changes))


def meeting(
    user: User | None = None,
    person: Person | None = None,
    *,
    at: datetime = NOW,
    can_be_told: bool = True,
    overrule: Overrule | None = ANYHOW,
    **changes: Any,
) -> Meeting:
    """Booked by the verb itself; `staff` are colleagues, who may open the citizen."""
    starting_types.load()
    by = actor(user or caseworker(), settings.GROUP_STRICTLY_CONFIDENTIAL)
    person = person or citizen()
    return booking.book(
        wanted=wanted(person, at=at, **changes),
        can_be_told=can_be_told,
        by=by,
        clearance=clearance(person, by, at),
        at=at,
        staff_cleared=tuple(Clearance(person_id=person.pk, by=one, at=at) for one in changes.get("staff", ())),
        overrule=overrule,
    )


def room(name: str = "Møterom 1", *, office_number: str = OFFICE, capacity: int = 6, **changes: Any) -> Room:
    return Room.objects.create(office=office(office_number), name=name, capacity=capacity, **changes)


def doctor(**changes: Any) -> PartnerInput:
    """A doctor as a caseworker writes them; different from other makers' contacts only where told."""
    values: dict[str, Any] = {
        "role": Role.DOCTOR,
        "name": "Lise Legesen",
        "organisation": "Prøveby legesenter",
        "email": "lise@legesenter.example",
        "phone": "+4741000001",
    }
    return PartnerInput(**(values | changes))


def employer(**changes: Any) -> PartnerInput:
    values: dict[str, Any] = {
        "role": Role.EMPLOYER,
        "name": "Arne Arbeidsgiver",
        "organisation": "Prøvebedriften",
        "email": "arne@bedriften.example",
        "phone": "+4741000002",
    }
    return PartnerInput(**(values | changes))


def partner(
    meeting: Meeting, wanted: PartnerInput | None = None, *, at: datetime = NOW, can_be_told: bool = True
) -> Participant:
    """Added by the verb itself, to the meeting as it now is; a doctor unless told otherwise."""
    meeting.refresh_from_db()
    by = actor(meeting.host, settings.GROUP_STRICTLY_CONFIDENTIAL)
    added = people.add_partner(
        meeting_id=meeting.pk,
        version=meeting.version,
        partner=wanted or doctor(),
        citizen_contact=CitizenContact(),
        why=Why(Reason.PRACTICAL),
        can_be_told=can_be_told,
        by=by,
        clearance=Clearance(person_id=meeting.citizen_id(), by=by.known_id, at=at),
        at=at,
    )
    meeting.refresh_from_db()
    return added


def told(meeting: Meeting, at: datetime = NOW) -> None:
    """All invitations of the meeting have left."""
    for message in Message.objects.filter(meeting=meeting, occasion=Occasion.INVITED):
        message.state, message.attempts, message.sent_at, message.settled_at = MessageState.SENT, 1, at, at
        message.text_sent = json.dumps({"told": picture_now(message.participant, meeting).kept()})
        message.save()


def later(**delta: float) -> datetime:
    return NOW + timedelta(**delta)
