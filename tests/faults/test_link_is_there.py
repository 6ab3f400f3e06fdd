"""At every instant from an invitation's arrival to the meeting's end its link is on Ditt NAV, whatever happens.

Random histories, their senders struck at every named place; what the receiver wrote down is held against a small model
of Min side. HISTORIES says how many.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from django.conf import settings

from invitations.messages import claim, ditt_nav, overtake, send, settle
from invitations.messages.crash import POINTS
from invitations.models import Answer, Channel, Message, MessageState, Occasion, Retraction
from meetings import changes
from meetings.models import Meeting
from navmeet.dev.registers import RunningRegisters
from navmeet.outbox.kafka import Topic
from tests import make
from tests.faults.figures import HISTORIES, HISTORY_SECONDS, PEOPLE, tell, wait
from tests.faults.histories import AT_ONCE, Act, Cast, History, to_another_day
from tests.faults.min_side import Event, MinSide, gaps, in_order
from tests.faults.planning import known
from tests.faults.stage import Stage, let_leases_run_out
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_telling import cancel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("histories")]

# Between two acts: something while a message leaves, within the ten minutes of a change, the same day, days after.
PAUSES = [timedelta(minutes=minutes) for minutes in (0.1, 1, 5, 12, 60, 300)]
ACTS_EACH, APART = 8, timedelta(days=28)
STRUCK = 0.3


class Died(BaseException):
    """Of a sender: caught by nobody."""


@dataclass
class World:
    """The clock, the senders, and what was found."""

    stage: Stage
    cast: Cast
    at: datetime
    luck: Random
    dies_at: str = ""
    struck: int = 0
    read: int = 0
    faults: list[str] = field(default_factory=list)
    ended_unknown: int = 0
    shown: int = 0

    def go_on(self, histories: list[History]) -> None:
        """Until all of them are over."""
        acts = 0
        while acts < ACTS_EACH * len(histories):
            self.pass_time(self.luck.choice(PAUSES))
            self.cast.act(self.luck.choice(histories), self.at)
            self.send()
            acts += 1
        self.settle()
        self.check_cancelled(histories)
        self.pass_time(max(history.meeting.ends_at for history in histories) - self.at)
        self.settle()
        self.check(histories)

    def pass_time(self, pause: timedelta) -> None:
        """Senders live all the while: what falls due is sent when it does."""
        until = self.at + pause
        if pause > claim.LEASE:
            self.let_leases_run_out()
        while (due := _next_due(self.at, until)) is not None:
            self.at = due
            self.send()
        self.at = until

    def send(self) -> None:
        if _is_due(self.at) and self.luck.random() < STRUCK:
            self.strike(self.luck.choice(POINTS))
            if self.luck.random() < 0.5:
                return
            self.let_leases_run_out()
        send.sweep(self.at)

    def strike(self, place: str) -> None:
        """A sender begins, and dies at a named place: nothing of what follows is done, what it held stays held."""
        self.dies_at = place
        try:
            send.sweep(self.at)
        except Died:
            self.struck += 1
        self.dies_at = ""

    def die(self, place: str) -> None:
        """In place of crash_point. Real processes, really killed, are in test_sender_killed.py."""
        if place == self.dies_at:
            raise Died

    def let_leases_run_out(self) -> None:
        let_leases_run_out()
        # They wait by the database's clock, which is not the one of these histories.
        Retraction.objects.filter(state=Retraction.State.PLANNED).update(due_at=make.NOW)

    def settle(self) -> None:
        self.let_leases_run_out()
        while not send.sweep(self.at).is_idle:
            pass

    def check_cancelled(self, histories: list[History]) -> None:
        """All is told: of a cancelled meeting only that stands on Ditt NAV."""
        side = self.replayed(histories)
        occasions = dict(Message.objects.values_list("key", "occasion"))
        for history in histories:
            there = [occasions[UUID(event.key)] for event in side.of(history.link)]
            if history.is_cancelled and there != [Occasion.CANCELLED]:
                self.faults.append(f"cancelled, and there: {there}; {history.acts}")

    def check(self, histories: list[History]) -> None:
        """What stood there at each moment, and what came after its end."""
        side = self.replayed(histories)
        self.shown += len(side.shown)
        self.ended_unknown += len(side.ended_unknown - side.shown.keys())
        self.faults += [f"shown after it was ended: {key}" for key in side.outlived]
        self.faults += gaps(self.events(), {history.link: history.truths for history in histories})
        self.read = len(self.stage.book.received())

    def replayed(self, histories: list[History]) -> MinSide:
        """When the receiver has written down all that was sent."""
        meetings = [history.meeting.pk for history in histories]
        assert wait(lambda: _sent(meetings) <= {(event.key, event.name) for event in self.events()}, 20)
        side = MinSide()
        for event in self.events():
            side.take(event)
        return side

    def events(self) -> list[Event]:
        return in_order(self.stage.book.received()[self.read :])


@pytest.fixture
def world(stage: Stage, registers: RunningRegisters, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(settings, "KAFKA_BROKERS", stage.brokers[0].address)
    topic = Topic(settings.TOPIC_NOTIFICATIONS)
    monkeypatch.setattr(ditt_nav, "notifications", lambda: topic)
    ready = World(stage, Cast(), make.NOW, Random(11))
    monkeypatch.setattr(send, "crash_point", ready.die)
    return ready


def _next_due(after: datetime, until: datetime) -> datetime | None:
    due = Message.objects.filter(state=MessageState.PLANNED, due_at__gt=after, due_at__lte=until)
    return due.order_by("due_at").values_list("due_at", flat=True).first()


def _is_due(at: datetime) -> bool:
    return Message.objects.filter(state=MessageState.PLANNED, due_at__lte=at, channel=Channel.DITT_NAV).exists()


def _sent(meetings: list[UUID]) -> set[tuple[str, str]]:
    """What is marked sent: keys, and whether they were shown or ended."""
    shown = Message.objects.filter(meeting__in=meetings, sent_at__isnull=False).values_list("key", flat=True)
    ended = Retraction.objects.filter(message__meeting__in=meetings, state=Retraction.State.SENT)
    return {(str(key), "opprett") for key in shown} | {
        (str(key), "inaktiver") for key in ended.values_list("message__key", flat=True)
    }


def _live_through(world: World, count: int) -> int:
    """So many histories, some at once; how many there was time for, up to the first fault."""
    must_end = time.monotonic() + HISTORY_SECONDS
    for first in range(0, count, AT_ONCE):
        begun = world.at
        histories = []
        for number in range(first, min(first + AT_ONCE, count)):
            histories.append(world.cast.begin(number, world.at))
            world.send()
            world.pass_time(world.luck.choice(PAUSES[:4]))
        world.go_on(histories)
        if world.faults or time.monotonic() > must_end:
            return first + len(histories)
        world.at = max(world.at, begun + APART)
        world.settle()
    return count


def test_the_link_is_there_at_every_instant_and_nothing_outlives_its_end(world: World) -> None:
    lived = _live_through(world, HISTORIES)
    tell(
        f"The link on Ditt NAV: n = {lived} histories with {world.cast.done.total()} acts, {world.shown} "
        f"notifications, {world.struck} senders struck: {len(world.faults)} moments without the link, notifications "
        f"shown after their end, or left on a cancelled meeting; ended and never shown: {world.ended_unknown}"
    )
    assert world.faults == []
    assert world.struck


def test_without_waiting_for_what_takes_its_place_there_would_be_moments_without_the_link(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_it_is = overtake._take_back
    monkeypatch.setattr(
        overtake, "_take_back", lambda message, *, after, due_at: as_it_is(message, after=None, due_at=due_at)
    )
    _told_and_then(world, lambda turn: changes.move(**to_another_day(turn)))
    tell(f"Control, taken back before what takes its place is there: {world.faults}")
    assert any("nothing there" in fault for fault in world.faults)


def test_without_taking_back_what_was_told_a_cancelled_meeting_would_stand_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overtake, "replace", lambda *_: None)
    _told_and_then(world, lambda turn: changes.cancel(**turn.changing))
    tell(f"Control, nothing is taken back: {world.faults}")
    assert any(fault.startswith("cancelled, and there") for fault in world.faults)


@pytest.mark.parametrize("waits", [True, False])
def test_the_end_waits_until_its_message_is_settled_and_would_else_be_outlived_by_it(
    world: World, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    if not waits:
        monkeypatch.setattr(claim, "claim_retractions", _claim_at_once)
    history = world.cast.begin(0, world.at)
    world.strike("after_claim")
    world.cast.act(history, world.at, lambda turn: turn.say(Answer.Kind.COMING))
    send.sweep(world.at)
    world.settle()
    world.check([history])
    assert (world.faults == []) == waits


@pytest.mark.parametrize("looks", [True, False])
def test_what_a_sender_lets_go_after_its_end_is_ended_once_more(
    registers: RunningRegisters, monkeypatch: pytest.MonkeyPatch, looks: bool
) -> None:
    """It stood still from its last look until another had told of the cancellation, and had taken back what it holds.

    Without looking at what became of the row when it settles (the negative control) it would stand for good.
    """
    topic, meeting = FakeTopic(), make.meeting(person=known(PEOPLE[0]))
    topic.install(monkeypatch)
    if not looks:
        monkeypatch.setattr(settle, "_overtaken", lambda *_: None)
    topic.while_sending = _once(lambda: _cancelled_and_told(meeting, topic))
    send.sweep(make.NOW)
    for minutes in (1, 2):
        send.sweep(make.later(minutes=minutes))
    side = MinSide()
    for event in topic.events:
        side.take(Event(event["varselId"], event["@event_name"], "", None, make.NOW))
    assert [event["@event_name"] for event in topic.events][:2] == ["opprett", "inaktiver"]
    assert len(side.outlived) == 1
    assert len(side.of("")) == (1 if looks else 2)


def _cancelled_and_told(meeting: Meeting, topic: FakeTopic) -> None:
    cancel(meeting, make.NOW)
    Retraction.objects.update(due_at=make.NOW)
    send.sweep(make.NOW)


def _once(do: Callable[[], None]) -> Callable[[], None]:
    left = [do]
    return lambda: left.pop()() if left else None


def _claim_at_once(at: datetime) -> claim.Claim:
    """The negative control: whatever became of the message it is to end."""
    return claim._claim(Retraction, Retraction.objects.filter(state=Retraction.State.PLANNED).order_by("due_at"))


def _told_and_then(world: World, act: Act) -> None:
    """One history, invited, and then that."""
    history = world.cast.begin(0, world.at)
    send.sweep(world.at)
    world.at += timedelta(hours=1)
    world.cast.act(history, world.at, act)
    send.sweep(world.at)
    world.at += timedelta(minutes=15)
    world.settle()
    world.check_cancelled([history])
    world.check([history])
