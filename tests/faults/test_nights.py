"""The two nights when the clocks change: a clock stepped on with real sweeps, all that leaves held against the wall."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from django.db.models import Min

from invitations.answers import answer
from invitations.messages import quiet, send
from invitations.models import Answer, Message, MessageState, Occasion, Step
from meetings.models import Format, Meeting
from meetings.places import Place
from tests import make
from tests.faults.figures import NIGHT_MEETINGS, tell
from tests.invitations.messages.broker import FakeTopic
from tests.meetings.test_ical_nights import last_sunday, oslo

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]

NIGHTS = [datetime.combine(last_sunday(2027, month), time(1), UTC) for month in (3, 10)]
BOOKED_BEFORE = timedelta(days=20)
# Of the night itself, in which nothing is due, and nothing is to leave.
AROUND, STEP = timedelta(hours=4), timedelta(minutes=10)
# Of the wall clock that stands in the row: these are the rule's own, an hour before is an hour.
DAYS = {Step.DAYS_7: 7, Step.DAY_1: 1}
# Known without asking the code: Easter 2027, and the eve of All Saints is an ordinary day.
HOLIDAYS = {date(2027, 3, 25), date(2027, 3, 26), date(2027, 3, 28), date(2027, 3, 29)}


@dataclass(frozen=True)
class Booked:
    meeting: Meeting
    starts_at: datetime


def _starts(night: datetime, luck: Random) -> datetime:
    """Every other one within a day of the change, so that a reminder lies on its other side."""
    hours = (-2, 26) if luck.random() < 0.5 else (-24, 8 * 24)
    return night + timedelta(minutes=luck.randint(hours[0] * 60, hours[1] * 60))


def _book(night: datetime, count: int) -> list[Booked]:
    luck, at = Random(night.month), night - BOOKED_BEFORE
    return [
        _book_one(_starts(night, luck), luck.choice([Format.VIDEO, Format.PHONE, Format.IN_PERSON]), at)
        for _ in range(count)
    ]


def _book_one(starts_at: datetime, held: Format, at: datetime) -> Booked:
    wall = oslo(starts_at)
    twice = [oslo(starts_at + timedelta(hours=hours)) == wall for hours in (-1, 1)]
    place = {Format.PHONE: Place(caller="NAV", phone="99112233"), Format.IN_PERSON: Place(address="Prøvegata 1")}
    meeting = make.meeting(
        at=at,
        day=wall.date(),
        clock=wall.time(),
        fold=int(twice[0]) if any(twice) else None,
        format=held,
        place=place.get(held, Place()),
    )
    assert meeting.starts_at == starts_at
    return Booked(meeting, starts_at)


def _answer_every_other(booked: list[Booked], at: datetime) -> None:
    """Who has not answered is reminded by Min side, and not by us a week before."""
    for one in booked[::2]:
        citizen = one.meeting.citizen()
        assert citizen.person is not None
        answer(
            invitation_id=citizen.invitation.pk,
            revision_number=one.meeting.revision_number,
            kind=Answer.Kind.COMING,
            words="",
            by=make.citizen_actor(citizen.person),
            at=at,
        )


def _live_through(night: datetime) -> None:
    """From booking to the last meeting's end: each moment at which something is due, and the night in steps."""
    at, last = night - BOOKED_BEFORE, night + timedelta(days=9)
    while at < last:
        while not send.sweep(at).is_idle:
            pass
        due = Message.objects.filter(state=MessageState.PLANNED, due_at__gt=at).aggregate(next=Min("due_at"))["next"]
        at = min(due or last, last, at + STEP if abs(at - night) <= AROUND else night - AROUND if at < night else last)


def _meant(starts_at: datetime, days: int) -> datetime:
    """So many days before by the wall, worked out without zone data; an hour that is skipped is the hour after."""
    wall = oslo(starts_at) - timedelta(days=days)
    found = [at for at in (wall.replace(tzinfo=UTC) - timedelta(hours=hours) for hours in (2, 1)) if oslo(at) == wall]
    return found[0] if found else wall.replace(tzinfo=UTC) - timedelta(hours=1)


def _disturbs(at: datetime) -> bool:
    wall = oslo(at)
    return not 8 <= wall.hour < 20 or wall.weekday() == 6 or wall.date() in HOLIDAYS


def _wrong(booked: list[Booked], topic: FakeTopic) -> list[str]:
    """Each reminder that left another time than once, or at another instant than was meant."""
    handed = Counter(event["varselId"] for event in topic.shown()) + Counter(topic.doubles)
    starts = {one.meeting.pk: one.starts_at for one in booked}
    wrong = []
    for message in Message.objects.filter(meeting__in=starts, occasion=Occasion.REMINDER):
        is_sent = message.state == MessageState.SENT
        if handed[str(message.key)] != int(is_sent):
            wrong.append(f"{message.step} left {handed[str(message.key)]} times, and is {message.state}")
        if message.state not in {MessageState.SENT, MessageState.SKIPPED}:
            wrong.append(f"{message.step} is {message.state} in the end")
        if is_sent and not _is_right(message, starts[message.meeting_id]):
            wrong.append(f"{message.step} of {oslo(starts[message.meeting_id])} left {message.sent_at}")
    return wrong


def _is_right(message: Message, starts_at: datetime) -> bool:
    assert message.sent_at is not None
    days = DAYS.get(Step(message.step))
    meant = _meant(starts_at, days) if days else starts_at - timedelta(hours=1)
    if _disturbs(message.sent_at) or message.sent_at >= starts_at:
        return False
    wanted = message.due_at if _disturbs(meant) else meant
    return message.sent_at == wanted


def _sides() -> Counter[str]:
    """Of the reminders that left: how many on the other side of a change than their meeting."""
    sent = Message.objects.filter(occasion=Occasion.REMINDER, state=MessageState.SENT)
    return Counter(
        "across" if any(one.sent_at < night < starts for night in NIGHTS) else "same side"
        for one in sent
        if one.sent_at is not None
        for starts in [one.meeting.starts_at]
    )


def test_around_both_nights_each_reminder_leaves_once_at_the_time_on_the_wall(
    everybody_known: None, topic: FakeTopic
) -> None:
    booked = _live(NIGHT_MEETINGS // 2)
    wrong, left = _wrong(booked, topic), _sides()
    tell(
        f"The two nights: n = {len(booked)} meetings, {left.total()} reminders left, {left['across']} of them before "
        f"the change of a meeting after it: {len(wrong)} more or less than once, or at another instant than was meant; "
        f"refused by Min side's rules {len(topic.refused)}"
    )
    assert wrong == []
    assert topic.refused == []
    assert left["across"] > NIGHT_MEETINGS // 10


def test_counted_in_hours_and_not_by_the_wall_they_would_be_seen_an_hour_off(
    everybody_known: None, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a day is 24 hours."""
    monkeypatch.setattr(quiet, "days_before", lambda moment, days: moment.astimezone(UTC) - timedelta(days=days))
    booked = _live(6)
    wrong = _wrong(booked, topic)
    tell(f"Control, a day is 24 hours: {len(wrong)} at another instant, of n = {len(booked)} meetings")
    assert wrong


def _live(count: int) -> list[Booked]:
    booked = []
    for night in NIGHTS:
        around = _book(night, count)
        _answer_every_other(around, night - BOOKED_BEFORE)
        _live_through(night)
        booked += around
    return booked
