"""What is told in the evening, and rings in the morning, counts on the day on which it rings."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from invitations.messages import cap, plan_minutes
from invitations.messages.send import Swept
from invitations.models import Message, MessageState, Occasion, Why
from meetings.models import Meeting
from navmeet.outbox.publish import PlannedMessage, gathering
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_cap import OSLO, WEDNESDAY, booked, reminder

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
TUESDAY_EVENING = datetime(2027, 1, 19, 21, tzinfo=OSLO)
MINUTE = timedelta(minutes=1)


def _shared(meeting: Meeting, at: datetime) -> tuple[Message, PlannedMessage]:
    with gathering():
        (planned,) = plan_minutes.plan_minutes_shared(meeting.pk, uuid4(), 1, True, at).messages
    return Message.objects.filter(occasion=Occasion.MINUTES_SHARED).latest("pk"), planned


def _remind(kari: Person, sweep: Sweep, hours: range) -> list[Meeting]:
    """Each on the Wednesday; the invitations are out."""
    found = [booked(kari, hour) for hour in hours]
    sweep(make.NOW)
    return found


def test_where_the_morning_has_no_room_the_plan_says_the_day_after(kari: Person, sweep: Sweep) -> None:
    first, *_ = _remind(kari, sweep, range(10, 14))
    told, planned = _shared(first, TUESDAY_EVENING)
    thursday = datetime(2027, 1, 21, 8, tzinfo=OSLO)
    assert (told.state, told.why, told.due_at) == (MessageState.PLANNED, Why.DAY_IS_FULL, thursday)
    assert (
        planned.words == "Sendes torsdag 21. januar kl. 08.00 på Min side, med SMS eller e-post (SMS senest kl. 09.00)"
    )
    assert planned.sms_at is None


def test_where_it_has_it_leaves_in_the_evening_and_is_counted_in_the_morning(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    first, *_ = _remind(kari, sweep, range(10, 13))
    told, planned = _shared(first, TUESDAY_EVENING)
    assert planned.sms_at == WEDNESDAY
    sweep(TUESDAY_EVENING)
    told.refresh_from_db()
    assert (told.state, told.sms_at, told.counted_on) == (MessageState.SENT, WEDNESDAY, date(2027, 1, 20))
    another = booked(kari, 13, at=TUESDAY_EVENING + MINUTE)
    assert reminder(another).why == Why.DAY_IS_FULL
    assert cap.days_of([kari.pk], WEDNESDAY).counted == {(kari.pk, date(2027, 1, 20)): 1}


def test_a_day_that_is_full_by_then_is_seen_as_it_leaves(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    first, *_ = _remind(kari, sweep, range(10, 13))
    told, _ = _shared(first, TUESDAY_EVENING)
    for number in range(3):
        _filled(first, number)
    swept = sweep(TUESDAY_EVENING)
    told.refresh_from_db()
    assert (swept.moved, told.state, told.due_at.astimezone(OSLO).day) == (1, MessageState.PLANNED, 21)


def test_an_evening_that_is_full_is_no_hindrance(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    first, *_ = _remind(kari, sweep, range(10, 11))
    for number in range(4):
        _filled(first, number, date(2027, 1, 19))
    told, planned = _shared(first, TUESDAY_EVENING)
    assert (planned.moved, planned.sms_at) == ("", WEDNESDAY)
    sweep(TUESDAY_EVENING)
    told.refresh_from_db()
    assert told.counted_on == date(2027, 1, 20)


def test_a_full_day_is_told_with_the_invitation_that_rings_on_it(kari: Person, sweep: Sweep) -> None:
    first, *_ = _remind(kari, sweep, range(10, 14))
    booked(kari, 10, day=date(2027, 2, 4), at=TUESDAY_EVENING)
    sweep(TUESDAY_EVENING)
    (day,) = cap.full_days(first, kari.pk, WEDNESDAY)
    assert (day.day, day.counting, day.exempt) == (date(2027, 1, 20), 4, 1)


def _filled(meeting: Meeting, number: int, day: date = date(2027, 1, 20)) -> Message:
    """One that surely counts on the day."""
    return Message.objects.create(
        meeting=meeting,
        participant=meeting.citizen(),
        occasion=Occasion.ANSWER_SETTLED,
        about_id=uuid4(),
        about_number=number,
        channel="DITT_NAV",
        language="nb",
        state=MessageState.SENT,
        due_at=TUESDAY_EVENING,
        not_after=TUESDAY_EVENING,
        planned_at=TUESDAY_EVENING,
        sent_at=TUESDAY_EVENING,
        counted_on=day,
    )
