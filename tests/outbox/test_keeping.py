"""An event is there exactly when its change is, and its place among the meeting's events is that of the change."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from pytest_django import Settings

from navmeet.accounts.actor import Actor
from navmeet.change import change, rehearse
from navmeet.exceptions import NotPermitted
from navmeet.outbox import keep
from navmeet.outbox import publish as outbox
from navmeet.outbox.models import OutboxEvent
from navmeet.outbox.publish import Consequences, publish
from navmeet.outbox.relay import relay
from tests import make
from tests.invitations.messages.test_telling import cancel
from tests.outbox.happening import SYSTEM, Noted, note, noted
from tests.outbox.topic import FakeTopic

real = pytest.mark.django_db(transaction=True)


def _veto(_: Noted) -> Consequences:
    raise NotPermitted("Nei.")


VETOING = {Noted: [_veto]}


@pytest.mark.django_db
def test_a_booking_and_its_cancellation_are_kept_for_others() -> None:
    meeting = make.meeting()
    cancel(meeting, make.later(hours=1))
    kept = list(OutboxEvent.objects.order_by("position"))
    assert [(event.name, event.meeting_id, event.at) for event in kept] == [
        ("meeting.booked", meeting.pk, make.NOW),
        ("meeting.cancelled", meeting.pk, make.later(hours=1)),
    ]
    assert [event.body for event in kept] == [{}, {}]
    assert len({event.event_id for event in kept}) == 2


@pytest.mark.django_db
def test_the_same_booking_sent_twice_is_one_event() -> None:
    user, person, meeting_id = make.caseworker(), make.citizen(), uuid4()
    first = make.meeting(user, person, meeting_id=meeting_id)
    assert make.meeting(user, person, meeting_id=meeting_id) == first
    assert OutboxEvent.objects.count() == 1


@real
def test_a_change_that_is_rolled_back_leaves_no_event() -> None:
    @change
    def fail(*, by: Actor, at: datetime) -> None:
        publish(Noted(meeting_id=uuid4(), number=1, at=at))
        assert OutboxEvent.objects.count() == 1, "negative control: it was there"
        raise NotPermitted("Nei.")

    with pytest.raises(NotPermitted):
        fail(by=SYSTEM, at=make.NOW)
    assert OutboxEvent.objects.count() == 0


@real
def test_a_change_that_a_reaction_vetoes_leaves_no_event(settings: Settings) -> None:
    settings.REACTIONS = "tests.outbox.test_keeping.VETOING"
    outbox.reactions.cache_clear()
    try:
        with pytest.raises(NotPermitted):
            noted()
    finally:
        outbox.reactions.cache_clear()
    assert OutboxEvent.objects.count() == 0


@real
def test_a_rehearsal_tells_nobody() -> None:
    arguments: dict[str, Any] = {"meeting_id": uuid4(), "number": 1, "by": SYSTEM, "at": make.NOW}
    rehearse(note, **arguments)
    assert OutboxEvent.objects.count() == 0
    note(**arguments)
    assert OutboxEvent.objects.count() == 1, "negative control: in earnest it is kept"


@real
@pytest.mark.parametrize("state", ["serialization_failure", "deadlock_detected"])
def test_a_change_that_was_tried_again_is_told_once(state: str) -> None:
    tries: list[int] = []

    @change
    def third_time_lucky(*, meeting_id: UUID, by: Actor, at: datetime) -> None:
        tries.append(1)
        publish(Noted(meeting_id=meeting_id, number=len(tries), at=at))
        if len(tries) < 3:
            with connection.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")

    third_time_lucky(meeting_id=uuid4(), by=SYSTEM, at=make.NOW)
    assert len(tries) == 3
    assert [event.body for event in OutboxEvent.objects.all()] == [{"number": 3}]


@contextmanager
def _open_change(meeting_id: UUID, number: int) -> Iterator[Callable[[], None]]:
    """A change that has published and not committed; what is yielded lets it commit, and waits until it has."""
    published, may_commit = threading.Event(), threading.Event()

    @change
    def slow(*, by: Actor, at: datetime) -> None:
        publish(Noted(meeting_id=meeting_id, number=number, at=at))
        published.set()
        assert may_commit.wait(20)

    def run() -> None:
        try:
            slow(by=SYSTEM, at=make.NOW)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()

    def commit() -> None:
        may_commit.set()
        thread.join(20)

    assert published.wait(20)
    try:
        yield commit
    finally:
        commit()


def _in_background(meeting_id: UUID, number: int) -> threading.Thread:
    def run() -> None:
        try:
            noted(meeting_id, number)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@real
def test_a_transaction_that_commits_late_is_not_passed_by(topic: FakeTopic) -> None:
    late, early = uuid4(), uuid4()
    with _open_change(late, 1) as commit:
        noted(early)
        assert relay(make.NOW) == 1
        assert [event["meeting_id"] for event in topic.arrived] == [str(early)]
        commit()
    assert relay(make.NOW) == 1
    assert topic.arrived[1]["meeting_id"] == str(late)
    # Read "beyond the last position", it would have been lost.
    assert topic.arrived[1]["position"] < topic.arrived[0]["position"]


@real
def test_who_would_overtake_in_the_same_meeting_waits_for_the_commit(topic: FakeTopic) -> None:
    meeting_id = uuid4()
    with _open_change(meeting_id, 1) as commit:
        second = _in_background(meeting_id, 2)
        second.join(0.5)
        assert second.is_alive()
        assert relay(make.NOW) == 0
        commit()
        second.join(20)
    assert relay(make.NOW) == 2
    assert [event["number"] for event in topic.arrived] == [1, 2]


@real
def test_without_that_lock_the_second_is_told_before_the_first(
    topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "_keep_order_of", lambda _: None)
    meeting_id = uuid4()
    with _open_change(meeting_id, 1) as commit:
        _in_background(meeting_id, 2).join(20)
        assert relay(make.NOW) == 1
        commit()
    assert relay(make.NOW) == 1
    assert [event["number"] for event in topic.arrived] == [2, 1]


@real
def test_events_of_different_meetings_do_not_wait_for_each_other() -> None:
    with _open_change(uuid4(), 1):
        other = _in_background(uuid4(), 1)
        other.join(10)
        assert not other.is_alive()
