"""Several senders at once, and Redis away."""

import os
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from pytest_django import Settings

from invitations.messages import claim, send, wake
from invitations.models import Message, MessageState, Occasion, Retraction
from navmeet.celery import app
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_telling import cancel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("senders")]

SENDERS = 10


def _at_once(count: int, do: object) -> list[BaseException]:
    """Run `do` in so many threads, all let go at the same moment; what they raised."""
    barrier, raised = threading.Barrier(count), []

    def one() -> None:
        try:
            barrier.wait(10)
            do()  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


class CountingTopic(FakeTopic):
    """Counts each time a key is handed over, the receiver's dropping left out."""

    def __init__(self) -> None:
        super().__init__()
        self.handed = Counter[str]()
        self.lock = threading.Lock()

    def send_batch(self, events, timeout):  # type: ignore[no-untyped-def]
        with self.lock:
            self.handed.update(key for key, _ in events)
            return super().send_batch(events, timeout)


def _reminders_due(kari: Person, count: int) -> list[Message]:
    user = make.caseworker()
    for number in range(count):
        make.meeting(user, kari, day=date(2027, 1, 18) + timedelta(days=number))
    Message.objects.filter(occasion=Occasion.INVITED).update(state=MessageState.SENT, sent_at=make.NOW)
    due = Message.objects.filter(step="1_DAY", state=MessageState.PLANNED)
    due.update(due_at=make.NOW, not_after=make.later(days=1))
    return list(due)


def test_each_reminder_leaves_once_under_ten_senders(
    kari: Person, registers: object, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.MOST_MESSAGES_A_DAY = 12
    topic = CountingTopic()
    topic.install(monkeypatch)
    # Small batches, so that all of them have work at once.
    monkeypatch.setattr(claim, "BATCH", 2)
    due = _reminders_due(kari, 12)
    assert _at_once(SENDERS, lambda: [send.sweep(make.NOW) for _ in range(3)]) == []
    assert topic.handed == Counter({str(message.key): 1 for message in due})
    rows = Message.objects.filter(pk__in=[message.pk for message in due])
    assert set(rows.values_list("state", flat=True)) == {"SENT"}


def test_without_claims_several_senders_would_send_the_same(
    kari: Person, registers: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: rows read without being claimed, held by everybody."""
    topic = CountingTopic()
    topic.install(monkeypatch)
    due = _reminders_due(kari, 2)
    shared = claim.claim_messages(make.NOW)
    met = threading.Barrier(3)

    def unclaimed(_: object) -> claim.Claim:
        met.wait(10)
        return shared

    load, still_held = send._load, claim.still_held

    def loaded(held: claim.Claim) -> list[Message]:
        messages = load(held)
        met.wait(10)
        return messages

    def seen(held: claim.Claim) -> set[UUID]:
        rows = still_held(held)
        met.wait(10)
        return rows

    # Each looks before any of them has settled, however slow one of them is.
    monkeypatch.setattr(send, "_load", loaded)
    monkeypatch.setattr(claim, "still_held", seen)
    monkeypatch.setattr(claim, "claim_messages", unclaimed)
    monkeypatch.setattr(claim, "is_anything_due", lambda _: True)
    _at_once(3, lambda: send.sweep(make.NOW))
    assert sum(topic.handed.values()) > len(due)


def _next_job(jobs: Iterator[tuple[float, Callable[[], object]]]) -> None:
    pause, job = next(jobs)
    time.sleep(pause)
    job()


RACES = int(os.environ.get("RACES", "20"))


def test_cancelled_while_it_is_being_sent_only_the_cancellation_is_left(
    kari: Person, registers: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = CountingTopic()
    topic.install(monkeypatch)
    user, luck = make.caseworker(), random.Random(RACES)
    shown_first = 0
    for number in range(RACES):
        at = make.later(hours=number)
        meeting = make.meeting(user, kari, day=at.date() + timedelta(days=9), at=at)
        key = str(Message.objects.get(meeting=meeting, occasion=Occasion.INVITED).key)
        # The first two show that both ends are met; the rest land between them.
        wait = {0: (0.0, 0.5), 1: (0.5, 0.0)}.get(number, (luck.uniform(0, 0.05), luck.uniform(0, 0.03)))
        jobs: list[tuple[float, Callable[[], object]]] = [
            (wait[0], partial(send.sweep, at)),
            (wait[1], partial(cancel, meeting, at)),
        ]
        assert _at_once(2, partial(_next_job, iter(jobs))) == []
        for minutes in range(3):
            # The retraction of what a dead sender may have sent waits for the lease by the database's clock.
            Retraction.objects.filter(state="PLANNED").update(due_at=at)
            send.sweep(at + timedelta(minutes=minutes))
        active = topic.active()
        assert ["avlyst" in event["tekster"][0]["tekst"] for event in active] == [True] * (number + 1)
        assert topic.handed[key] <= 2
        shown_first += key in {event["varselId"] for event in topic.shown()}
    # Both sides of the race were met.
    sys.stdout.write(f"\nn = {RACES} races: the invitation left in {shown_first}, and was taken back in each\n")
    assert 0 < shown_first < RACES


@pytest.fixture
def silent_redis() -> Iterator[int]:
    """Accepts connections and never answers: a cut that nobody notices."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_booking_does_not_wait_for_a_redis_that_is_silent_or_gone(
    kari: Person, silent_redis: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make.caseworker()
    for number, port in enumerate((silent_redis, 1)):
        monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
        wake._forget_thread()
        began = time.monotonic()
        make.meeting(user, kari, day=date(2027, 1, 18 + number))
        assert time.monotonic() - began < 1
    assert Message.objects.filter(occasion=Occasion.INVITED, state=MessageState.PLANNED).count() == 2


def test_a_wish_is_passed_on_after_the_commit_and_wishes_do_not_pile_up(
    kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken = threading.Semaphore(0)
    open_transactions = []

    def note() -> None:
        open_transactions.append(Message.objects.count())
        connection.close()
        woken.release()

    monkeypatch.setattr(wake, "_wake", note)
    wake._forget_thread()
    make.meeting(person=kari)
    assert woken.acquire(timeout=5)
    # Seen by another connection: it was committed before anybody was woken.
    assert open_transactions[0] == 3
    wake._forget_thread()


def test_many_wishes_at_once_share_a_waking_and_the_last_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    woken = threading.Semaphore(0)
    monkeypatch.setattr(wake, "_wake", woken.release)
    monkeypatch.setattr(wake, "APART_SECONDS", 0.5)
    wake._forget_thread()
    wake._wish()
    assert woken.acquire(timeout=5)
    for _ in range(50):
        wake._wish()
    assert woken.acquire(timeout=5)
    assert not woken.acquire(timeout=1)
    wake._forget_thread()
