"""Redis is killed, and with it all it held: bookings do not notice, and what is due goes out when it is back."""

import signal
import time

import pytest
import redis

from tests import make
from tests.faults.figures import BOOKINGS, IS_LONG, REDIS_KILLS, tell, wait
from tests.faults.house import StruckHouse

pytestmark = pytest.mark.xdist_group("faults")

# A worker tries again after 2, 4, 6 … s, at most 30; beat asks each 10 s. On a machine that does other things too.
BACK_WITHIN = 60.0
# Of a booking; meant for a machine that does nothing else.
SLOWEST = 1.0 if IS_LONG else 5.0


def _book_all(house: StruckHouse, day: str) -> list[float]:
    """Bookings through staff's web; how long each took. None may fail."""
    caseworker, took = house.caseworker(), []
    for number in range(BOOKINGS):
        began = time.monotonic()
        answer = caseworker.book(day, f"{7 + number // 2:02d}:{number % 2 * 30:02d}")
        took.append(time.monotonic() - began)
        assert answer.status_code == 201, answer.text
    return took


def _out_within(house: StruckHouse, seconds: float) -> float | None:
    """How long until nothing due is left and the receiver has read it; None if it took longer."""
    began = time.monotonic()
    if wait(lambda: _is_out(house), seconds, 0.2):
        return time.monotonic() - began
    return None


def _is_out(house: StruckHouse) -> bool:
    house.pass_time()
    return not house.book.is_unsettled() and house.book.compare().is_whole


def _started(house: StruckHouse) -> list[int]:
    return [house.house.stack[name].pid for name in ("worker", "beat")]


def test_killed_and_emptied_under_worker_and_beat_what_is_due_goes_out_when_it_is_back(house: StruckHouse) -> None:
    _book_all(house, "2027-03-01")
    took, backs, started = [], [], _started(house)
    for number in range(REDIS_KILLS):
        house.strike_redis()
        took += _book_all(house, f"2027-03-{2 + number + number // 4 * 3:02d}")
        assert house.book.is_unsettled(), "nobody was woken"
        house.start_redis()
        backs.append(_out_within(house, BACK_WITHIN))
    found = house.book.compare()
    tell(
        f"Redis killed and emptied {REDIS_KILLS} times, n = {len(took)} bookings meanwhile: slowest {max(took):.2f} s; "
        f"all due was out {', '.join(f'{back or -1:.1f}' for back in backs)} s after it was back: {found}"
    )
    assert found.is_whole
    assert max(took) < SLOWEST
    assert None not in backs
    assert house.revive() == [], "worker and beat lived through it"
    assert _started(house) == started


def test_flushed_under_worker_and_beat_what_is_due_goes_out(house: StruckHouse) -> None:
    house.set_clock(make.NOW)
    house.plan(50)
    with redis.Redis.from_url(house.house.environment()["REDIS_URL"]) as client:
        client.flushall()
    house.set_clock(make.later(hours=1))
    took = _out_within(house, BACK_WITHIN)
    tell(f"Redis emptied by FLUSHALL, n = 50 messages: all out after {took or -1:.1f} s: {house.book.compare()}")
    assert took is not None


def test_without_beat_what_was_planned_while_redis_was_away_stays(house: StruckHouse) -> None:
    """The negative control: nobody sweeps, and the wish to be woken was lost."""
    house.house.stack["beat"].signal(signal.SIGSTOP)
    try:
        house.strike_redis()
        _book_all(house, "2027-03-15")
        # It would try for some seconds more to wake somebody.
        house.house.stack["web_staff"].kill()
        house.start_redis()
        assert _out_within(house, 12) is None
        tell("Control, beat stopped: nothing due is out after 12 s")
    finally:
        if not house.house.stack["redis"].is_alive():
            house.start_redis()
        house.house.stack["beat"].signal(signal.SIGCONT)
        house.house.stack.restart("web_staff")
    assert _out_within(house, BACK_WITHIN) is not None
