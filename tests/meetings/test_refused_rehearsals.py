"""What stands in the way is named all at once where nothing is at stake: in a rehearsal, and only there."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from meetings import booking, changes, formats, keeping
from meetings.contacts import CitizenContact
from meetings.days import Hours
from meetings.keeping import WeekdayHours, mine
from meetings.models import ClosingDay, Format, Meeting
from meetings.overruling import NotSuitable
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, DomainError
from tests import make
from tests.meetings.setting import changing

pytestmark = pytest.mark.django_db


def works_mondays_until_nine(meeting: Meeting) -> None:
    by = make.actor(meeting.host)
    keeping.set_week(owner=mine(by), week=(WeekdayHours(0, Hours(time(8), time(9))),), by=by, at=make.NOW)


def booking_again(meeting: Meeting, **more: Any) -> dict[str, Any]:
    """What booking the very same hour would take."""
    by, person = make.actor(meeting.host), meeting.citizen().person
    assert person is not None
    values = {
        "wanted": make.wanted(person, type_code="DIALOGUE"),
        "can_be_told": True,
        "citizen_contact": CitizenContact(),
        "by": by,
        "clearance": make.clearance(person, by),
        "at": make.NOW,
    }
    return values | more


def named(error: DomainError) -> list[tuple[str, str | None]]:
    return [(one.code, one.field) for one in error.each()]


def test_a_rehearsed_booking_names_the_clash_the_hours_and_the_safety_measure() -> None:
    meeting = make.meeting()
    works_mondays_until_nine(meeting)
    arguments = booking_again(meeting, safety_measures=frozenset({"DIUS"}))
    with pytest.raises(Conflict) as refused:
        rehearse(booking.book, **arguments)
    assert named(refused.value) == [("safety_measure", "format"), ("occupied", "time"), ("not_suitable", "time")]


def test_what_comes_after_the_clash_is_named_too() -> None:
    meeting = make.meeting()
    citizens = CitizenContact(email="kari@example.test")
    arguments = booking_again(meeting, citizen_contact=citizens, overrule=make.ANYHOW)
    arguments["wanted"] = replace(arguments["wanted"], partners=(make.doctor(email="kari@example.test"),))
    with pytest.raises(Conflict) as refused:
        rehearse(booking.book, **arguments)
    assert named(refused.value) == [("occupied", "time"), ("partner_is_citizen", "partners.0.email")]


def test_done_for_real_the_first_refusal_ends_it() -> None:
    meeting = make.meeting()
    works_mondays_until_nine(meeting)
    with pytest.raises(Conflict) as refused:
        booking.book(**booking_again(meeting, safety_measures=frozenset({"DIUS"})))
    assert named(refused.value) == [("safety_measure", "format")]
    assert Meeting.objects.count() == 1


def test_a_rehearsed_move_names_the_clash_and_the_hours() -> None:
    taken = make.meeting()
    person = taken.citizen().person
    assert person is not None
    moved = make.meeting(taken.host, person, clock=time(13, 0))
    works_mondays_until_nine(taken)
    there = make.wanted(person).slot
    with pytest.raises(Conflict) as refused:
        rehearse(changes.move, **changing(moved, to=there, place=None))
    assert named(refused.value) == [("occupied", "time"), ("not_suitable", "time")]
    moved.refresh_from_db()
    assert moved.version == 1


def test_a_refusal_of_one_rehearsal_is_not_remembered_in_the_next() -> None:
    meeting = make.meeting()
    free = make.wanted(make.citizen(), day=date(2027, 1, 26)).slot
    with pytest.raises(Conflict):
        rehearse(booking.book, **booking_again(meeting))
    assert rehearse(changes.move, **changing(meeting, to=free, place=None)).messages


def test_a_format_that_a_measure_excludes_is_named_with_what_speaks_against_the_place() -> None:
    meeting = make.meeting()
    room = make.room()
    ClosingDay.objects.create(office_id=meeting.office_id, date=date(2027, 1, 21))
    arguments = changing(
        meeting,
        to=Format.IN_PERSON,
        place=replace(make.wanted(make.citizen()).place, room_id=room.pk),
        safety_measures=frozenset({"FYUS"}),
    )
    with pytest.raises(DomainError) as refused:
        rehearse(formats.change_format, **arguments)
    assert [one.code for one in refused.value.each()] == ["safety_measure", "not_suitable"]
    assert isinstance(refused.value.each()[1], NotSuitable)
