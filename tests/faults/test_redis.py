"""Redis is killed, and with it all it held: bookings do not notice, and what is due goes out when it is back."""

import signal
import time
from collections.abc import Iterator
from datetime import date

import pytest
import redis

from invitations.messages import wake
from navmeet.celery import app
from tests import make
from tests.faults.figures import AWAY_SECONDS, BOOKINGS, IS_LONG, REDIS_KILLS, only_long, tell, wait
from tests.faults.house import StruckHouse
from tests.invitations.messages.test_many_senders import silent_redis
from tests.races.figures import percentile

__all__ = ["silent_redis"]

pytestmark = pytest.mark.xdist_group("struck-house")

# A worker tries again after 2, 4, 6 … s, at most 30; beat asks each 10 s. On a machine that does other things too.
BACK_WITHIN = 60.0
# Of a booking; meant for a machine that does nothing else.
SLOWEST = 1.0 if IS_LONG else 5.0
BACKLOG_WITHIN, BOOKED_EACH = 120.0, 2.0


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


@only_long
def test_stopped_for_minutes_under_bookings_nobody_notices_and_the_backlog_is_gone_soon_after(
    house: StruckHouse,
) -> None:
    """It hangs (SIGSTOP), which is worse than gone: whoever asks it waits. In short: the test above."""
    caseworker, took = house.caseworker(), list[float]()
    slots = _slots()
    assert caseworker.book(*next(slots)).status_code == 201
    assert _out_within(house, BACK_WITHIN) is not None
    started = _started(house)
    house.house.stack["redis"].freeze()
    try:
        ends = time.monotonic() + AWAY_SECONDS
        while time.monotonic() < ends:
            began = time.monotonic()
            answer = caseworker.book(*next(slots))
            took.append(time.monotonic() - began)
            assert answer.status_code == 201, answer.text
            time.sleep(max(0.0, BOOKED_EACH - took[-1]))
    finally:
        house.house.stack["redis"].thaw()
    back = _out_within(house, BACKLOG_WITHIN)
    found = house.book.compare()
    tell(
        f"Redis stopped for {AWAY_SECONDS} s, n = {len(took)} bookings meanwhile, none failed: half of them within "
        f"{percentile(took, 0.5):.2f} s, 99 of 100 within {percentile(took, 0.99):.2f} s, slowest {max(took):.2f} s; "
        f"all due was out {back or -1:.1f} s after it was back: {found}"
    )
    assert found.is_whole
    assert back is not None
    assert max(took) < SLOWEST
    assert house.revive() == []
    assert _started(house) == started


def _slots() -> Iterator[tuple[str, str]]:
    """Half hours on working days of June."""
    for day in range(1, 31):
        if date(2027, 6, day).weekday() < 5:
            for half in range(14, 42):
                yield f"2027-06-{day:02d}", f"{half // 2:02d}:{half % 2 * 30:02d}"


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


@only_long
@pytest.mark.django_db(transaction=True)
def test_bookings_that_woke_the_workers_themselves_would_wait_for_a_silent_redis(
    silent_redis: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of their speed: no thread of its own between a booking and Redis."""
    monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{silent_redis}/0")
    monkeypatch.setattr(wake, "_wish", wake._wake)
    began = time.monotonic()
    make.meeting()
    took = time.monotonic() - began
    tell(f"Control, bookings wake the workers themselves, Redis silent: one took {took:.1f} s")
    assert took > SLOWEST
