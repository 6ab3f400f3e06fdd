"""Senders are killed in the middle of sending, by luck and at every named place; the ledger is compared."""

import random
import signal
import time
from functools import partial

import pytest

from invitations.messages import claim
from invitations.messages.crash import POINTS
from tests.faults.figures import AT_POINTS, KILLS, MESSAGES, SEEDS, tell, tell_doubled, wait
from tests.faults.planning import plan
from tests.faults.stage import Stage, database_url, let_leases_run_out

__all__ = ["database_url"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

BEGUN = "SELECT key::text FROM invitations_message WHERE channel = %(channel)s AND state = 'CLAIMED'"
PATIENCE = 60 + MESSAGES / 20
# How many of a batch are received from one that dies at each place, and so are received again.
LEFT = {"after_claim": 0, "after_accepted": claim.BATCH, "before_settled": claim.BATCH}


def finish(stage: Stage, patience: float = PATIENCE) -> None:
    """One more sender, to the end of all there is; then the receiver has read it."""
    last = stage.sender()
    assert wait(lambda: _is_settled(stage), patience), f"not settled: {stage.book.compare()}"
    last.kill()
    assert wait(lambda: not stage.book.compare().lost, 15), str(stage.book.compare())


def _is_settled(stage: Stage) -> bool:
    stage.pass_time()
    return not stage.book.is_unsettled()


def _in_hand(stage: Stage) -> bool:
    return bool(stage.book.keys(BEGUN))


def _arriving(stage: Stage, before: int) -> bool:
    return len(stage.book.received()) > before


@pytest.mark.parametrize("seed", range(SEEDS))
def test_killed_senders_lose_nothing_and_double_nothing(stage: Stage, seed: int) -> None:
    plan(MESSAGES, taken_back=MESSAGES // 5)
    luck, in_hand = random.Random(seed), list[set[str]]()
    for number in range(KILLS):
        received = len(stage.book.received())
        pair = [stage.sender(), stage.sender()]
        # Every other kill meets a batch in hand, the others one that is just arriving and not yet written down.
        sign = partial(_in_hand, stage) if number % 2 else partial(_arriving, stage, received)
        assert wait(lambda is_there=sign: is_there() or not stage.book.is_unsettled(), 30, 0.01)  # type: ignore[misc]
        time.sleep(luck.uniform(0, 0.1))
        for child in pair:
            child.kill()
        in_hand.append(stage.book.keys(BEGUN))
        let_leases_run_out()
    finish(stage)
    found = stage.book.compare()
    without = {key for key in found.doubled if not any(key in held for held in in_hand)}
    tell(
        f"Senders killed, seed {seed}: n = {MESSAGES} messages, {2 * KILLS} kills: {found}. A receiver that drops no "
        f"known key would show {len(found.doubled)} twice, at most {_most_by_a_kill(found.doubled, in_hand)} for a "
        f"sender killed, each in a dead sender's hand (but for {len(without)})"
    )
    tell_doubled(seed, found.doubled, in_hand)
    assert found.is_whole
    assert found.planned == MESSAGES
    # What went out twice was in the hand of one that was killed: at most its batch. The receiver drops the second.
    assert not without
    assert _most_by_a_kill(found.doubled, in_hand) <= claim.BATCH


def _most_by_a_kill(doubled: list[str], in_hand: list[set[str]]) -> float:
    """Two are killed at a time."""
    return max((len(held & set(doubled)) / 2 for held in in_hand), default=0)


@pytest.mark.parametrize("point", POINTS)
def test_what_a_sender_held_when_it_died_goes_again_with_the_same_key(stage: Stage, point: str) -> None:
    plan(AT_POINTS, taken_back=AT_POINTS // 5)
    died = stage.sender(CRASH_AT=point, LEASE_SECONDS="2")
    assert died.wait() == -signal.SIGKILL
    half = claim.BATCH // 2 if point == "before_settled" else 0
    assert len(stage.book.sent()) == half, "nothing more was written down than was done"
    # Its lease ends by the database's clock; the next one finds it by itself.
    finish(stage)
    # The receiver reads at its own pace: the second copies may come a moment after the ledger is settled.
    wait(lambda: len(stage.book.compare().doubled) >= LEFT[point] - half, seconds=20)
    found = stage.book.compare()
    tell(f"Died at {point}: n = {AT_POINTS} messages, 1 kill: {found}")
    assert found.is_whole
    assert len(found.doubled) == LEFT[point] - half


def test_without_taking_back_expired_leases_the_ledger_shows_what_is_lost(stage: Stage) -> None:
    plan(150)
    died = stage.sender(CRASH_AT="after_claim", WITHOUT="take_back")
    assert died.wait() == -signal.SIGKILL
    let_leases_run_out()
    stage.sender(WITHOUT="take_back")
    rest = 150 - claim.BATCH
    assert wait(lambda: len(stage.book.received()) >= rest)
    found = stage.book.compare()
    tell(f"Control, expired leases not taken back: {found}")
    assert len(found.lost) == claim.BATCH


def test_with_a_new_key_at_each_attempt_the_ledger_shows_what_nobody_can_drop(stage: Stage) -> None:
    plan(50)
    died = stage.sender(CRASH_AT="after_accepted", WITHOUT="same_key")
    assert died.wait() == -signal.SIGKILL
    let_leases_run_out()
    stage.sender(WITHOUT="same_key")
    assert wait(lambda: len(stage.book.received()) >= 100)
    found = stage.book.compare()
    tell(f"Control, a new key at each attempt: {found}")
    assert len(found.unplanned) == 100
