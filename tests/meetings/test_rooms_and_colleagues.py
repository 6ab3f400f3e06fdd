"""Rooms and several from Nav in one meeting: their time is taken, and nobody is in two places."""

from datetime import date, time
from typing import Any

import pytest

from meetings import booking, changes, formats, people, starting_types
from meetings.calendars import Occupied
from meetings.changes import Why
from meetings.models import Format, Meeting, Occupancy, Participant, Reason, Resource, Revision
from meetings.overruling import NotSuitable
from meetings.places import Place
from meetings.times import slot
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, Invalid
from navmeet.people.clearance import Clearance
from tests import make
from tests.meetings.setting import adding, given

pytestmark = pytest.mark.django_db

WHY: dict[str, Any] = {"why": Why(Reason.PRACTICAL), "can_be_told": True}


def in_room(room: Any, **changes: Any) -> dict[str, Any]:
    return {"format": Format.IN_PERSON, "place": Place(room_id=room.pk), **changes}


def taken_kinds(meeting: Meeting) -> list[str]:
    return sorted(Occupancy.objects.filter(meeting=meeting).values_list("resource__kind", flat=True))


def to(day: date = date(2027, 1, 25), clock: time = time(13, 0)) -> Any:
    return slot(day=day, clock=clock, minutes=45, fold=None, at=make.NOW)


def test_a_booked_room_is_taken_and_gives_the_place_its_name_and_the_offices_address() -> None:
    room = make.room("Fjellet")
    meeting = make.meeting(**in_room(room))
    assert taken_kinds(meeting) == ["CITIZEN", "ROOM", "STAFF"]
    revision = Revision.objects.get(meeting=meeting)
    assert (revision.room, revision.address, revision.booked_room_id) == ("Fjellet", room.office.address, room.pk)
    assert meeting.booked_room_id == room.pk


def test_a_room_holds_one_meeting_at_a_time() -> None:
    room = make.room()
    make.meeting(**in_room(room))
    with pytest.raises(Occupied) as refused:
        make.meeting(**in_room(room, clock=time(10, 30)))
    assert refused.value.message.startswith("Rommet er opptatt")
    assert Meeting.objects.count() == 1


def test_the_room_follows_a_move_that_does_not_name_it_and_is_free_again_where_it_was() -> None:
    room = make.room()
    meeting = make.meeting(**in_room(room))
    changes.move(**given(meeting, to=to(), place=None, **WHY))
    meeting.refresh_from_db()
    assert meeting.booked_room_id == room.pk
    assert make.meeting(**in_room(room)).booked_room_id == room.pk


def test_a_move_can_take_another_room_and_is_refused_one_that_is_taken() -> None:
    one, other = make.room("Fjellet"), make.room("Vidda")
    meeting = make.meeting(**in_room(one))
    make.meeting(**in_room(other, day=date(2027, 1, 25), clock=time(13, 0)))
    with pytest.raises(Occupied):
        changes.move(**given(meeting, to=to(), place=Place(room_id=other.pk), **WHY))
    changes.move(**given(meeting, to=to(clock=time(14, 0)), place=Place(room_id=other.pk), **WHY))
    meeting.refresh_from_db()
    assert (meeting.booked_room_id, Revision.objects.get(meeting=meeting, number=2).room) == (other.pk, "Vidda")


def test_a_meeting_turned_to_video_leaves_its_room_and_one_turned_to_the_office_takes_one() -> None:
    room = make.room()
    meeting = make.meeting(**in_room(room))
    formats.change_format(**given(meeting, to=Format.VIDEO, place=Place(), safety_measures=frozenset(), **WHY))
    assert taken_kinds(meeting) == ["CITIZEN", "STAFF"]
    back = {"to": Format.IN_PERSON, "place": Place(room_id=room.pk), "safety_measures": frozenset()}
    formats.change_format(**given(meeting, **back, **WHY))
    assert taken_kinds(meeting) == ["CITIZEN", "ROOM", "STAFF"]


def test_a_format_change_into_a_room_that_is_taken_is_refused() -> None:
    room = make.room()
    make.meeting(**in_room(room))
    meeting = make.meeting()
    back = {"to": Format.IN_PERSON, "place": Place(room_id=room.pk), "safety_measures": frozenset()}
    with pytest.raises(Occupied):
        formats.change_format(**given(meeting, **back, **WHY))


@pytest.mark.parametrize("changed", [{"is_active": False}, {"office_number": "0398"}])
def test_only_rooms_in_use_at_the_office_that_owns_the_meeting_can_be_booked(changed: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        make.meeting(**in_room(make.room(**changed)))
    assert (refused.value.field, refused.value.code) == ("room_id", "room_unknown")


def test_a_room_too_small_is_refused_counting_those_who_come_and_not_the_doctor_on_the_phone() -> None:
    room = make.room(capacity=2)
    with pytest.raises(NotSuitable) as refused:
        make.meeting(**in_room(room, partners=(make.doctor(),)), overrule=None)
    assert refused.value.field == "room_id"
    assert refused.value.extra["can_be_overruled"] == ["ROOM_TOO_SMALL"]
    by_phone = in_room(room, type_code="FOLLOW_UP")
    assert make.meeting(**by_phone, overrule=None).booked_room_id == room.pk


def test_a_room_that_a_doctor_makes_too_small_is_said_before_they_are_added() -> None:
    meeting = make.meeting(**in_room(make.room(capacity=2)))
    found = rehearse(people.add_partner, **adding(meeting))
    assert [one for one in found.lacks if one.startswith("Rommet")] == [
        "Rommet har plass til 2, og dere blir 3. Velg et annet rom."
    ]
    by_phone = rehearse(people.add_partner, **adding(meeting, partner=make.doctor(way_in=Format.PHONE)))
    assert not [one for one in by_phone.lacks if one.startswith("Rommet")]


def test_several_from_nav_take_part_and_their_time_is_taken() -> None:
    colleague = make.caseworker()
    meeting = make.meeting(staff=(colleague.pk,))
    assert Participant.objects.get(meeting=meeting, role="STAFF").user_id == colleague.pk
    assert Resource.objects.filter(of=colleague.pk, occupancy__meeting=meeting).exists()
    with pytest.raises(Occupied):
        make.meeting(colleague)


def test_a_move_asks_for_the_colleagues_time_too() -> None:
    colleague = make.caseworker()
    meeting = make.meeting(staff=(colleague.pk,))
    make.meeting(colleague, day=date(2027, 1, 25), clock=time(13, 0))
    with pytest.raises(Occupied):
        changes.move(**given(meeting, to=to(), place=None, **WHY))


def test_a_colleague_twice_the_host_as_colleague_and_one_who_has_left_are_refused() -> None:
    host, colleague, gone = make.caseworker(), make.caseworker(), make.caseworker()
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    for staff, code in [
        ((colleague.pk, colleague.pk), "staff_twice"),
        ((host.pk,), "staff_twice"),
        ((gone.pk,), "staff_unknown"),
        (tuple(make.caseworker().pk for _ in range(10)), "too_many_staff"),
    ]:
        with pytest.raises(Invalid) as refused:
            make.meeting(host, staff=staff)
        assert (refused.value.field, refused.value.code) == ("staff", code)


def test_a_colleague_who_may_not_open_the_citizen_is_not_brought_along() -> None:
    starting_types.load()
    host, colleague, person = make.caseworker(), make.caseworker(), make.citizen()
    by = make.actor(host)
    wanted = make.wanted(person, staff=(colleague.pk,))
    cleared = (Clearance(person_id=make.citizen().pk, by=colleague.pk, at=make.NOW),)
    with pytest.raises(Conflict) as refused:
        booking.book(
            wanted=wanted,
            can_be_told=True,
            by=by,
            clearance=make.clearance(person, by),
            at=make.NOW,
            staff_cleared=cleared,
        )
    assert refused.value.code == "colleague_no_access"


def test_to_another_office_the_sentence_does_not_say_whose_time_is_taken() -> None:
    room = make.room(office_number="0398")
    person = make.citizen()
    make.meeting(make.caseworker(), person)
    stranger = make.caseworker(office_number="0398")
    with pytest.raises(Occupied) as of_citizen:
        make.meeting(stranger, person)
    assert (of_citizen.value.message, of_citizen.value.extra) == (
        "Tidspunktet er opptatt. Velg et annet tidspunkt.",
        {},
    )
    make.meeting(stranger, **in_room(room))
    with pytest.raises(Occupied) as of_room:
        make.meeting(make.caseworker(office_number="0398"), **in_room(room))
    assert of_room.value.message.startswith("Rommet er opptatt")
