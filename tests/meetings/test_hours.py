"""What speaks against a time, how it is overruled, and what employees and offices set of it themselves."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from meetings import changes, formats, keeping, offices, overlaid
from meetings.changes import Why
from meetings.days import Hours
from meetings.keeping import Owner, WeekdayHours, mine, my_offices
from meetings.models import Absence, Format, Meeting, Office, Reason, Revision, Room, WhyOverruled, WorkingHours
from meetings.offices import RoomInput
from meetings.overruling import NotSuitable, Overrule
from meetings.places import Place
from meetings.times import slot
from navmeet.accounts.models import User
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict, Invalid, InvalidFields, NotFound, NotPermitted
from tests import make
from tests.meetings.setting import given

pytestmark = pytest.mark.django_db

WHY: dict[str, Any] = {"why": Why(Reason.PRACTICAL), "can_be_told": True}
DAY = Hours(time(8), time(15, 30))


@pytest.fixture
def user() -> User:
    return make.caseworker()


def week(*weekdays: int, hours: Hours = DAY) -> tuple[WeekdayHours, ...]:
    return tuple(WeekdayHours(weekday, hours) for weekday in weekdays)


def works(user: User, *weekdays: int, hours: Hours = DAY) -> None:
    by = make.actor(user)
    keeping.set_week(owner=mine(by), week=week(*weekdays, hours=hours), by=by, at=make.NOW)


def is_open(user: User, *weekdays: int, hours: Hours = DAY) -> None:
    by = make.actor(user)
    keeping.set_week(owner=my_offices(by), week=week(*weekdays, hours=hours), by=by, at=make.NOW)


def is_away(user: User, starts_at: datetime, ends_at: datetime) -> Absence:
    return keeping.add_absence(
        user_id=user.pk, starts_at=starts_at, ends_at=ends_at, kind="LEAVE", by=make.actor(user), at=make.NOW
    )


def codes(user: User, **changes: Any) -> list[str]:
    """What speaks against it; nothing where it is booked."""
    try:
        make.meeting(user, overrule=None, **changes)
    except NotSuitable as refused:
        return list(refused.extra["can_be_overruled"])
    return []


def test_where_nobody_set_hours_no_time_is_outside_them(user: User) -> None:
    assert codes(user, day=date(2027, 1, 23), clock=time(23, 30)) == []


@pytest.mark.parametrize(
    ("clock", "minutes", "expected"),
    [
        (time(8), 45, []),
        (time(14, 45), 45, []),
        (time(14, 46), 45, ["OUTSIDE_HOURS"]),
        (time(7, 45), 30, ["OUTSIDE_HOURS"]),
    ],
)
def test_a_meeting_is_within_the_hours_of_its_host_from_first_to_last_minute(
    user: User, clock: time, minutes: int, expected: list[str]
) -> None:
    works(user, 0, 1, 2, 3, 4)
    assert codes(user, clock=clock, minutes=minutes) == expected


def test_own_hours_come_before_the_offices_and_the_offices_before_none(user: User) -> None:
    is_open(user, 0, 1, 2, 3, 4)
    assert codes(user, day=date(2027, 1, 23)) == ["OUTSIDE_HOURS"]
    works(user, 5)
    assert codes(user, day=date(2027, 1, 23)) == []


def test_a_meeting_in_person_is_within_the_offices_hours_too(user: User) -> None:
    is_open(user, 0, 1, 2)
    works(user, 3)
    there = {"format": Format.IN_PERSON, "place": Place(address="Prøvegata 1")}
    assert codes(user, **there) == ["OFFICE_HOURS"]
    assert codes(user) == []


def test_every_colleague_must_be_at_work(user: User) -> None:
    colleague = make.caseworker()
    works(colleague, 0)
    assert codes(user, staff=(colleague.pk,)) == ["OUTSIDE_HOURS"]


def test_a_date_has_its_own_hours_until_they_are_taken_away(user: User) -> None:
    works(user, 3)
    by = make.actor(user)
    keeping.set_date(owner=mine(by), day=date(2027, 1, 21), hours=None, by=by, at=make.NOW)
    assert codes(user) == ["OUTSIDE_HOURS"]
    keeping.set_date(owner=mine(by), day=date(2027, 1, 21), hours=Hours(time(9), time(11)), by=by, at=make.NOW)
    assert codes(user) == []
    keeping.clear_date(owner=mine(by), day=date(2027, 1, 21), by=by, at=make.NOW)
    assert codes(user, clock=time(12, 0)) == []


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (date(2027, 5, 17), time(10), ["HOLIDAY"]),
        (date(2027, 3, 26), time(10), ["HOLIDAY"]),
        (date(2027, 12, 24), time(11, 15), []),
        (date(2027, 12, 24), time(11, 30), ["HOLIDAY"]),
        (date(2027, 12, 31), time(13), ["HOLIDAY"]),
        (date(2027, 5, 18), time(10), []),
    ],
)
def test_holidays_and_half_days_speak_against_it(user: User, day: date, clock: time, expected: list[str]) -> None:
    assert codes(user, day=day, clock=clock) == expected


def test_a_closing_day_is_the_offices_and_no_others(user: User) -> None:
    by = make.actor(user)
    closing = keeping.close_day(day=date(2027, 1, 21), by=by, at=make.NOW)
    assert keeping.close_day(day=date(2027, 1, 21), by=by, at=make.NOW).pk == closing.pk
    assert codes(user) == ["CLOSED"]
    assert codes(make.caseworker(office_number="0398")) == []
    keeping.open_day(closing_id=closing.pk, by=by, at=make.NOW)
    assert codes(user) == []


@pytest.mark.parametrize(("type_code", "office_days"), [("DIALOGUE", 0), ("DIALOGUE", 7), ("FOLLOW_UP", 21)])
def test_the_longer_of_the_types_and_the_offices_notice_holds(user: User, type_code: str, office_days: int) -> None:
    offices.set_rules(least_notice_days=office_days, buffers={}, by=make.actor(user), at=make.NOW)
    soon, late = make.NOW.date() + timedelta(days=20), make.NOW.date() + timedelta(days=21)
    assert codes(user, type_code=type_code, day=soon) == ["NOTICE"]
    assert codes(user, type_code=type_code, day=late, clock=time(8)) == []


def test_the_office_keeps_time_free_between_meetings_of_a_format_and_the_citizen_needs_none(user: User) -> None:
    offices.set_rules(least_notice_days=0, buffers={"VIDEO": 10}, by=make.actor(user), at=make.NOW)
    person = make.citizen()
    make.meeting(user, person)
    assert codes(user, clock=time(10, 50)) == ["BUFFER"]
    assert codes(user, clock=time(10, 55)) == []
    assert (
        codes(user, clock=time(9, 15), minutes=30, format=Format.PHONE, place=Place(caller="NAV", phone="99112233"))
        == []
    )
    assert codes(make.caseworker(), person=person, clock=time(10, 45)) == []


def test_absence_in_part_of_the_meeting_speaks_against_it_and_its_end_does_not(user: User) -> None:
    starts = datetime(2027, 1, 21, 9, 30, tzinfo=UTC)
    absence = is_away(user, starts, starts + timedelta(hours=2))
    assert codes(user) == ["ABSENT"]
    assert codes(user, clock=time(12, 30)) == []
    keeping.remove_absence(absence_id=absence.pk, by=make.actor(user), at=make.NOW)
    assert codes(user) == []


def test_what_is_overruled_with_a_reason_stays_in_the_history(user: User) -> None:
    works(user, 0)
    overrule = Overrule(frozenset({"OUTSIDE_HOURS", "HOLIDAY"}), WhyOverruled.URGENT)
    meeting = make.meeting(user, overrule=overrule)
    kept = Revision.objects.get(meeting=meeting)
    assert (kept.overruled, kept.overruled_why) == (["OUTSIDE_HOURS"], "URGENT")


def test_what_was_not_seen_is_not_overruled_with_the_rest(user: User) -> None:
    works(user, 0)
    is_away(user, datetime(2027, 1, 21, tzinfo=UTC), datetime(2027, 1, 22, tzinfo=UTC))
    with pytest.raises(NotSuitable) as refused:
        make.meeting(user, overrule=Overrule(frozenset({"OUTSIDE_HOURS"}), WhyOverruled.URGENT))
    assert refused.value.extra["can_be_overruled"] == ["ABSENT"]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("overrule", "field"),
    [
        (Overrule(frozenset({"OCCUPIED"}), WhyOverruled.URGENT), "overrule"),
        (Overrule(frozenset({"ABSENT"}), ""), "overrule_why"),
        (Overrule(frozenset({"ABSENT"}), "FORDI"), "overrule_why"),
    ],
)
def test_a_clash_is_not_overruled_and_nothing_is_without_a_reason(user: User, overrule: Overrule, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make.meeting(user, overrule=overrule)
    assert refused.value.field == field


def test_a_move_is_asked_anew_and_a_change_of_place_alone_is_not(user: User) -> None:
    works(user, 3)
    there: dict[str, Any] = {"format": Format.IN_PERSON, "place": Place(address="Prøvegata 1")}
    meeting = make.meeting(user, day=date(2027, 1, 22), **there)
    changes.move(**given(meeting, to=_same(meeting), place=Place(address="Prøvegata 2"), **WHY))
    kept = Revision.objects.get(meeting=meeting, number=2)
    assert (kept.overruled, kept.overruled_why) == (["OUTSIDE_HOURS"], "AGREED_WITH_CITIZEN")
    friday = slot(day=date(2027, 1, 29), clock=time(10), minutes=45, fold=None, at=make.NOW)
    with pytest.raises(NotSuitable):
        changes.move(**given(meeting, to=friday, place=None, **WHY))
    thursday = slot(day=date(2027, 1, 28), clock=time(10), minutes=45, fold=None, at=make.NOW)
    changes.move(**given(meeting, to=thursday, place=None, **WHY))
    assert Revision.objects.get(meeting=meeting, number=3).overruled == []


def _same(meeting: Meeting) -> Any:
    return slot(day=date(2027, 1, 22), clock=time(10), minutes=45, fold=None, at=make.NOW)


def test_turning_a_meeting_into_a_call_is_never_refused_and_into_one_at_a_closed_office_is(user: User) -> None:
    meeting = make.meeting(user)
    works(user, 0)
    keeping.close_day(day=date(2027, 1, 21), by=make.actor(user), at=make.NOW)
    phone = {"to": Format.PHONE, "place": Place(caller="NAV", phone="99112233"), "safety_measures": frozenset()}
    formats.change_format(**given(meeting, **phone, **WHY))
    there = {"to": Format.IN_PERSON, "place": Place(address="Prøvegata 1"), "safety_measures": frozenset()}
    with pytest.raises(NotSuitable) as refused:
        formats.change_format(**given(meeting, **there, **WHY))
    assert refused.value.extra["can_be_overruled"] == ["CLOSED"]


@pytest.mark.parametrize(
    ("week", "field", "code"),
    [
        (week(7), "week.0.weekday", "weekday"),
        (week(0, hours=Hours(time(12), time(12))), "week.0.closes", "closes_first"),
        (week(0, hours=Hours(time(15), time(8))), "week.0.closes", "closes_first"),
        (week(0, 0), "week.1.opens", "hours_overlap"),
        ((*week(0), *week(0, hours=Hours(time(15), time(16)))), "week.1.opens", "hours_overlap"),
    ],
)
def test_hours_that_make_no_sense_are_refused_by_the_row(
    user: User, week: tuple[WeekdayHours, ...], field: str, code: str
) -> None:
    by = make.actor(user)
    with pytest.raises(InvalidFields) as refused:
        keeping.set_week(owner=mine(by), week=week, by=by, at=make.NOW)
    (error,) = refused.value.errors
    assert (error.field, error.code) == (field, code)
    assert not WorkingHours.objects.exists()


def test_hours_with_a_break_between_them_are_two_and_a_meeting_over_the_break_is_outside(user: User) -> None:
    by = make.actor(user)
    both = (*week(3, hours=Hours(time(8), time(11))), *week(3, hours=Hours(time(11, 30), time(15))))
    keeping.set_week(owner=mine(by), week=both, by=by, at=make.NOW)
    assert codes(user, clock=time(10, 30)) == ["OUTSIDE_HOURS"]
    assert codes(user, clock=time(11, 30)) == []


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2027, 1, 10), date(2029, 2, 1), date(9999, 12, 31)])
def test_days_that_are_past_or_too_far_off_are_refused(user: User, day: date) -> None:
    by = make.actor(user)
    for refuses in (
        lambda: keeping.close_day(day=day, by=by, at=make.NOW),
        lambda: keeping.set_date(owner=mine(by), day=day, hours=None, by=by, at=make.NOW),
    ):
        with pytest.raises(Invalid) as refused:
            refuses()
        assert refused.value.field == "date"


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "field"),
    [
        (make.NOW, make.NOW, "until"),
        (make.NOW, make.later(days=-1), "until"),
        (make.NOW, make.later(days=800), "until"),
        (datetime(1, 1, 1, tzinfo=UTC), make.NOW, "from"),
        (datetime(9999, 12, 31, tzinfo=UTC), datetime.max.replace(tzinfo=UTC), "from"),
    ],
)
def test_absence_that_makes_no_sense_is_refused(user: User, starts_at: datetime, ends_at: datetime, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        is_away(user, starts_at, ends_at)
    assert refused.value.field == field


def test_everybody_sets_their_own_hours_and_nobody_elses(user: User) -> None:
    other = make.caseworker()
    for owner in (Owner(user_id=other.pk), Owner(office_id="0398")):
        with pytest.raises(NotPermitted):
            keeping.set_week(owner=owner, week=week(0), by=make.actor(user), at=make.NOW)
    with pytest.raises(NotPermitted):
        keeping.set_week(
            owner=mine(make.citizen_actor(make.citizen())), week=(), by=make.citizen_actor(make.citizen()), at=make.NOW
        )


def test_absence_is_entered_by_themselves_or_their_office_and_by_no_other(user: User) -> None:
    colleague, stranger = make.caseworker(), make.caseworker(office_number="0398")
    values: dict[str, Any] = {"starts_at": make.NOW, "ends_at": make.later(days=1), "kind": "AWAY", "at": make.NOW}
    absence = keeping.add_absence(user_id=user.pk, by=make.actor(colleague), **values)
    with pytest.raises(NotFound):
        keeping.add_absence(user_id=user.pk, by=make.actor(stranger), **values)
    with pytest.raises(NotFound):
        keeping.remove_absence(absence_id=absence.pk, by=make.actor(stranger), at=make.NOW)
    assert AuditEvent.objects.get(action="absence.added").detail == {}


def test_absence_over_booked_meetings_lists_those_one_may_know_of_and_counts_the_others(user: User) -> None:
    from navmeet.people.models import Protection

    hosted = make.meeting(user)
    colleague = make.caseworker()
    attended = make.meeting(colleague, staff=(user.pk,), clock=time(12))
    make.meeting(user, make.citizen(protection=Protection.STRICTLY_CONFIDENTIAL), clock=time(14))
    make.meeting(user, day=date(2027, 1, 22))
    cancelled = make.meeting(user, clock=time(8))
    changes.cancel(**given(cancelled, why=Why(Reason.PRACTICAL), can_be_told=True))
    absence = is_away(user, datetime(2027, 1, 21, 6, tzinfo=UTC), datetime(2027, 1, 21, 16, tzinfo=UTC))
    found = overlaid.by_absence(absence, by=make.actor(colleague), at=make.NOW)
    assert [one.pk for one in found.meetings] == [hosted.pk, attended.pk]
    assert found.others == 1
    assert Meeting.objects.get(pk=hosted.pk).status == "SCHEDULED"


def test_a_closing_day_over_booked_meetings_lists_the_offices_own(user: User) -> None:
    mine_ = make.meeting(user)
    make.meeting(make.caseworker(office_number="0398"))
    found = overlaid.by_closing(make.OFFICE, date(2027, 1, 21), by=make.actor(user), at=make.NOW)
    assert ([one.pk for one in found.meetings], found.others) == ([mine_.pk], 0)


def test_an_office_keeps_its_rooms_with_names_of_their_own(user: User) -> None:
    by = make.actor(user)
    room = offices.add_room(room=RoomInput("Fjellet", 6, is_step_free=True), by=by, at=make.NOW)
    with pytest.raises(Conflict):
        offices.add_room(room=RoomInput(" Fjellet ", 4), by=by, at=make.NOW)
    offices.change_room(room_id=room.pk, room=RoomInput("Fjellet", 8, is_active=False), by=by, at=make.NOW)
    changed = Room.objects.get()
    assert (changed.capacity, changed.is_step_free, changed.is_active) == (8, False, False)
    other = make.actor(make.caseworker(office_number="0398"))
    with pytest.raises(NotFound):
        offices.change_room(room_id=room.pk, room=RoomInput("Vårt", 8), by=other, at=make.NOW)


@pytest.mark.parametrize(
    ("room", "field"),
    [(RoomInput("", 6), "name"), (RoomInput("Fjellet", 1), "capacity"), (RoomInput("Fjellet", 501), "capacity")],
)
def test_a_room_without_name_or_with_no_place_for_two_is_refused(user: User, room: RoomInput, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        offices.add_room(room=room, by=make.actor(user), at=make.NOW)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"least_notice_days": -1, "buffers": {}}, "least_notice_days"),
        ({"least_notice_days": 91, "buffers": {}}, "least_notice_days"),
        ({"least_notice_days": 0, "buffers": {"VIDEO": 121}}, "buffers.VIDEO"),
        ({"least_notice_days": 0, "buffers": {"FAX": 1}}, "buffers"),
    ],
)
def test_rules_beyond_reason_are_refused(user: User, rules: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        offices.set_rules(**rules, by=make.actor(user), at=make.NOW)
    assert refused.value.field == field
    assert Office.objects.get(pk=make.OFFICE).buffers == {}
