"""@change: one durable transaction, tried again when PostgreSQL asks for it, and nothing kept of a rehearsal."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from pytest_django import Settings

from meetings.models import Occupancy, Office
from navmeet import change as change_module
from navmeet.accounts.actor import Actor
from navmeet.change import before_commit, change, rehearse
from navmeet.exceptions import Conflict, NotPermitted, Unavailable
from navmeet.outbox import publish as outbox
from navmeet.outbox.publish import Consequences, Event, NotInAChange, publish
from tests import make

SYSTEM = Actor.system("tests")
plain = pytest.mark.django_db
real = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class OfficeOpened(Event):
    number: str


def _tell(event: OfficeOpened) -> Consequences:
    return Consequences(lacks=[f"{event.number} has no address"])


def _veto(_: OfficeOpened) -> Consequences:
    raise NotPermitted("Nei.")


REACTIONS: dict[type[Event], list[Any]] = {OfficeOpened: [_tell]}
VETOING: dict[type[Event], list[Any]] = {OfficeOpened: [_tell, _veto]}


@pytest.fixture(autouse=True)
def _reactions(settings: Settings) -> Iterator[None]:
    settings.REACTIONS = "tests.test_change.REACTIONS"
    outbox.reactions.cache_clear()
    yield
    outbox.reactions.cache_clear()


@change
def open_office(*, number: str, by: Actor, at: datetime) -> Office:
    office = Office.objects.create(number=number, name="n", address="")
    publish(OfficeOpened(number))
    return office


def in_parallel(*works: Any) -> list[Any]:
    """Each work in a thread with a connection of its own; its result, or the error it raised."""
    results: list[Any] = [None] * len(works)

    def run(index: int) -> None:
        try:
            results[index] = works[index]()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@real
def test_a_change_is_committed_when_it_returns() -> None:
    open_office(number="0001", by=SYSTEM, at=make.NOW)
    assert in_parallel(Office.objects.count) == [1]


@real
def test_a_change_cannot_stand_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        open_office(number="0001", by=SYSTEM, at=make.NOW)
    assert not Office.objects.exists()


@real
def test_a_change_cannot_stand_inside_a_change() -> None:
    @change
    def twice(*, by: Actor, at: datetime) -> None:
        open_office(number="0001", by=by, at=at)

    with pytest.raises(RuntimeError, match="durable"):
        twice(by=SYSTEM, at=make.NOW)


@plain
def test_a_veto_of_a_reaction_undoes_the_change(settings: Settings) -> None:
    settings.REACTIONS = "tests.test_change.VETOING"
    outbox.reactions.cache_clear()
    with pytest.raises(NotPermitted):
        open_office(number="0001", by=SYSTEM, at=make.NOW)
    assert not Office.objects.exists()


@plain
def test_nothing_is_published_outside_a_change() -> None:
    with pytest.raises(NotInAChange):
        publish(OfficeOpened("0001"))


@real
def test_a_rehearsal_keeps_nothing_and_says_what_would_follow() -> None:
    ran: list[str] = []

    @change
    def with_afterthought(*, by: Actor, at: datetime) -> None:
        Office.objects.create(number="0001", name="n", address="")
        transaction.on_commit(lambda: ran.append("after commit"))
        publish(OfficeOpened("0001"))

    with before_commit(lambda *_: ran.append("before commit")):
        found = rehearse(with_afterthought, by=SYSTEM, at=make.NOW)
    assert found.lacks == ["0001 has no address"]
    assert ran == []
    assert not Office.objects.exists()

    with before_commit(lambda *_: ran.append("before commit")):
        with_afterthought(by=SYSTEM, at=make.NOW)
    assert ran == ["before commit", "after commit"], "negative control: in earnest both are run"


@plain
def test_a_rehearsal_raises_what_the_change_would() -> None:
    Office.objects.create(number="0001", name="n", address="")
    with pytest.raises(Conflict):
        rehearse(open_office, number="0001", by=SYSTEM, at=make.NOW)


@plain
def test_only_changes_can_be_rehearsed() -> None:
    with pytest.raises(TypeError):
        rehearse(lambda: None)


@real
def test_what_is_done_before_commit_stands_or_falls_with_the_change() -> None:
    def keep(office: Office, consequences: Consequences) -> None:
        assert connection.in_atomic_block
        assert consequences.lacks == ["0001 has no address"]
        Office.objects.create(number="0002", name=f"answer to {office.number}", address="")

    def fail(*_: Any) -> None:
        keep(*_)
        raise NotPermitted("Nei.")

    with pytest.raises(NotPermitted), before_commit(fail):
        open_office(number="0001", by=SYSTEM, at=make.NOW)
    assert not Office.objects.exists()

    with before_commit(keep):
        open_office(number="0001", by=SYSTEM, at=make.NOW)
    assert Office.objects.count() == 2


@plain
def test_the_hook_is_gone_after_its_block() -> None:
    with before_commit(lambda *_: None):
        pass
    open_office(number="0001", by=SYSTEM, at=make.NOW)
    assert change_module._before_commit.get() is None


def _deadlocking(tries: list[str]) -> list[Any]:
    for number in ("0001", "0002"):
        Office.objects.create(number=number, name="n", address="")
    # Both hold their first row before either asks for its second: PostgreSQL has to choose one of them.
    both_hold_one = threading.Barrier(2)

    @change
    def lock_both(*, order: tuple[str, str], by: Actor, at: datetime) -> None:
        tries.append(order[0])
        Office.objects.select_for_update().get(number=order[0])
        if tries.count(order[0]) == 1:
            both_hold_one.wait(timeout=10)
        Office.objects.filter(number=order[1]).update(name=f"by {order[0]}")

    return in_parallel(
        lambda: lock_both(order=("0001", "0002"), by=SYSTEM, at=make.NOW),
        lambda: lock_both(order=("0002", "0001"), by=SYSTEM, at=make.NOW),
    )


@real
def test_the_loser_of_a_deadlock_tries_again_and_both_succeed() -> None:
    tries: list[str] = []
    assert _deadlocking(tries) == [None, None]
    assert len(tries) == 3


@real
def test_without_trying_again_the_loser_would_be_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_module, "TRIES", 1)
    results = _deadlocking([])
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Unavailable"]


def _colliding(tries: list[int]) -> list[Any]:
    Office.objects.create(number="0001", name="", address="")
    both_have_read = threading.Barrier(2)

    @change
    def add(*, mark: str, by: Actor, at: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        office = Office.objects.get(number="0001")
        tries.append(1)
        if len(tries) <= 2:
            both_have_read.wait(timeout=10)
        office.name += mark
        office.save(update_fields=["name"])

    return in_parallel(lambda: add(mark="a", by=SYSTEM, at=make.NOW), lambda: add(mark="b", by=SYSTEM, at=make.NOW))


@real
def test_who_read_what_another_changed_meanwhile_tries_again_and_loses_nothing() -> None:
    tries: list[int] = []
    assert _colliding(tries) == [None, None]
    assert len(tries) == 3
    assert sorted(Office.objects.get().name) == ["a", "b"]


@real
def test_it_is_tried_three_times_and_no_more() -> None:
    tries: list[int] = []

    @change
    def never(*, by: Actor, at: datetime) -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'serialization_failure'; END $$")

    with pytest.raises(Unavailable):
        never(by=SYSTEM, at=make.NOW)
    assert len(tries) == 3


@plain
def test_a_second_row_where_one_may_be_is_a_conflict() -> None:
    open_office(number="0001", by=SYSTEM, at=make.NOW)
    with pytest.raises(Conflict) as caught:
        open_office(number="0001", by=SYSTEM, at=make.NOW)
    assert caught.value.code == "taken"


@plain
def test_an_overlap_that_only_the_database_saw_is_a_conflict() -> None:
    taken = Occupancy.objects.filter(meeting=make.meeting()).first()
    assert taken is not None

    @change
    def overlap(*, by: Actor, at: datetime) -> None:
        Occupancy.objects.create(resource=taken.resource, during=taken.during, meeting=taken.meeting)

    with pytest.raises(Conflict) as caught:
        overlap(by=SYSTEM, at=make.NOW)
    assert change_module.sqlstate(caught.value.__cause__) == "23P01"  # type: ignore[arg-type]


@plain
def test_a_broken_rule_of_the_house_is_not_hidden_as_a_conflict() -> None:
    held = Occupancy.objects.filter(meeting=make.meeting()).first()
    assert held is not None

    @change
    def break_a_check(*, by: Actor, at: datetime) -> None:
        meeting = held.meeting
        meeting.ends_at = meeting.starts_at + timedelta(minutes=1)
        meeting.save(update_fields=["ends_at"])

    with pytest.raises(IntegrityError):
        break_a_check(by=SYSTEM, at=make.NOW)


@real
def test_a_lock_that_took_too_long_is_told_as_a_wait() -> None:
    Office.objects.create(number="0001", name="n", address="")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Office.objects.select_for_update().get()
            held.set()
            assert done.wait(timeout=20)

    @change
    def want(*, by: Actor, at: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        Office.objects.select_for_update().get()

    def ask() -> None:
        try:
            assert held.wait(timeout=20)
            want(by=SYSTEM, at=make.NOW)
        finally:
            done.set()

    _, refused = in_parallel(hold, ask)
    assert isinstance(refused, Unavailable)
    assert refused.code == "busy"
    assert change_module.sqlstate(refused.__cause__) == "55P03"  # type: ignore[arg-type]


@plain
def test_a_statement_that_took_too_long_is_told_as_a_wait() -> None:
    @change
    def sleep(*, by: Actor, at: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '30ms'")
            cursor.execute("SELECT pg_sleep(5)")

    with pytest.raises(Unavailable):
        sleep(by=SYSTEM, at=make.NOW)
