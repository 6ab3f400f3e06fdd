"""A reminder whose sender was away until it was quiet: it waits for the morning, or falls; all else goes at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from invitations.messages import quiet
from invitations.messages.send import Swept
from invitations.models import Message, Occasion, Step
from meetings.models import Format, Meeting
from meetings.places import Place
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
OSLO = ZoneInfo("Europe/Oslo")
MONDAY = date(2027, 1, 18)
SATURDAY_EVENING = datetime(2027, 1, 16, 19, 59, tzinfo=OSLO)
SUNDAY = datetime(2027, 1, 17, 10, 15, tzinfo=OSLO)


def _on_monday(kari: Person, clock: time = time(10), held: Format = Format.IN_PERSON) -> Meeting:
    place = Place(address="Prøvegata 1") if held == Format.IN_PERSON else Place()
    return make.meeting(person=kari, day=MONDAY, clock=clock, format=held, place=place)


def _reminder(meeting: Meeting, step: Step = Step.DAY_1) -> Message:
    return Message.objects.get(meeting=meeting, occasion=Occasion.REMINDER, step=step)


def _is_told_before(sweep: Sweep) -> None:
    sweep(make.NOW)


def test_one_due_on_saturday_evening_and_found_on_sunday_goes_on_monday_morning(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = _on_monday(kari)
    _is_told_before(sweep)
    assert _reminder(meeting).due_at == SATURDAY_EVENING
    swept = sweep(SUNDAY)
    moved = _reminder(meeting)
    assert (swept.moved, swept.sent, swept.is_stuck, len(topic.shown())) == (1, 0, False, 1)
    assert (moved.state, moved.why, moved.attempts) == ("PLANNED", "", 0)
    assert moved.due_at == datetime(2027, 1, 18, 8, tzinfo=OSLO)
    assert moved.not_after == datetime(2027, 1, 18, 8, 30, tzinfo=OSLO)
    assert sweep(SUNDAY + timedelta(hours=3)).is_idle
    assert sweep(moved.due_at).sent == 1
    assert _reminder(meeting).state == "SENT"


@pytest.mark.parametrize("at", ["2027-01-16T20:00", "2027-01-17T03:00", "2027-01-18T07:59"])
def test_it_leaves_in_no_quiet_minute(kari: Person, sweep: Sweep, topic: FakeTopic, at: str) -> None:
    meeting = _on_monday(kari)
    _is_told_before(sweep)
    sweep(datetime.fromisoformat(at).replace(tzinfo=OSLO))
    assert _reminder(meeting).sent_at is None
    assert len(topic.shown()) == 1


def test_it_falls_where_the_morning_is_less_than_half_an_hour_before(kari: Person, sweep: Sweep) -> None:
    meeting = _on_monday(kari, time(8, 15))
    _is_told_before(sweep)
    assert _reminder(meeting).due_at == SATURDAY_EVENING
    swept = sweep(SUNDAY)
    assert (_reminder(meeting).state, _reminder(meeting).why, swept.not_sent) == ("SKIPPED", "QUIET_TIME", 1)


def test_it_falls_where_another_comes_that_morning(kari: Person, sweep: Sweep) -> None:
    meeting = _on_monday(kari, held=Format.VIDEO)
    _is_told_before(sweep)
    sweep(SUNDAY)
    assert (_reminder(meeting).state, _reminder(meeting).why) == ("SKIPPED", "TOO_CLOSE")
    assert _reminder(meeting, Step.HOUR_1).state == "PLANNED"


def test_of_two_that_would_wake_to_the_same_minute_one_goes(kari: Person, sweep: Sweep) -> None:
    meeting = _on_monday(kari, time(12))
    _is_told_before(sweep)
    first = _reminder(meeting)
    Message.objects.create(
        meeting=meeting,
        participant=first.participant,
        occasion=Occasion.REMINDER,
        step=Step.DAYS_7,
        about_id=first.about_id,
        about_number=first.about_number,
        channel=first.channel,
        language="nb",
        due_at=SATURDAY_EVENING,
        not_after=first.not_after,
        planned_at=make.NOW,
    )
    swept = sweep(SUNDAY)
    reminders = Message.objects.filter(meeting=meeting, occasion=Occasion.REMINDER)
    assert sorted(reminders.values_list("state", flat=True)) == ["PLANNED", "SKIPPED"]
    assert (swept.moved, swept.not_sent) == (1, 1)


def test_an_invitation_knows_no_quiet_time(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    _on_monday(kari)
    assert sweep(datetime(2027, 1, 17, 3, tzinfo=UTC)).sent == 1


def test_without_the_look_at_the_hour_it_would_have_gone_on_sunday(
    kari: Person, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = _on_monday(kari)
    _is_told_before(sweep)
    monkeypatch.setattr(quiet, "is_quiet", lambda at: False)
    sweep(SUNDAY)
    assert _reminder(meeting).sent_at == SUNDAY
