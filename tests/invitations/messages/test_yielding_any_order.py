"""Any messages of one person on one day, planned, called off and sent in any order: the strongest of them go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from invitations.messages import cap, claim, rank, rows, settle, yielding
from invitations.messages.claim import Claim
from invitations.messages.rows import About, Told
from invitations.models import Message, MessageState, Occasion, Step, Why
from meetings.models import Meeting
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.test_cap import IN_PERSON, OSLO, WEDNESDAY

pytestmark = pytest.mark.django_db
DAY = WEDNESDAY.date()
EARLY = datetime(2027, 1, 20, 7, tzinfo=OSLO)
TONIGHT = datetime(2027, 1, 20, 21, tzinfo=OSLO)
HOUR, TOMORROW, NEWS_OF_TODAY, A_WEEK_ON, NEWS = range(5)
STEPS = {HOUR: Step.HOUR_1, TOMORROW: Step.DAY_1, A_WEEK_ON: Step.DAYS_7}
# The strongest first: what is said here is what rank.py must find out by itself.
BY_STRENGTH = [
    *((HOUR, hour) for hour in (10, 12, 15)),
    *((TOMORROW, hour) for hour in (9, 11, 14)),
    *((NEWS_OF_TODAY, hour) for hour in (10, 13)),
    *((A_WEEK_ON, hour) for hour in (8, 10, 12, 14)),
    *((NEWS, hour) for hour in (9, 16)),
]
Which = tuple[int, int]


@dataclass
class World:
    """Whose meetings they are, by the day, with the row of each candidate that was planned."""

    meetings: dict[tuple[int, int], Meeting]
    planned: dict[Which, UUID]

    def plan(self, which: Which) -> None:
        kind, hour = which
        meeting = self.meetings.get(which) or self.meetings[TOMORROW, 9]
        told, about = Told(meeting, meeting.citizen(), True, EARLY), About(uuid4(), meeting.revision_number)
        due_at = datetime.combine(DAY, time(hour - 1 if kind == HOUR else hour), tzinfo=OSLO)
        occasion = Occasion.REMINDER if kind in STEPS else Occasion.ANSWER_SETTLED
        limits = {NEWS_OF_TODAY: TONIGHT + timedelta(hours=hour - 12), NEWS: due_at + timedelta(days=9)}
        timing = rows.Timing(due_at, limits.get(kind, due_at + timedelta(hours=1)), None)
        step = STEPS.get(kind, Step.ONCE)
        self.planned[which] = rows.plan(told, occasion, about, timing, step=step)[0].pk

    def call_off(self, which: Which) -> None:
        """A change makes it void."""
        one = Message.objects.get(pk=self.planned.pop(which))
        Message.objects.filter(pk=one.pk).update(state="VOID", why="CANCELLED", settled_at=EARLY)
        yielding.fill([one], EARLY)

    def going(self) -> set[Which]:
        """What is to go on the day, or went."""
        found = Message.objects.filter(pk__in=self.planned.values(), state__in=["PLANNED", "SENT"])
        that_day = {one.pk for one in found if one.due_at.astimezone(OSLO).date() == DAY}
        return {which for which, pk in self.planned.items() if pk in that_day}

    def fallen(self) -> set[Which]:
        found = Message.objects.filter(pk__in=self.planned.values(), state="SKIPPED", why=Why.DAY_IS_FULL)
        fell = set(found.values_list("pk", flat=True))
        return {which for which, pk in self.planned.items() if pk in fell}

    def send(self, which: Sequence[Which], at: datetime) -> None:
        """What a sender does with a batch that it has in hand."""
        held = Claim(uuid4(), tuple(self.planned[one] for one in which))
        mine = Message.objects.filter(pk__in=held.rows, state="PLANNED")
        mine.update(state="CLAIMED", claim=held.id, claimed_until=at + claim.LEASE, attempts=1)
        batch = Message.objects.filter(claim=held.id).select_related("meeting", "participant__person")
        settle.by_the_cap(list(batch), held, at)
        left = Message.objects.filter(claim=held.id, state="CLAIMED")
        left.update(state="SENT", sent_at=at, settled_at=at, claim=None, claimed_until=None)


@pytest.fixture
def world(kari: Person) -> World:
    user = make.caseworker()
    days = {HOUR: DAY, TOMORROW: date(2027, 1, 21), A_WEEK_ON: date(2027, 1, 27)}
    meetings = {
        (kind, hour): make.meeting(user, kari, day=days[kind], clock=time(hour), **IN_PERSON)  # type: ignore[arg-type]
        for kind, hour in BY_STRENGTH
        if kind in days
    }
    # They are candidates here, each by itself.
    Message.objects.update(state=MessageState.VOID, why=Why.CORRECTED)
    return World(meetings, {})


def some(runs: int) -> Callable[..., object]:
    return trying(
        max_examples=runs,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def strongest(among: Sequence[Which] | set[Which]) -> set[Which]:
    return set(sorted(among, key=BY_STRENGTH.index)[: settings.MOST_MESSAGES_A_DAY])


def in_turn(world: World, planned: Sequence[Which]) -> None:
    for number, which in enumerate(planned, start=1):
        world.plan(which)
        assert world.going() == strongest(planned[:number])


def called_off(world: World, planned: Sequence[Which], off: Sequence[Which]) -> None:
    """Half are planned, then some of them called off and the others planned in turn."""
    half = len(planned) // 2
    for which in planned[:half]:
        world.plan(which)
    for number, which in enumerate(planned[half:]):
        if number < len(off) and off[number] in world.planned:
            world.call_off(off[number])
        world.plan(which)
        going, fallen = world.going(), world.fallen()
        assert len(going) <= settings.MOST_MESSAGES_A_DAY
        reminders = {one for one in fallen if one[0] in STEPS}
        nearest = min(map(BY_STRENGTH.index, reminders), default=len(BY_STRENGTH))
        assert all(BY_STRENGTH.index(one) < nearest for one in going), "a nearer one fell, and a farther one goes"
        assert not reminders or len(going) == settings.MOST_MESSAGES_A_DAY, "one fell, and there is room"


def sent(world: World, planned: Sequence[Which], size: int) -> None:
    """As races may leave it: all of them planned, whatever there is room for, and sent some at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MOST_MESSAGES_A_DAY", 100)
        for which in planned:
            world.plan(which)
    due = {one.pk: one.due_at for one in Message.objects.filter(pk__in=world.planned.values())}
    in_order = sorted(planned, key=lambda which: due[world.planned[which]])
    for first in range(0, len(in_order), size):
        batch = in_order[first : first + size]
        world.send(batch, max(due[world.planned[one]] for one in batch))
    assert world.going() == strongest(planned)


@some(30)
@given(planned=st.permutations(BY_STRENGTH))
def test_whatever_the_order_they_are_planned_in_the_strongest_go(world: World, planned: list[Which]) -> None:
    with transaction.atomic():
        in_turn(world, planned)
        transaction.set_rollback(True)
    world.planned.clear()


@some(30)
@given(planned=st.permutations(BY_STRENGTH), off=st.lists(st.sampled_from(BY_STRENGTH), max_size=6))
def test_whatever_is_called_off_no_nearer_one_falls_while_a_farther_one_goes(
    world: World, planned: list[Which], off: list[Which]
) -> None:
    with transaction.atomic():
        called_off(world, planned, off)
        transaction.set_rollback(True)
    world.planned.clear()


@some(30)
@given(planned=st.permutations(BY_STRENGTH), number=st.integers(1, len(BY_STRENGTH)), size=st.integers(1, 5))
def test_however_they_were_planned_the_strongest_leave(
    world: World, planned: list[Which], number: int, size: int
) -> None:
    with transaction.atomic():
        sent(world, planned[:number], size)
        transaction.set_rollback(True)
    world.planned.clear()


@pytest.mark.parametrize(
    "without",
    [
        pytest.param(
            lambda patch: patch.setattr(yielding, "yield_to", lambda *_: yielding.Yielded()), id="nobody-yields"
        ),
        pytest.param(
            lambda patch: patch.setattr(rank, "rank", lambda message, *_: rank.Rank(rank.Kind.NEAR, EARLY, 0, message)),
            id="first-come",
        ),
    ],
)
def test_without_it_they_would_not(
    world: World, monkeypatch: pytest.MonkeyPatch, without: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """The negative controls, of planning and, where it has no ranks, of sending."""
    without(monkeypatch)
    weakest_first = BY_STRENGTH[::-1]
    with pytest.raises(AssertionError), transaction.atomic():
        in_turn(world, weakest_first)


def test_without_what_is_to_come_the_weakest_would_leave(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of sending: only what surely counted is looked at."""
    days_of = cap.days_of

    def only_counted(*args: Any, **kwargs: Any) -> cap.Days:
        days = days_of(*args, **kwargs)
        days.to_come.clear()
        return days

    monkeypatch.setattr(cap, "days_of", only_counted)
    with pytest.raises(AssertionError), transaction.atomic():
        sent(world, BY_STRENGTH, 1)
