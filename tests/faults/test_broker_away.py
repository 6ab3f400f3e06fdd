"""A broker away for an hour: nothing is lost, nothing comes twice, each says why it waits, or that it was too late.

On a clock that is stepped on. A broker that hangs on the real wire, and one replaced by an empty one: test_broker.py.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from invitations.messages import hanging, log, send
from invitations.messages.log_words import HANGS
from invitations.models import Hang, Message, MessageState, Occasion, Why
from meetings.models import Meeting, Task
from meetings.times import OSLO
from tests import make
from tests.faults.figures import HOUR_MEETINGS, only_long, tell
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_telling import cancel

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("faults")]

# A Tuesday, so that nothing is quiet until long after.
GONE = datetime(2027, 1, 19, 9, 0, tzinfo=UTC)
HOUR, STEP = timedelta(hours=1), timedelta(seconds=30)
BACK = GONE + HOUR
# The longest pause between two attempts, and a step.
SETTLED_WITHIN = timedelta(minutes=6)
# From when on the caseworker reads that it waits.
SAID_AFTER = timedelta(minutes=3)
SILENT = 0.3


class AwayTopic(FakeTopic):
    """While it is away it confirms nothing; of what it is given then, some arrives all the same."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = False
        self.luck = Random(19)

    def send_batch(self, events: Sequence[tuple[str, bytes]], timeout: float) -> dict[str, str | None]:
        if not self.is_away:
            return super().send_batch(events, timeout)
        super().send_batch([one for one in events if self.luck.random() < SILENT], timeout)
        return {key: "_MSG_TIMED_OUT" for key, _ in events}


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> AwayTopic:
    fake = AwayTopic()
    fake.install(monkeypatch)
    return fake


def _book(starts_at: datetime, at: datetime) -> Meeting:
    wall = starts_at.astimezone(OSLO)
    return make.meeting(day=wall.date(), clock=wall.time(), minutes=15, at=at)


def _begin(luck: Random) -> list[Meeting]:
    """Booked and told in time: some of them start within the hour, some are reminded of within it."""
    at = GONE - timedelta(days=2)
    # Those that start within the hour, those that are reminded of an hour before, and those a day before.
    hours = [luck.uniform(*((0, 1), (1, 2), (24, 25))[number % 3]) for number in range(HOUR_MEETINGS)]
    booked = [_book(GONE + timedelta(minutes=round(one * 60)), at) for one in hours]
    _sweep(at)
    return booked


def _sweep(at: datetime) -> None:
    """As long as anything gets anywhere."""
    while not ((swept := send.sweep(at)).is_idle or swept.is_stuck):
        pass


def _live_through(topic: AwayTopic) -> tuple[list[Meeting], Counter[str]]:
    """The hour, and what a caseworker reads of what waits meanwhile: how often rightly, and wrongly."""
    luck, read = Random(HOUR_MEETINGS), Counter[str]()
    meetings, at = _begin(luck), GONE - timedelta(days=2)
    while (due := _next_due(at)) is not None and due < GONE:
        at = due
        _sweep(at)
    # Booked and over before it is back: nobody will ever be invited to that.
    meetings.append(_book(GONE + timedelta(minutes=10), GONE))
    at = GONE
    while at < BACK + SETTLED_WITHIN:
        topic.is_away = at < BACK
        if topic.is_away and luck.random() < HOUR_MEETINGS / 2 / (HOUR / STEP):
            meetings.append(_book(at + timedelta(minutes=luck.randint(5, 300)), at))
        if topic.is_away and luck.random() < HOUR_MEETINGS / 4 / (HOUR / STEP):
            _cancel(luck.choice(meetings), at)
        _sweep(at)
        if topic.is_away and not (at - GONE) % (HOUR / 6):
            read += _read(meetings, at)
        at += STEP
    return meetings, read


def _next_due(at: datetime) -> datetime | None:
    due = Message.objects.filter(state=MessageState.PLANNED, due_at__gt=at).order_by("due_at")
    return due.values_list("due_at", flat=True).first()


def _cancel(meeting: Meeting, at: datetime) -> None:
    meeting.refresh_from_db()
    if meeting.status == "SCHEDULED" and at < meeting.starts_at:
        cancel(meeting, at)


def _read(meetings: list[Meeting], at: datetime) -> Counter[str]:
    lines = [line for meeting in meetings for line in log.message_log(meeting, at)]
    waits = [line for line in lines if line.state == MessageState.PLANNED and line.due_at <= at - SAID_AFTER]
    said = sum(1 for line in waits if HANGS[Hang.BROKER] in line.words)
    return Counter({"said": said, "not said": len(waits) - said})


def _found(meetings: list[Meeting], topic: AwayTopic) -> Mapping[str, Any]:
    """What fell due within the hour, by what became of it; and what is not as it must be."""
    rows = list(Message.objects.filter(meeting__in=meetings, due_at__gte=GONE, due_at__lte=BACK))
    shown = Counter(event["varselId"] for event in topic.shown())
    wrong = [f"{one.occasion} {one.step} {one.state} {one.why}" for one in rows if not _is_well(one, shown)]
    wrong += [f"shown {count} times" for count in shown.values() if count > 1]
    planned = set(map(str, Message.objects.values_list("key", flat=True)))
    wrong += [f"never planned: {key}" for key in shown.keys() - planned]
    became = Counter(f"{one.state} {one.why}".strip().lower() for one in rows)
    return {"rows": len(rows), "wrong": wrong, "became": dict(became), "doubled": len(topic.doubles)}


def _is_well(message: Message, shown: Mapping[str, int]) -> bool:
    if message.state in {MessageState.SENT, MessageState.DELIVERED}:
        return shown.get(str(message.key)) == 1
    if message.state == MessageState.FAILED:
        # Not before its own time was over, and never silently.
        given_up_at = message.settled_at
        is_over = given_up_at is not None and message.not_after < given_up_at < BACK + SETTLED_WITHIN
        return message.why == Why.BROKER and is_over and _is_asked(message)
    return message.state in {MessageState.VOID, MessageState.SKIPPED} and bool(message.why)


def _is_asked(message: Message) -> bool:
    """An invitation that came too late is somebody's task; a reminder only falls."""
    if message.occasion == Occasion.REMINDER:
        return True
    return Task.objects.filter(meeting=message.meeting_id).exists()


def test_a_broker_away_for_an_hour_loses_nothing_doubles_nothing_and_each_says_that_it_waits(
    everybody_known: None, topic: AwayTopic
) -> None:
    meetings, read = _live_through(topic)
    found = _found(meetings, topic)
    tell(
        f"A broker away for an hour (a stepped clock): n = {found['rows']} messages of {len(meetings)} meetings fell "
        f"due: {found['became']}; came twice with the same key (dropped by the receiver): {found['doubled']}; lost, "
        f"doubled, or fallen without a reason: {len(found['wrong'])}; waiting and saying so, looked at every ten "
        f"minutes: {read['said']}, not saying so: {read['not said']}"
    )
    assert found["wrong"] == []
    assert topic.refused == []
    assert read["not said"] == 0
    assert read["said"]
    assert {"sent", "failed broker"} <= set(found["became"])


@only_long
def test_given_up_at_the_first_refusal_they_would_be_seen_to_be_lost(
    everybody_known: None, topic: AwayTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(hanging, "is_enough", lambda _: True)
    found = _found(_live_through(topic)[0], topic)
    tell(f"Control, given up at the first refusal: {found['became']}; {len(found['wrong'])} not as they must be")
    assert found["wrong"]
