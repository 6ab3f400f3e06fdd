"""Two reminders that would come too close to each other: one goes, and never neither where one can."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from invitations.messages.send import Swept
from invitations.messages.texts.words import Kind
from invitations.models import Message, Occasion, Step
from meetings.models import Meeting
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.sentences import say
from tests.invitations.messages.test_bad_texts import _choose
from tests.invitations.messages.test_telling import cancel

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
OSLO = ZoneInfo("Europe/Oslo")
# "1 day before" is a Sunday: from 14 on the nearest allowed minute is 08.00 the same day, before "1 hour before".
MONDAY = date(2027, 1, 18)
EIGHT = datetime(2027, 1, 18, 8, tzinfo=OSLO)
TUESDAY = MONDAY + timedelta(days=1)
LINK_LIKE = {"sms": "Les mer på nav.no"}


def booked(kari: Person, clock: time = time(15)) -> Meeting:
    return make.meeting(person=kari, day=MONDAY, clock=clock)


def fill(kari: Person) -> list[Meeting]:
    """Reminders of nearer ones of their meetings, on that Monday, as many as are told on a day."""
    return [make.meeting(person=kari, day=MONDAY, clock=time(9 + n, 30)) for n in range(4)]


def states(meeting: Meeting) -> dict[str, tuple[str, str]]:
    found = Message.objects.filter(meeting=meeting, occasion=Occasion.REMINDER)
    return {one.step: (one.state, one.why) for one in found}


def test_of_two_the_one_that_quiet_time_moved_gives_way(kari: Person) -> None:
    assert states(booked(kari)) == {Step.DAY_1: ("SKIPPED", "TOO_CLOSE"), Step.HOUR_1: ("PLANNED", "")}


def test_where_the_other_cannot_be_said_it_goes(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, Kind.IN_AN_HOUR, **LINK_LIKE)
    meeting = booked(kari)
    assert states(meeting) == {Step.DAY_1: ("PLANNED", ""), Step.HOUR_1: ("FAILED", "REFUSED_BY_RULES")}
    assert Message.objects.get(meeting=meeting, step=Step.DAY_1).due_at == EIGHT


@pytest.mark.usefixtures("in_any_language")
def test_of_two_that_can_be_said_once_another_language_is_chosen_one_goes(kari: Person) -> None:
    meeting = make.meeting(person=kari, day=MONDAY, clock=time(15), language="se")
    assert {state for state, _ in states(meeting).values()} == {"FAILED"}
    _choose(meeting, "nn")
    assert states(meeting) == {Step.DAY_1: ("SKIPPED", "TOO_CLOSE"), Step.HOUR_1: ("PLANNED", "")}


def test_where_the_day_is_full_neither_says_that_it_falls_for_the_other(kari: Person) -> None:
    fill(kari)
    assert states(booked(kari)) == {Step.DAY_1: ("SKIPPED", "DAY_IS_FULL"), Step.HOUR_1: ("SKIPPED", "DAY_IS_FULL")}


def test_room_for_two_is_taken_by_one(kari: Person) -> None:
    full = fill(kari)
    meeting = booked(kari)
    for one in full[:2]:
        cancel(one, make.later(minutes=1))
    assert sorted(state for state, _ in states(meeting).values()) == ["PLANNED", "SKIPPED"]


def test_where_the_other_turns_out_not_to_be_sayable_it_stands_in(
    kari: Person, sweep: Sweep, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sender was away when it was due, and it fell for the other: then that one fails."""
    meeting = booked(kari, time(10))
    sweep(make.NOW)
    sweep(datetime(2027, 1, 17, 10, tzinfo=OSLO))
    assert states(meeting) == {Step.DAY_1: ("SKIPPED", "TOO_CLOSE"), Step.HOUR_1: ("PLANNED", "")}
    say(monkeypatch, Kind.IN_AN_HOUR, **LINK_LIKE)
    nine = datetime(2027, 1, 18, 9, tzinfo=OSLO)
    sweep(nine)
    assert states(meeting)[Step.HOUR_1] == ("FAILED", "REFUSED_BY_RULES")
    assert sweep(nine + timedelta(seconds=10)).sent == 1
    assert states(meeting)[Step.DAY_1] == ("SENT", "")


def test_it_does_not_stand_in_where_it_would_be_too_late_or_has_no_room_either(
    kari: Person, sweep: Sweep, topic: FakeTopic, settings: Settings
) -> None:
    meeting = booked(kari)
    sweep(make.NOW)
    settings.MOST_MESSAGES_A_DAY = 0
    two = datetime(2027, 1, 18, 14, tzinfo=OSLO)
    sweep(two)
    assert states(meeting) == {Step.DAY_1: ("SKIPPED", "DAY_IS_FULL"), Step.HOUR_1: ("SKIPPED", "DAY_IS_FULL")}
    assert sweep(two + timedelta(seconds=10)).is_idle


def test_what_a_change_made_void_brings_nothing_back(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = booked(kari)
    sweep(make.NOW)
    cancel(meeting, make.later(minutes=1))
    assert states(meeting) == {Step.DAY_1: ("SKIPPED", "TOO_CLOSE"), Step.HOUR_1: ("VOID", "CANCELLED")}
