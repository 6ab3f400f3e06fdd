"""Many clients on a real PostgreSQL, round after round: nobody in two places, and whoever comes too late is told so.

Three rounds of each scene here; `make races` runs 200. The negative controls take away, in a database of their own,
what guards it: then the same scenes find people in two places.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, connections

from meetings import calendars
from meetings.calendars import Calendar
from meetings.models import Resource
from tests.races import scenes, truth
from tests.races.cast import Cast
from tests.races.crowd import Answer, Crowd
from tests.races.figures import CLIENTS, IS_LONG, ROUNDS, load, percentile, tell
from tests.races.scenes import Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
MOST = 100 if IS_LONG else CLIENTS
TOLD = {200, 409, 412, 503}


def run(scene: Scene, *, rounds: int, clients: int) -> list[Answer]:
    """All answers of all rounds. AssertionError for what is not true after one of them."""
    cast, answers = Cast(clients), []
    with Crowd(clients) as crowd:
        for number in range(rounds):
            playing = scene(cast, number, clients)
            given = crowd.together(next(playing))
            answers += given
            assert {one.status for one in given} <= TOLD, scenes.said(given)
            assert all(one.retry_after for one in given if one.status == 503)
            assert truth.faults() == {}, scenes.said(given)
            with pytest.raises(StopIteration):
                playing.send(given)
    return answers


@pytest.mark.parametrize("scene", scenes.SCENES, ids=lambda scene: str(scene.__name__))
def test_whoever_is_first_nobody_is_in_two_places_and_the_others_are_told(scene: Scene) -> None:
    clients = MOST if scene is scenes.same_slot else CLIENTS

    answers = run(scene, rounds=ROUNDS, clients=clients)

    statuses = Counter(one.status for one in answers)
    assert statuses[200] >= ROUNDS
    assert statuses[409] + statuses[412] > 0
    seconds = [one.seconds for one in answers]
    name = scene.__name__.replace("_", " ")
    tell(
        f"{name}: {clients} clients x {ROUNDS} rounds: 0 overlaps; "
        + ", ".join(f"{number} x {status}" for status, number in sorted(statuses.items()))
        + f"; p50 {percentile(seconds, 0.5):.2f} s, p99 {percentile(seconds, 0.99):.2f} s ({load()})"
    )


@contextmanager
def scratch(*statements: str) -> Iterator[None]:
    """A copy of the tests' empty tables for all threads, with `statements` done to it: what is dropped there only."""
    own = str(connection.settings_dict["NAME"])
    copy = f"{own}_scratch"
    connections.close_all()
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{own}"')
    connection.settings_dict["NAME"] = copy
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = own
        with _server() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def _server() -> psycopg.Connection[tuple[object, ...]]:
    values = connection.settings_dict
    return psycopg.connect(
        host=values["HOST"],
        port=values["PORT"] or None,
        user=values["USER"],
        password=values["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )


WITHOUT_CONSTRAINT = "ALTER TABLE meetings_occupancy DROP CONSTRAINT nobody_in_two_places"


def without_lock(wanted: Iterable[Calendar]) -> list[Resource]:
    """The calendars, and nobody waits for them."""
    wanted = list(wanted)
    Resource.objects.bulk_create([Resource(kind=one.kind, of=one.of) for one in wanted], ignore_conflicts=True)
    return calendars.known(wanted)


def overlaps_of(scene: Scene) -> int:
    """In the first of some rounds that has any. A round that the scene finds fault with counts as it stands."""
    cast = Cast(CLIENTS)
    with Crowd(CLIENTS) as crowd:
        for number in range(5):
            playing = scene(cast, number, CLIENTS)
            crowd.together(next(playing))
            if found := truth.overlaps():
                return found
    return 0


def test_without_constraint_and_check_people_are_in_two_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control of what is measured."""
    monkeypatch.setattr(calendars, "check_free", lambda *given, **more: None)
    with scratch(WITHOUT_CONSTRAINT), pytest.raises(AssertionError, match="in two places"):
        run(scenes.same_slot, rounds=1, clients=CLIENTS)


def test_without_constraint_and_lock_the_check_alone_is_overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control of the crowd: its clients do come between each other's look and write."""
    monkeypatch.setattr(calendars, "lock", without_lock)
    with scratch(WITHOUT_CONSTRAINT):
        assert overlaps_of(scenes.same_slot) > 0


def test_without_lock_and_check_the_constraint_alone_still_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "lock", without_lock)
    monkeypatch.setattr(calendars, "check_free", lambda *given, **more: None)
    answers = run(scenes.same_slot, rounds=1, clients=10)
    assert scenes.won(answers) == 1


def test_without_the_constraint_lock_and_check_still_hold() -> None:
    with scratch(WITHOUT_CONSTRAINT):
        run(scenes.same_slot, rounds=2, clients=CLIENTS)
        run(scenes.cancel_move_and_book, rounds=1, clients=CLIENTS)
