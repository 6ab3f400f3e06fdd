"""Several senders, each with a message to the same person in hand, and a day with room for fewer."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from invitations.messages import cap, claim, send
from invitations.models import Message
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.test_cap import _forced
from tests.invitations.messages.test_many_senders import CountingTopic, _at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("senders")]

SENDERS = 6


def _together(count: Callable[..., cap.Days]) -> Callable[..., cap.Days]:
    """Whoever has counted waits for the others to have counted too, if they can."""
    barrier = threading.Barrier(SENDERS)

    def waits(*args: Any, **kwargs: Any) -> cap.Days:
        days = count(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(2)
        return days

    return waits


def _race(kari: Person, monkeypatch: pytest.MonkeyPatch) -> CountingTopic:
    """Each of six senders has one of six reminders in hand, on a day with room for four.

    Nobody sent what was due the day before, so that of what others have in hand none is to come this day.
    """
    topic = CountingTopic()
    topic.install(monkeypatch)
    monkeypatch.setattr(claim, "BATCH", 1)
    _forced(kari, SENDERS)
    monkeypatch.setattr(cap, "days_of", _together(cap.days_of))
    assert _at_once(SENDERS, lambda: send.sweep(make.NOW + timedelta(hours=23))) == []
    return topic


def test_two_senders_do_not_both_take_the_last_place_of_a_day(
    kari: Person, registers: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = _race(kari, monkeypatch)
    assert sum(topic.handed.values()) == 4
    states = Message.objects.filter(step="1_DAY").values_list("state", "why")
    assert sorted(states) == [("SENT", "")] * 4 + [("SKIPPED", "DAY_IS_FULL")] * 2


def test_without_the_lock_on_the_person_they_would(
    kari: Person, registers: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(cap, "_lock", lambda _: None)
    assert sum(_race(kari, monkeypatch).handed.values()) == SENDERS
