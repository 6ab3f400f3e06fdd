"""Two who plan at once for the same person, on a day that is full: each gets the place of another."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from invitations.messages import cap, rank, rows, send, yielding
from invitations.messages.rows import About, Told
from invitations.models import Message, Occasion, Step
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.test_cap import WEDNESDAY, booked
from tests.invitations.messages.test_many_senders import CountingTopic, _at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("senders")]
PLANNERS = 3
TOMORROW = WEDNESDAY.date() + timedelta(days=1)


def _together(count: Callable[..., cap.Days]) -> Callable[..., cap.Days]:
    """Whoever has counted waits for the others to have counted too."""
    barrier = threading.Barrier(PLANNERS)

    def waits(*args: Any, **kwargs: Any) -> cap.Days:
        days = count(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(2)
        return days

    return waits


def _race(kari: Person, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """Four reminders a week ahead, and three who plan one of a meeting tomorrow in the same instant; those to go."""
    meetings = [booked(kari, 9 + number, day=date(2027, 2, 24)) for number in range(PLANNERS)]
    for hour in (9, 10, 11, 12):
        booked(kari, hour, day=date(2027, 1, 27))
    monkeypatch.setattr(cap, "days_of", _together(cap.days_of))
    left = list(meetings)

    def plan() -> None:
        meeting = left.pop()
        told = Told(meeting, meeting.citizen(), True, make.NOW)
        timing = rows.Timing(WEDNESDAY + timedelta(hours=5), WEDNESDAY + timedelta(hours=9), None)
        with transaction.atomic():
            rows.plan(told, Occasion.REMINDER, About(uuid4(), 1), timing, step=Step.DAY_1)

    assert _at_once(PLANNERS, plan) == []
    monkeypatch.undo()
    that_day = Message.objects.filter(due_at__date=WEDNESDAY.date(), occasion=Occasion.REMINDER)
    return list(that_day.filter(state="PLANNED"))


def test_each_who_plans_gets_the_place_of_another(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    going = _race(kari, monkeypatch)
    assert sorted(one.step for one in going) == [Step.DAY_1] * PLANNERS + [Step.DAYS_7]
    assert Message.objects.filter(step=Step.DAYS_7, state="SKIPPED", why="DAY_IS_FULL").count() == PLANNERS


def _without_the_lock(one: rank.Rank, day: date) -> Message | None:
    return Message.objects.select_related("meeting", "participant__person").get(pk=one.message)


def test_without_the_lock_they_would_all_take_the_same(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(yielding, "_hold", _without_the_lock)
    assert len(_race(kari, monkeypatch)) == 4 - 1 + PLANNERS


def test_what_is_planned_beyond_the_cap_all_the_same_does_not_leave(
    kari: Person, registers: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last look, just before it leaves, holds whatever a race left behind; and the nearest go."""
    with monkeypatch.context() as without:
        without.setattr(yielding, "_hold", _without_the_lock)
        _race(kari, without)
    topic = CountingTopic()
    topic.install(monkeypatch)
    # Nothing asks for an answer, so that Min side reminds of nothing.
    Message.objects.exclude(occasion=Occasion.REMINDER).update(state="VOID", why="CORRECTED")
    at = datetime.fromisoformat(f"{WEDNESDAY.date()}T09:00:00+01:00")
    while at < WEDNESDAY + timedelta(hours=10):
        send.sweep(at)
        at += timedelta(minutes=30)
    assert len(topic.handed) == 4
    gone = Message.objects.filter(sent_at__date=WEDNESDAY.date(), occasion=Occasion.REMINDER)
    assert gone.filter(step=Step.DAY_1).count() == PLANNERS
