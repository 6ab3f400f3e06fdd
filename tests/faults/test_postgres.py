"""PostgreSQL is struck down in the middle of sending and comes back: the worker goes on by itself, nothing is lost.

On a PostgreSQL of its own, with the settings of service (fsync, synchronous_commit), and our own worker and beat.
"""

import time
from functools import partial

import psycopg
import pytest

from tests.faults.figures import RESTART_MESSAGES, RESTARTS, tell, wait
from tests.faults.house import StruckHouse

pytestmark = pytest.mark.xdist_group("struck-house")

IN_HAND = "SELECT key::text FROM invitations_message WHERE channel = %(channel)s AND state = 'CLAIMED'"


def _left(house: StruckHouse) -> int:
    """How many are not settled; -1 while the database does not answer."""
    try:
        return len(house.book.keys("SELECT key::text FROM invitations_message WHERE state IN ('PLANNED', 'CLAIMED')"))
    except psycopg.OperationalError:
        return -1


def _has_fewer(house: StruckHouse, before: int) -> bool:
    house.pass_time()
    return 0 <= _left(house) < max(before, 1)


def _in_hand(house: StruckHouse) -> bool:
    try:
        return bool(house.book.keys(IN_HAND))
    except psycopg.OperationalError:
        return False


def test_an_immediate_restart_in_the_middle_of_sending_loses_nothing(house: StruckHouse) -> None:
    house.plan(RESTART_MESSAGES, taken_back=RESTART_MESSAGES // 5)
    struck_in_hand, waits = 0, []
    for number in range(RESTARTS):
        assert wait(lambda: _in_hand(house) or not _left(house), 60, 0.01)
        time.sleep(0.02 * number)
        before = _left(house)
        struck_in_hand += _in_hand(house)
        house.strike_postgres()
        began = time.monotonic()
        assert wait(partial(_has_fewer, house, before), 60)
        waits.append(time.monotonic() - began)
    assert wait(lambda: _has_fewer(house, 1) and not house.book.is_unsettled(), 90 + RESTART_MESSAGES / 10), str(
        house.book.compare()
    )
    assert wait(lambda: not house.book.compare().lost, 20), str(house.book.compare())
    found = house.book.compare()
    tell(
        f"PostgreSQL struck: n = {RESTART_MESSAGES} messages, {RESTARTS} immediate restarts, {struck_in_hand} with a "
        f"batch in hand; sending again after at most {max(waits):.1f} s: {found}"
    )
    assert found.is_whole
    assert struck_in_hand


@pytest.mark.parametrize(("commit", "left"), [("on", 1), ("off", 0)])
def test_what_was_answered_for_stands_after_it_and_would_not_without_synchronous_commit(
    house: StruckHouse, commit: str, left: int
) -> None:
    """Promised by PostgreSQL's setting; with it off (the negative control) a commit is answered before it is kept."""
    name = f"answered-{commit}"
    with psycopg.connect(house.owner_url, autocommit=True) as connection:
        connection.execute(f"SET synchronous_commit = {commit}")
        connection.execute("INSERT INTO invitations_pulse (name, at) VALUES (%s, now())", [name])
        house.strike_postgres()
    with psycopg.connect(house.owner_url) as connection:
        found = connection.execute("SELECT count(*) FROM invitations_pulse WHERE name = %s", [name]).fetchone()
    tell(f"Committed with synchronous_commit = {commit}, PostgreSQL struck at once: {found} of n = 1 there")
    assert found == (left,)
