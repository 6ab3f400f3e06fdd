from datetime import date, time
from typing import Any

import pytest

from meetings import booking, fitting, starting_types
from meetings.calendars import Occupied
from meetings.models import Format, Meeting, Occupancy, Revision
from meetings.places import Place
from navmeet.audit.models import AuditEvent
from navmeet.change import rehearse
from navmeet.exceptions import Invalid, NotPermitted, Unavailable
from tests import make

pytestmark = pytest.mark.django_db


def book(person: Any, by: Any, **changes: Any) -> Meeting:
    return booking.book(
        wanted=make.wanted(person, **changes),
        can_be_told=True,
        by=by,
        clearance=make.clearance(person, by),
        at=make.NOW,
    )


@pytest.fixture
def by(db: None) -> Any:
    starting_types.load()
    return make.actor(make.caseworker())


def test_a_booked_meeting_has_a_revision_two_people_and_their_time(by: Any) -> None:
    meeting = book(make.citizen(), by)
    revision = Revision.objects.get(meeting=meeting)
    assert (revision.number, revision.meant, revision.reason) == (1, "2027-01-21T10:00", "BOOKED")
    assert sorted(meeting.participants.values_list("role", flat=True)) == ["CITIZEN", "HOST"]
    assert Occupancy.objects.filter(meeting=meeting).count() == 2
    assert AuditEvent.objects.filter(meeting_id=meeting.pk, action="meeting.booked").count() == 1


def test_the_citizens_taken_time_is_refused_and_the_other_meeting_named_to_its_own_office(by: Any) -> None:
    person = make.citizen()
    first = book(person, by)
    colleague = make.actor(make.caseworker())
    with pytest.raises(Occupied) as refused:
        book(person, colleague, clock=time(10, 30))
    assert refused.value.extra == {"meeting": str(first.pk)}


def test_to_another_office_a_taken_time_is_occupied_and_nothing_else(by: Any) -> None:
    person = make.citizen()
    book(person, by)
    stranger = make.actor(make.caseworker(office_number="0398"))
    with pytest.raises(Occupied) as refused:
        book(person, stranger)
    assert refused.value.extra == {}


def test_meetings_back_to_back_do_not_clash(by: Any) -> None:
    person = make.citizen()
    book(person, by)
    book(person, by, clock=time(10, 45))
    assert Meeting.objects.count() == 2


def test_the_same_form_sent_twice_gives_the_same_meeting(by: Any) -> None:
    from navmeet.protect.columns import new_id

    person, form_id = make.citizen(), new_id()
    assert book(person, by, meeting_id=form_id).pk == book(person, by, meeting_id=form_id).pk
    assert Meeting.objects.count() == 1


def test_clearance_for_somebody_else_does_not_serve(by: Any) -> None:
    person = make.citizen()
    with pytest.raises(NotPermitted):
        booking.book(
            wanted=make.wanted(person),
            can_be_told=True,
            by=by,
            clearance=make.clearance(make.citizen(), by),
            at=make.NOW,
        )


def test_clearance_older_than_a_minute_does_not_serve(by: Any) -> None:
    person = make.citizen()
    with pytest.raises(Unavailable):
        booking.book(
            wanted=make.wanted(person),
            can_be_told=True,
            by=by,
            clearance=make.clearance(person, by, make.later(seconds=-61)),
            at=make.NOW,
        )


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"minutes": 14}, "minutes", "length"),
        ({"minutes": 451}, "minutes", "length"),
        ({"minutes": -30}, "minutes", "length"),
        ({"day": date(2027, 1, 10)}, "day", "past"),
        ({"day": date(2029, 2, 1)}, "day", "too_far"),
        ({"day": date(9999, 12, 31)}, "day", "too_far"),
        ({"day": date(1, 1, 1)}, "day", "too_far"),
        ({"day": date(2027, 3, 28), "clock": time(2, 30)}, "time", "time_does_not_exist"),
        ({"day": date(2027, 10, 31), "clock": time(2, 30)}, "time", "time_exists_twice"),
        ({"type_code": "NONE"}, "type", "type_unknown"),
    ],
)
def test_bad_input_names_its_field(by: Any, changes: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        book(make.citizen(), by, **changes)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_the_hour_that_comes_twice_is_booked_when_the_caller_says_which(by: Any, fold: int, hour: int) -> None:
    meeting = book(make.citizen(), by, day=date(2027, 10, 31), clock=time(2, 30), fold=fold)
    assert (meeting.starts_at.hour, meeting.starts_at.minute) == (hour, 30)


@pytest.mark.parametrize(("room", "lacks"), [("", [fitting.NO_ROOM]), ("Rom 3", [])])
def test_a_meeting_at_an_office_without_a_room_says_so_beforehand(room: str, lacks: list[str]) -> None:
    starting_types.load()
    person, by = make.citizen(), make.actor(make.caseworker())
    asked = make.wanted(person, format=Format.IN_PERSON, place=Place(address="Testkaia 1", room=room))
    would = rehearse(
        booking.book,
        wanted=asked,
        can_be_told=True,
        by=by,
        clearance=make.clearance(person, by),
        at=make.NOW,
        overrule=make.ANYHOW,
    )
    assert would.lacks == lacks
