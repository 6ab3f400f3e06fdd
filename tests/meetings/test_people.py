"""Who takes part from outside Nav: added, changed, taken out."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from meetings import booking, changes, partners, people, starting_types
from meetings.changes import Why
from meetings.contacts import CitizenContact
from meetings.events import Changed, PartnerAdded, PartnerChanged, PartnerRemoved
from meetings.models import (
    Format,
    Meeting,
    MeetingQuery,
    MeetingType,
    Occupancy,
    Participant,
    PartnerContact,
    Reason,
    Role,
)
from meetings.places import Place
from meetings.states import WrongState
from meetings.times import slot
from navmeet.audit.models import AuditEvent
from navmeet.change import before_commit, rehearse
from navmeet.exceptions import Conflict, Invalid, InvalidFields, NotFound, NotPermitted, Stale
from navmeet.outbox import publish as publishing
from navmeet.outbox.publish import Event
from navmeet.people.models import Protection
from tests import make
from tests.meetings.setting import adding, explained, given

pytestmark = pytest.mark.django_db

IN_PERSON: dict[str, Any] = {"format": Format.IN_PERSON, "place": Place(address="Prøvegata 1", room="Bjørka")}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """What was published, in order, by the verbs of people and of booking."""
    events: list[Event] = []

    def listen(event: Event) -> Any:
        events.append(event)
        return publishing.publish(event)

    monkeypatch.setattr(people, "publish", listen)
    monkeypatch.setattr(booking, "publish", listen)
    return events


def refused_fields(error: InvalidFields) -> list[tuple[str | None, str]]:
    return [(one.field, one.code) for one in error.errors]


def change_to(meeting: Meeting, participant: Participant, **changed: Any) -> dict[str, Any]:
    wanted = replace(partners.as_it_is(Participant.objects.get(pk=participant.pk)), **changed)
    return explained(meeting, participant_id=participant.pk, partner=wanted, citizen_contact=CitizenContact())


def test_a_doctor_by_phone_for_ten_minutes_of_a_meeting_in_the_room(heard: list[Event]) -> None:
    meeting = make.meeting(**IN_PERSON)
    wanted = make.doctor(way_in="PHONE", part_offset=10, part_minutes=10, theme="Hva du kan bidra med")
    added = people.add_partner(**adding(meeting, partner=wanted))
    kept = Participant.objects.get(pk=added.pk)
    assert (kept.role, kept.way_in, kept.part_offset, kept.part_minutes) == ("DOCTOR", "PHONE", 10, 10)
    assert partners.as_it_is(kept) == wanted
    meeting.refresh_from_db()
    assert (meeting.version, meeting.revision_number, meeting.sequence) == (2, 1, 0)
    assert heard[1:] == [
        PartnerAdded(meeting_id=meeting.pk, participant_id=added.pk, can_be_told=True, at=make.NOW),
    ]
    line = AuditEvent.objects.get(action="partner.added")
    assert (line.subject_id, line.detail) == (added.pk, {"role": "DOCTOR"})
    assert line.reason == "PRACTICAL"


def test_nothing_of_the_citizens_texts_is_copied_to_a_partner() -> None:
    meeting = make.meeting()
    added = make.partner(meeting, make.employer())
    assert (added.theme, added.purpose, added.preparations) == (None, None, None)
    assert meeting.citizen().theme == "Veien videre"


def test_a_partner_takes_nobodys_time() -> None:
    meeting = make.meeting()
    make.partner(meeting)
    assert Occupancy.objects.filter(meeting=meeting).count() == 2


def test_the_contact_of_a_partner_is_sealed_in_the_database() -> None:
    make.partner(make.meeting())
    raw = PartnerContact.objects.values_list("pk").get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, organisation, email, phone FROM meetings_partnercontact WHERE id = %s", raw)
        row = cursor.fetchone()
    assert row is not None
    stored = b" ".join(bytes(value) for value in row)
    assert [word for word in (b"Lise", b"legesenter", b"lise@", b"41000001") if word in stored] == []


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"phone": "22001122"}, "phone", "phone_not_mobile"),
        ({"email": "lise"}, "email", "email_not_valid"),
        ({"name": ""}, "name", "name_missing"),
        ({"name": " \u00a0 "}, "name", "name_missing"),
        ({"name": "😀" * 10_000}, "name", "max_length"),
        ({"name": "a\u0000"}, "name", "forbidden_characters"),
        ({"organisation": "a" * 101}, "organisation", "max_length"),
        ({"role": "CITIZEN"}, "role", "role_unknown"),
        ({"role": ""}, "role", "role_unknown"),
        ({"way_in": "LETTER"}, "way_in", "way_in_unknown"),
        ({"way_in": "IN_PERSON"}, "way_in", "way_in_needs_place"),
        ({"part_offset": 0}, "part_minutes", "part_incomplete"),
        ({"part_minutes": 10}, "part_offset", "part_incomplete"),
        ({"part_offset": 40, "part_minutes": 10}, "part_offset", "part_outside"),
        ({"part_offset": -5, "part_minutes": 10}, "part_offset", "part_outside"),
        ({"part_offset": 0, "part_minutes": 4}, "part_minutes", "part_too_short"),
        ({"part_offset": 0, "part_minutes": 40_000}, "part_offset", "part_outside"),
        ({"theme": "a" * 101}, "theme", "max_length"),
        ({"purpose": "a" * 5001}, "purpose", "max_length"),
        ({"preparations": "a" * 501}, "preparations", "max_length"),
        ({"language": "sv"}, "language", "language_unknown"),
    ],
)
def test_what_cannot_be_used_names_its_field_and_nothing_is_kept(wrong: dict[str, Any], field: str, code: str) -> None:
    meeting = make.meeting()
    with pytest.raises(InvalidFields) as refused:
        people.add_partner(**adding(meeting, partner=make.doctor(**wrong)))
    assert refused_fields(refused.value) == [(field, code)]
    meeting.refresh_from_db()
    assert (meeting.version, PartnerContact.objects.count()) == (1, 0)


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = make.doctor(name="", phone="1", email="2", theme="a" * 101)
    with pytest.raises(InvalidFields) as refused:
        people.add_partner(**adding(make.meeting(), partner=wrong))
    assert [field for field, _ in refused_fields(refused.value)] == ["name", "email", "phone", "theme"]


def test_a_part_may_fill_the_meeting_to_the_minute() -> None:
    added = people.add_partner(**adding(make.meeting(), partner=make.doctor(part_offset=40, part_minutes=5)))
    assert (added.part_offset, added.part_minutes) == (40, 5)


def test_a_role_that_the_type_has_no_basis_for_is_refused() -> None:
    meeting = make.meeting()
    MeetingType.objects.filter(pk="FOLLOW_UP").update(roles={"DOCTOR": {"basis": "RELEASE"}})
    make.partner(meeting)
    with pytest.raises(InvalidFields) as refused:
        people.add_partner(**adding(meeting, partner=make.employer()))
    assert refused_fields(refused.value) == [("role", "role_not_allowed")]


def test_the_meetings_own_way_in_is_kept_as_none_of_their_own() -> None:
    added = people.add_partner(**adding(make.meeting(**IN_PERSON), partner=make.doctor(way_in="IN_PERSON")))
    assert added.way_in == ""


@pytest.mark.parametrize(
    ("same", "field"),
    [({"email": "LISE@legesenter.example"}, "email"), ({"phone": "410 00 001"}, "phone")],
)
def test_the_same_partner_twice_is_a_conflict_by_address_or_number(same: dict[str, str], field: str) -> None:
    meeting = make.meeting()
    make.partner(meeting)
    other = make.employer(**same)
    with pytest.raises(Conflict) as refused:
        people.add_partner(**adding(meeting, partner=other))
    assert (refused.value.code, refused.value.field) == ("partner_already", field)
    assert PartnerContact.objects.count() == 1


def test_who_was_taken_out_can_be_added_anew() -> None:
    meeting = make.meeting()
    first = make.partner(meeting)
    people.remove_partner(**explained(meeting, participant_id=first.pk))
    second = make.partner(meeting)
    assert second.pk != first.pk
    assert meeting.participants.filter(role=Role.DOCTOR, removed_at=None).get() == second


@pytest.mark.parametrize(
    ("own", "field"),
    [
        (CitizenContact(phone="+47 410 00 002"), "phone"),
        (CitizenContact(email="Arne@bedriften.example"), "email"),
        (CitizenContact(email="arne@bedriften.example", phone="41000002"), "email"),
    ],
)
def test_the_citizen_is_not_their_own_employer(own: CitizenContact, field: str) -> None:
    meeting = make.meeting()
    with pytest.raises(Invalid) as refused:
        people.add_partner(**adding(meeting, partner=make.employer(), citizen_contact=own))
    assert (refused.value.code, refused.value.field) == ("partner_is_citizen", field)
    added = make.partner(meeting, make.employer(email="else@bedriften.example", phone="41000003"))
    arguments = change_to(meeting, added, email="arne@bedriften.example", phone="41000002")
    with pytest.raises(Invalid):
        people.change_partner(**(arguments | {"citizen_contact": own}))


def test_eleven_are_too_many() -> None:
    meeting = make.meeting()
    for number in range(partners.MOST):
        make.partner(meeting, make.doctor(email=f"{number}@lege.example", phone=f"4200000{number}"))
    with pytest.raises(Conflict) as refused:
        people.add_partner(**adding(meeting))
    assert refused.value.code == "too_many_partners"


@pytest.mark.parametrize("protection", [Protection.STRICTLY_CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL_ABROAD])
def test_with_a_strictly_protected_citizen_only_the_group_adds_others(protection: Protection) -> None:
    person = make.citizen(protection=protection)
    meeting = make.meeting(person=person)
    with pytest.raises(NotFound):
        people.add_partner(**adding(meeting))
    group = make.actor(meeting.host, settings.GROUP_STRICTLY_CONFIDENTIAL)
    people.add_partner(**adding(meeting, by=group))
    without = make.actor(make.caseworker())
    with pytest.raises(NotPermitted) as refused:
        booking.book(
            wanted=make.wanted(person, day=date(2027, 1, 25), partners=(make.doctor(),)),
            can_be_told=True,
            citizen_contact=CitizenContact(),
            by=without,
            clearance=make.clearance(person, without),
            at=make.NOW,
        )
    assert refused.value.code == "no_partner_here"
    assert Meeting.objects.count() == 1


def test_the_group_is_asked_for_also_where_the_meeting_could_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list that hides such meetings switched off: adding others is still refused."""
    meeting = make.meeting(person=make.citizen(protection=Protection.STRICTLY_CONFIDENTIAL))
    monkeypatch.setattr(MeetingQuery, "visible_to", lambda self, _: self)
    with pytest.raises(NotPermitted) as refused:
        people.add_partner(**adding(meeting))
    assert refused.value.code == "no_partner_here"


def test_another_office_does_not_know_the_meeting_and_the_citizen_may_not_change_it() -> None:
    meeting = make.meeting()
    person = meeting.citizen().person
    assert person is not None
    with pytest.raises(NotFound):
        people.add_partner(**adding(meeting, by=make.actor(make.caseworker(office_number="0398"))))
    with pytest.raises(NotPermitted):
        people.add_partner(**adding(meeting, by=make.citizen_actor(person)))


def test_who_has_not_seen_the_newest_version_adds_changes_and_removes_nothing() -> None:
    meeting = make.meeting()
    added = make.partner(meeting)
    with pytest.raises(Stale):
        people.add_partner(**(adding(meeting, partner=make.employer()) | {"version": 1}))
    with pytest.raises(Stale):
        people.change_partner(**(change_to(meeting, added, name="Liv") | {"version": 1}))
    with pytest.raises(Stale):
        people.remove_partner(**(explained(meeting, participant_id=added.pk) | {"version": 1}))


def test_nobody_is_added_to_a_meeting_that_is_over_or_cancelled() -> None:
    meeting = make.meeting()
    with pytest.raises(WrongState):
        people.add_partner(**adding(meeting, at=meeting.ends_at))
    changes.cancel(**given(meeting, why=Why(Reason.PRACTICAL), can_be_told=True))
    with pytest.raises(WrongState):
        people.add_partner(**adding(meeting))


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"way_in": "PHONE"}, {Changed.WAY_IN}),
        ({"part_offset": 0, "part_minutes": 20}, {Changed.PART}),
        ({"email": "ny@legesenter.example"}, {Changed.CONTACT}),
        ({"name": "Liv Legesen"}, {Changed.CONTACT}),
        ({"purpose": "Vi trenger deg."}, {Changed.TEXTS}),
        ({"language": "nn"}, {Changed.TEXTS}),
        ({"way_in": "PHONE", "phone": "42000009", "theme": "Kort"}, {Changed.WAY_IN, Changed.CONTACT, Changed.TEXTS}),
    ],
)
def test_what_of_a_partner_changed_is_told_in_the_house(
    heard: list[Event], changed: dict[str, Any], what: set[Changed]
) -> None:
    meeting = make.meeting()
    added = make.partner(meeting)
    heard.clear()
    people.change_partner(**change_to(meeting, added, **changed))
    assert heard == [
        PartnerChanged(meeting_id=meeting.pk, participant_id=added.pk, what=frozenset(what), at=make.NOW),
    ]
    kept = partners.as_it_is(Participant.objects.get(pk=added.pk))
    expected = changed | ({"phone": "+4742000009"} if "phone" in changed else {})
    assert {name: getattr(kept, name) for name in expected} == expected
    meeting.refresh_from_db()
    assert meeting.version == 3


def test_a_way_in_of_their_own_is_kept_while_it_happens_to_be_the_meetings(heard: list[Event]) -> None:
    meeting = make.meeting()
    added = make.partner(meeting, make.doctor(way_in="PHONE"))
    Meeting.objects.filter(pk=meeting.pk).update(format=Format.PHONE)
    heard.clear()
    people.change_partner(**change_to(meeting, added, name="Liv Legesen"))
    assert Participant.objects.get(pk=added.pk).way_in == "PHONE"
    assert [event.what for event in heard if isinstance(event, PartnerChanged)] == [frozenset({Changed.CONTACT})]


def test_nothing_changed_is_said_and_raises_no_version() -> None:
    meeting = make.meeting()
    added = make.partner(meeting)
    with pytest.raises(Conflict) as refused:
        people.change_partner(**change_to(meeting, added))
    assert refused.value.code == "nothing_changed"
    meeting.refresh_from_db()
    assert meeting.version == 2


def test_a_partner_does_not_become_another_ones_address_or_role() -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting)
    make.partner(meeting, make.employer())
    with pytest.raises(Conflict):
        people.change_partner(**change_to(meeting, doctor, phone="41000002"))
    with pytest.raises(Invalid) as refused:
        people.change_partner(**change_to(meeting, doctor, role=Role.EMPLOYER))
    assert (refused.value.code, refused.value.field) == ("role_fixed", "role")


def test_who_is_taken_out_is_out_and_their_address_stays(heard: list[Event]) -> None:
    meeting = make.meeting()
    added = make.partner(meeting)
    heard.clear()
    arguments = explained(meeting, participant_id=added.pk)
    people.remove_partner(**arguments)
    kept = Participant.objects.get(pk=added.pk)
    assert (kept.removed_at, kept.contact.email) == (make.NOW, "lise@legesenter.example")
    assert heard == [PartnerRemoved(meeting_id=meeting.pk, participant_id=added.pk, at=make.NOW)]
    with pytest.raises(NotFound):
        people.remove_partner(**explained(meeting, participant_id=added.pk))


def test_the_citizen_the_host_and_another_meetings_partner_are_not_taken_out() -> None:
    meeting, other = make.meeting(), make.meeting()
    theirs = make.partner(other)
    for participant in [meeting.citizen(), meeting.participants.get(role=Role.HOST), theirs]:
        with pytest.raises(NotFound):
            people.remove_partner(**explained(meeting, participant_id=participant.pk))
        with pytest.raises(NotFound):
            people.change_partner(
                **explained(
                    meeting,
                    participant_id=participant.pk,
                    partner=make.doctor(),
                    citizen_contact=CitizenContact(),
                )
            )


def test_a_move_that_is_too_short_for_somebodys_part_is_refused_at_its_length() -> None:
    meeting = make.meeting()
    make.partner(meeting, make.doctor(part_offset=30, part_minutes=15))
    shorter = slot(day=date(2027, 1, 25), clock=time(13, 0), minutes=40, fold=None, at=make.NOW)
    arguments = given(meeting, place=None, why=Why(Reason.PRACTICAL), can_be_told=True)
    with pytest.raises(Invalid) as refused:
        changes.move(**arguments, to=shorter)
    assert (refused.value.field, refused.value.code) == ("minutes", "part_outside")
    assert refused.value.message.startswith("Legen skal delta i minutt 30 til 45")
    as_long = slot(day=date(2027, 1, 25), clock=time(13, 0), minutes=45, fold=None, at=make.NOW)
    assert changes.move(**arguments, to=as_long).revision_number == 2


def book_with(*wanted: Any, **more: Any) -> Meeting:
    starting_types.load()
    by, person = make.actor(make.caseworker()), make.citizen()
    return booking.book(
        wanted=make.wanted(person, partners=wanted),
        can_be_told=True,
        by=by,
        clearance=make.clearance(person, by),
        at=make.NOW,
        **({"citizen_contact": CitizenContact()} | more),
    )


def test_partners_are_booked_with_the_meeting(heard: list[Event]) -> None:
    meeting = book_with(make.doctor(), make.employer(part_offset=0, part_minutes=30))
    roles = meeting.participants.order_by("pk").values_list("role", flat=True)
    assert list(roles) == ["HOST", "CITIZEN", "DOCTOR", "EMPLOYER"]
    assert [type(event).__name__ for event in heard] == ["MeetingBooked", "PartnerAdded", "PartnerAdded"]
    assert meeting.version == 1


def test_a_booking_with_one_bad_partner_names_which_and_books_nothing() -> None:
    with pytest.raises(InvalidFields) as refused:
        book_with(make.doctor(), make.employer(phone="22001122", name=""))
    assert refused_fields(refused.value) == [
        ("partners.1.name", "name_missing"),
        ("partners.1.phone", "phone_not_mobile"),
    ]
    with pytest.raises(Conflict):
        book_with(make.doctor(), make.doctor())
    with pytest.raises(Invalid):
        book_with(make.doctor(), citizen_contact=CitizenContact(phone="41000001"))
    with pytest.raises(Invalid) as many:
        book_with(*[make.doctor(email=f"{n}@lege.example", phone=f"420000{n:02d}") for n in range(11)])
    assert many.value.code == "too_many_partners"
    assert not Meeting.objects.exists()


def test_partners_cannot_be_booked_without_knowing_how_the_citizen_is_reached() -> None:
    """The comparison cannot be forgotten: it is an error of the caller, and nothing is kept."""
    with pytest.raises(TypeError):
        book_with(make.doctor(), citizen_contact=None)
    assert not Meeting.objects.exists()


VERBS: dict[str, Any] = {
    "add_partner": lambda meeting, added: adding(meeting, partner=make.employer()),
    "change_partner": lambda meeting, added: change_to(meeting, added, way_in="PHONE", part_offset=0, part_minutes=10),
    "remove_partner": lambda meeting, added: explained(meeting, participant_id=added.pk),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("type_code", ["DIALOGUE", "COOPERATION"])
def test_rehearsal_and_change_of_people_tell_the_same_words(verb: str, type_code: str) -> None:
    meeting = make.meeting(type_code=type_code)
    added = make.partner(meeting)
    arguments = VERBS[verb](meeting, added)
    would = rehearse(getattr(people, verb), **arguments)
    meeting.refresh_from_db()
    assert meeting.version == 2
    done: list[Any] = []
    with before_commit(lambda _, consequences: done.append(consequences)):
        getattr(people, verb)(**arguments)
    told = [replace(one, participant_id=meeting.pk) for one in done[0].messages]
    assert [replace(one, participant_id=meeting.pk) for one in would.messages] == told
    assert (would.lacks, would.voided) == (done[0].lacks, done[0].voided)


def test_a_partner_with_the_citizens_own_name_is_said_before_they_are_added() -> None:
    meeting = make.meeting(type_code="DIALOGUE")
    name = meeting.citizen().person.name  # type: ignore[union-attr]
    namesake = make.employer(name=f" {name.upper()} ")
    said = "Arbeidsgiveren heter det samme som innbyggeren. Sjekk at det er en annen person."
    assert said in rehearse(people.add_partner, **adding(meeting, partner=namesake)).lacks
    assert said not in rehearse(people.add_partner, **adding(meeting, partner=make.employer())).lacks
