"""Each event once, those of a meeting in order, whoever else relays and whatever the broker does meanwhile."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.db.models.functions import Now
from django.test import Client

from navmeet.outbox import lease, relay
from navmeet.outbox.models import OutboxEvent, RelayLease
from navmeet.outbox.relay import KEPT, purge
from tests import make
from tests.outbox.happening import SYSTEM, note, noted, unrelayed
from tests.outbox.topic import FakeTopic

real = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("relays")]


def _at_once(*works: Callable[[], Any]) -> None:
    raised: list[BaseException] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  (shown below)
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert raised == []


@pytest.mark.django_db
class TestOneRelay:
    def test_it_sends_each_once_and_marks_it(self, topic: FakeTopic) -> None:
        meetings = [noted() for _ in range(3)]
        assert relay.relay(make.later(minutes=1)) == 3
        assert topic.keys == [str(meeting_id) for meeting_id in meetings]
        assert {event.relayed_at for event in OutboxEvent.objects.all()} == {make.later(minutes=1)}
        assert relay.relay(make.NOW) == 0
        assert len(topic.arrived) == 3

    def test_nothing_waiting_asks_the_broker_nothing(self, topic: FakeTopic) -> None:
        topic.while_sending = pytest.fail
        assert relay.relay(make.NOW) == 0

    def test_the_events_of_a_meeting_come_in_their_order(self, topic: FakeTopic) -> None:
        one, other = uuid4(), uuid4()
        for number in range(1, 6):
            noted(one, number)
            noted(other, number)
        assert relay.relay(make.NOW) == 10
        for meeting_id in (one, other):
            assert [event["number"] for event in topic.of(meeting_id)] == [1, 2, 3, 4, 5]

    def test_what_the_broker_refuses_holds_up_its_own_meeting_only(self, topic: FakeTopic) -> None:
        stuck, other = uuid4(), uuid4()
        for number in (1, 2):
            noted(stuck, number)
        noted(other, 1)
        topic.refusing = {str(stuck)}
        assert relay.relay(make.NOW) == 1
        assert topic.of(stuck) == []
        topic.refusing = set()
        assert relay.relay(make.NOW) == 2
        assert [event["number"] for event in topic.of(stuck)] == [1, 2]

    def test_a_broker_that_is_away_costs_time_and_no_event(self, topic: FakeTopic) -> None:
        meeting_id = noted()
        topic.is_away = True
        assert [relay.relay(make.NOW) for _ in range(3)] == [0, 0, 0]
        noted(meeting_id, 2)
        assert unrelayed() == 2
        topic.is_away = False
        assert relay.relay(make.NOW) == 2
        assert [event["number"] for event in topic.arrived] == [1, 2]

    def test_more_than_a_wave_goes_in_one_run(self, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(relay, "WAVE", 3)
        for _ in range(8):
            noted()
        assert relay.relay(make.NOW) == 8
        assert len(set(topic.ids())) == 8

    def test_it_stops_in_time_and_the_next_goes_on(self, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(relay, "RELAY_SECONDS", 0.0)
        monkeypatch.setattr(relay, "WAVE", 3)
        for _ in range(5):
            noted()
        assert (relay.relay(make.NOW), relay.relay(make.NOW)) == (3, 2)

    def test_relayed_events_go_after_thirty_days_and_unrelayed_never(self, topic: FakeTopic) -> None:
        noted()
        relay.relay(make.NOW)
        noted()
        assert purge(make.NOW + KEPT) == 0
        assert purge(make.NOW + KEPT + timedelta(seconds=1)) == 1
        assert unrelayed() == OutboxEvent.objects.count() == 1

    def test_what_waits_is_measured(self, topic: FakeTopic, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("navmeet.clock.now", lambda: make.later(seconds=90))
        noted()
        noted()
        figures = client.get("/internal/metrics").content.decode()
        assert "navmeet_events_unrelayed 2.0\n" in figures
        assert "navmeet_oldest_event_seconds 90.0\n" in figures
        relay.relay(make.NOW)
        figures = client.get("/internal/metrics").content.decode()
        assert "navmeet_events_unrelayed 0.0\n" in figures
        assert "navmeet_oldest_event_seconds 0.0\n" in figures


@pytest.mark.django_db
class TestLease:
    def test_one_holds_it_and_gives_it_back(self) -> None:
        holder = lease.take("t")
        assert holder is not None
        assert lease.take("t") is None
        assert lease.take("another topic") is not None
        assert lease.renew("t", holder)
        lease.give_back("t", holder)
        assert lease.take("t") is not None

    def test_of_one_who_died_it_ends_by_itself(self) -> None:
        dead = lease.take("t")
        assert dead is not None
        RelayLease.objects.update(until=Now() - timedelta(seconds=1))
        heir = lease.take("t")
        assert heir is not None
        assert not lease.renew("t", dead)
        lease.give_back("t", dead)
        assert lease.renew("t", heir), "who lost it cannot give away another's"

    def test_who_lost_it_while_sending_marks_what_arrived_and_stops(
        self, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(relay, "WAVE", 1)
        noted()
        noted()

        def lose_it() -> None:
            RelayLease.objects.update(until=Now() - timedelta(seconds=1))

        topic.while_sending = lose_it
        assert relay.relay(make.NOW) == 1
        assert unrelayed() == 1

    def test_it_is_given_back_when_sending_fails(self, topic: FakeTopic) -> None:
        noted()

        def fail() -> None:
            raise RuntimeError

        topic.while_sending = fail
        with pytest.raises(RuntimeError):
            relay.relay(make.NOW)
        topic.while_sending = lambda: None
        assert relay.relay(make.NOW) == 1


class TestSeveralAtOnce:
    pytestmark = real

    def test_no_transaction_is_open_while_the_broker_is_asked(self, topic: FakeTopic) -> None:
        noted()
        asked: list[bool] = []
        topic.while_sending = lambda: asked.append(connection.in_atomic_block)
        relay.relay(make.NOW)
        assert asked == [False]

    def _race(self, topic: FakeTopic) -> Counter[str]:
        for _ in range(20):
            noted()
        topic.while_sending = lambda: time.sleep(0.05)
        _at_once(*[lambda: relay.relay(make.NOW)] * 6)
        while relay.relay(make.NOW):
            pass
        return Counter(topic.ids())

    def test_two_relays_send_nothing_twice(self, topic: FakeTopic) -> None:
        for _ in range(5):
            topic.arrived.clear()
            sent = self._race(topic)
            assert (len(sent), set(sent.values())) == (20, {1})

    def test_without_the_lease_they_do(self, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lease, "take", lambda _: uuid4())
        monkeypatch.setattr(lease, "renew", lambda *_: True)
        assert max(self._race(topic).values()) > 1

    def test_order_holds_under_parallel_changes_and_relays(self, topic: FakeTopic) -> None:
        meetings = [uuid4() for _ in range(4)]
        writers, each = 6, 15
        done = threading.Event()

        def write(seed: int) -> None:
            luck = random.Random(seed)
            for number in range(each):
                note(meeting_id=luck.choice(meetings), number=number, by=SYSTEM, at=make.NOW)

        def keep_relaying() -> None:
            while not done.is_set():
                relay.relay(make.NOW)

        def write_all() -> None:
            try:
                _at_once(*[lambda seed=seed: write(seed) for seed in range(writers)])
            finally:
                done.set()

        _at_once(write_all, keep_relaying, keep_relaying)
        while relay.relay(make.NOW):
            pass
        assert Counter(topic.ids()) == Counter(str(one.event_id) for one in OutboxEvent.objects.all())
        assert len(topic.arrived) == writers * each
        for meeting_id in meetings:
            positions = [event["position"] for event in topic.of(meeting_id)]
            assert positions == sorted(positions)
            kept = OutboxEvent.objects.filter(meeting_id=meeting_id).order_by("position")
            assert positions == list(kept.values_list("position", flat=True))
