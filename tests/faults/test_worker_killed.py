"""The Celery worker itself gets kill -9 in the middle of sending: its parent, its pool, all of it; nothing is lost.

A whole house: worker and beat as in service, started again as the platform would.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from invitations.messages import claim
from navmeet import celery_watch
from navmeet.dev.servers.running import Running
from tests.faults.figures import WORKER_KILLS, WORKER_MESSAGES, tell, wait
from tests.faults.house import StruckHouse

pytestmark = pytest.mark.xdist_group("struck-house")

HELD = "SELECT DISTINCT claim::text FROM invitations_message WHERE channel = %(channel)s AND state = 'CLAIMED'"
IN_HAND = "SELECT key::text FROM invitations_message WHERE channel = %(channel)s AND state = 'CLAIMED'"


def _parent(worker: Running) -> None:
    """Its pool is left without it, until the platform ends that too."""
    os.kill(worker.pid, signal.SIGKILL)


def _pool(worker: Running) -> None:
    """The parent finds new ones by itself."""
    for child in psutil.Process(worker.pid).children():
        os.kill(child.pid, signal.SIGKILL)


def _group(worker: Running) -> None:
    worker.kill()


STRIKES: tuple[Callable[[Running], None], ...] = (_group, _pool, _parent)


def _begins(house: StruckHouse, known: set[str], _: int) -> bool:
    """Has one taken a batch that was not there before? What the dead held stays held until its lease is over."""
    house.revive()
    return bool(house.book.keys(HELD) - known) or not house.book.is_unsettled()


def _arrives(house: StruckHouse, _: set[str], received: int) -> bool:
    """Is a batch just reaching the receiver, not yet written down?"""
    house.revive()
    return len(house.book.received()) > received or not house.book.is_unsettled()


def _all_out(house: StruckHouse) -> bool:
    house.revive()
    house.pass_time()
    return not house.book.is_unsettled() and not house.book.compare().lost


SIGNS = (_begins, _arrives)


def test_a_worker_that_is_killed_while_it_sends_loses_nothing_and_doubles_nothing(house: StruckHouse) -> None:
    before = house.book.compare()
    assert before.is_whole, str(before)
    house.plan(WORKER_MESSAGES, taken_back=WORKER_MESSAGES // 5)
    luck, in_the_middle, waits = random.Random(WORKER_MESSAGES), 0, []
    for number in range(WORKER_KILLS):
        known, received, began = house.book.keys(HELD), len(house.book.received()), time.monotonic()
        house.wake()
        sign = partial(SIGNS[number % len(SIGNS)], house, known, received)
        assert wait(sign, 60, 0.01), str(house.book.compare())
        waits.append(time.monotonic() - began)
        time.sleep(luck.uniform(0, 0.1))
        in_the_middle += house.book.is_unsettled()
        STRIKES[number % len(STRIKES)](house.house.stack["worker"])
    assert wait(partial(_all_out, house), 60 + WORKER_MESSAGES / 10, 0.2), str(house.book.compare())
    found = house.book.compare()
    tell(
        f"Worker killed: n = {WORKER_MESSAGES} messages, {WORKER_KILLS} kills of its parent, its pool or all of it, "
        f"{in_the_middle} with messages left; sending again after at most {max(waits):.1f} s; doubled by these kills "
        f"{len(found.doubled) - len(before.doubled)}. In this house so far: {found}"
    )
    assert found.is_whole
    assert in_the_middle
    # At most what both of the pool had in hand, with the same keys; the receiver drops them.
    assert len(found.doubled) - len(before.doubled) <= 2 * claim.BATCH * WORKER_KILLS


def test_a_worker_that_lives_and_takes_nothing_ends_itself(house: StruckHouse, tmp_path: Path) -> None:
    house.house.stack["worker"].kill()
    with house.other_worker(tmp_path, DEAF_SECONDS="2") as deaf:
        house.wake()
        assert wait(lambda: not deaf.is_alive(), 30)
        assert deaf.exit_code == celery_watch.EXIT_CODE
    house.revive()


def test_without_taking_back_expired_leases_what_a_killed_worker_held_is_lost(
    house: StruckHouse, tmp_path: Path
) -> None:
    house.house.stack["worker"].kill()
    house.plan(claim.BATCH + 50)
    with house.other_worker(tmp_path, WITHOUT="take_back", CRASH_AT="after_claim") as dying:
        house.wake()
        assert wait(lambda: bool(house.book.keys(IN_HAND)), 30)
        dying.kill()
    held = house.book.keys(IN_HAND)
    with house.other_worker(tmp_path, WITHOUT="take_back"):
        house.wake()
        # Longer than the lease, and than beat takes to ask again.
        assert not wait(lambda: not house.book.is_unsettled(), 15, 0.5)
        found = house.book.compare()
    tell(f"Control, leases of a killed worker not taken back: {len(held)} held, lost {len(found.lost)}")
    assert set(found.lost) == held
    house.revive()
    assert wait(partial(_all_out, house), 60, 0.2), str(house.book.compare())
