"""Wires that are cut in silence: nobody is told that the other end is gone, and work goes on within half a minute."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from navmeet.dev.servers import probes
from navmeet.dev.servers.running import ROOT
from tests.faults import house as houses
from tests.faults import noticing, room
from tests.faults.figures import CUTS, only_long, tell, wait
from tests.faults.house import Caseworker, StruckHouse
from tests.faults.test_redis import SLOWEST
from tests.faults.test_worker_killed import IN_HAND
from tests.faults.wires import Connect, Wire, on_port, on_socket, to_port, to_socket

pytestmark = pytest.mark.xdist_group("struck-house")

BACK_WITHIN, LOST_FOR_GOOD = 30.0, 120.0
# Of a statement: tcp_user_timeout, and keepalives for what is only waited for.
NOTICED_WITHIN = 9.0
SHUT_FOR = (2.0, 8.0, 15.0)
BOOKINGS_A_CUT, EACH = 3, 100

needs_room = pytest.mark.skipif(not room.can_be_had(), reason="the machine gives no network of one's own (unshare)")


@needs_room
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_gets_no_answer_ends_within_seconds_and_would_else_wait_for_ever() -> None:
    """With our settings, and without them: the negative control."""
    values = connection.settings_dict
    with TemporaryDirectory(prefix="room") as folder:
        path = Path(folder) / "database"
        wire = on_socket(path, to_socket(Path(values["HOST"]) / ".s.PGSQL.5432"))
        words = [*room.INTO, "tests.faults.noticing", str(path), values["USER"], values["NAME"]]
        environment = os.environ | {"NAVMEET_MODE": "test"}
        answer = subprocess.run(words, check=True, capture_output=True, cwd=ROOT, env=environment, timeout=60)
        wire.close()
    ended = json.loads(answer.stdout)
    tell(f"Statements to a database cut off in silence ended after, in seconds (bare, a control: not at all): {ended}")
    assert set(ended) == {f"ours: {noticing.ASKED}", f"ours: {noticing.WAITS}"}
    assert max(ended.values()) <= NOTICED_WITHIN


@pytest.fixture
def to_redis(house: StruckHouse) -> Iterator[Wire]:
    wire = on_port(to_port(house.house.ports.redis))
    yield wire
    wire.close()


@only_long
def test_connections_to_redis_that_fall_silent_hold_up_neither_bookings_nor_what_is_due(
    house: StruckHouse, to_redis: Wire, tmp_path: Path
) -> None:
    """In `make test`: test_booking_does_not_wait_for_a_redis_that_is_silent_or_gone."""
    took: list[float] = []
    backs, cut = [], 0
    with house.others(tmp_path, REDIS_URL=f"redis://127.0.0.1:{to_redis.port}/0") as others:
        caseworker = house.caseworker(others.home)
        _book(caseworker, 0)
        _back_after(house)
        started = [others.stack[name].pid for name in ("worker", "beat")]
        for number in range(1, CUTS + 1):
            cut += to_redis.swallow()
            took += _book(caseworker, number)
            backs.append(_back_after(house))
        assert [others.stack[name].pid for name in ("worker", "beat") if others.stack[name].is_alive()] == started
    found = house.book.compare()
    tell(
        f"Connections to Redis fallen silent, {cut} of worker, beat and web in {CUTS} cuts, n = {len(took)} bookings: "
        f"slowest {max(took):.2f} s; what they told was out after at most {max(backs):.1f} s: {found}"
    )
    assert found.is_whole
    assert max(took) < SLOWEST
    assert max(backs) <= BACK_WITHIN


@only_long
def test_without_time_limits_on_its_connections_a_worker_would_wait_on_them(
    house: StruckHouse, to_redis: Wire, tmp_path: Path
) -> None:
    """The negative control: kombu's own settings, with no limits and no looking after the connection."""
    house.house.stack["worker"].kill()
    given = {"REDIS_URL": f"redis://127.0.0.1:{to_redis.port}/0", "BARE_REDIS": "yes"}
    with house.other_worker(tmp_path, **given):
        to_redis.swallow()
        house.plan(BOOKINGS_A_CUT)
        assert not wait(lambda: _is_out(house), BACK_WITHIN, 0.5)
    tell(f"Control, connections without time limits: nothing due is out after {BACK_WITHIN:.0f} s")
    house.house.stack.restart("worker")
    _back_after(house)


@only_long
@needs_room
def test_a_worker_cut_off_from_everything_goes_on_when_the_network_is_back(house: StruckHouse, tmp_path: Path) -> None:
    """Database, Redis, Kafka and registers at once: their packets get no answer."""
    house.house.stack["worker"].kill()
    routes, environment = _ways_out(house)
    program = houses.worker(environment)
    backs, in_hand = [], 0
    with room.running(program.command, routes, program.environment, tmp_path / "log") as door:
        for number in range(CUTS):
            house.plan(EACH)
            assert wait(lambda: _begun(house), 30, 0.01)
            in_hand += bool(house.book.keys(IN_HAND))
            door.shut()
            time.sleep(SHUT_FOR[number % len(SHUT_FOR)])
            door.open()
            backs.append(_back_after(house))
    house.house.stack.restart("worker")
    found = house.book.compare()
    tell(
        f"A worker cut off from everything for {', '.join(f'{one:.0f}' for one in SHUT_FOR)} s in turn, {CUTS} cuts, "
        f"{in_hand} with a batch in hand (its lease: {houses.LEASE_SECONDS} s), n = {CUTS * EACH} messages: all out at "
        f"most {max(backs):.1f} s after the network was back: {found}"
    )
    assert found.is_whole
    assert max(backs) <= BACK_WITHIN


def _ways_out(house: StruckHouse) -> tuple[dict[int, Connect], dict[str, str]]:
    """Everything a worker reaches, by the same ports; and the database, which else is a socket, by one more."""
    environment = dict(house.house.environment())
    parts = conninfo_to_dict(environment["DATABASE_URL"])
    database = probes.free_ports(1)[0]
    environment["DATABASE_URL"] = f"postgresql://{parts['user']}@127.0.0.1:{database}/{parts['dbname']}?sslmode=disable"
    broker = int(environment["KAFKA_BROKERS"].rpartition(":")[2])
    ports = house.house.ports
    routes = {port: to_port(port) for port in (ports.redis, ports.registers, broker)}
    return routes | {database: to_socket(Path(str(parts["host"])) / ".s.PGSQL.5432")}, environment


def _book(caseworker: Caseworker, number: int) -> list[float]:
    """Bookings of an hour each cut has for itself; how long they took."""
    took = []
    for half in range(BOOKINGS_A_CUT):
        day = date(2027, 4, 5) + timedelta(days=number)
        began = time.monotonic()
        answer = caseworker.book(day.isoformat(), f"{9 + half:02d}:00")
        took.append(time.monotonic() - began)
        assert answer.status_code == 201, answer.text
    return took


def _begun(house: StruckHouse) -> bool:
    return bool(house.book.keys(IN_HAND)) or not house.book.is_unsettled()


def _is_out(house: StruckHouse) -> bool:
    house.pass_time()
    return not house.book.is_unsettled() and house.book.compare().is_whole


def _back_after(house: StruckHouse) -> float:
    """How long until all that is due is received."""
    began = time.monotonic()
    assert wait(lambda: _is_out(house), LOST_FOR_GOOD, 0.2), str(house.book.compare())
    return time.monotonic() - began
