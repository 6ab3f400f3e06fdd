"""What is due leaves when it is due: by our own worker and beat, on a clock that runs, held against the wire's times.

Times are asserted in `make faults` only; in `make test`, where others use the machine too, that all leave, none before.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.faults.figures import IS_LONG, ON_TIME, ON_TIME_SECONDS, OUTAGE, OUTAGE_SECONDS, only_long, tell, wait
from tests.faults.house import RunningClock, StruckHouse
from tests.races.figures import load, percentile

pytestmark = pytest.mark.xdist_group("struck-house")

# Within which 99 of 100 have left, and all after an outage.
LATEST, LATEST_AFTER_OUTAGE = 20.0, 300.0
DUE = "SELECT key::text, due_at FROM invitations_message WHERE channel = 'DITT_NAV' AND due_at BETWEEN %s AND %s"
LOOK_EACH = 2.0 if IS_LONG else 0.5
UNDER_WAY = timedelta(seconds=1)


@dataclass(frozen=True)
class Run:
    """Messages due one after the other, on a running clock."""

    house: StruckHouse
    clock: RunningClock
    due: dict[str, datetime]

    def late(self, by: str = "read") -> list[float]:
        """Of each that has arrived: how many seconds after it was due. By "wire": when it was handed to Kafka."""
        when: dict[str, float] = {}
        for event in self.house.book.received():
            if event["event"] == "opprett" and event["key"] in self.due:
                when.setdefault(event["key"], event[by] / 1000)
        return [(self.clock.at(at) - self.due[key]).total_seconds() for key, at in when.items()]

    def early(self) -> int:
        """How many left before they were due."""
        return sum(1 for one in self.late(by="wire") if one < 0)

    def is_out(self) -> bool:
        return len(self.late()) == len(self.due)


@contextmanager
def _planned(house: StruckHouse, count: int, seconds: float) -> Iterator[Run]:
    first = house.now() + timedelta(minutes=1)
    house.plan(count, 0, first.isoformat(), str(seconds))
    last = first + timedelta(seconds=seconds)
    with psycopg.connect(house.owner_url) as connection:
        due: dict[str, datetime] = dict(connection.execute(DUE, [first, last]).fetchall())
    assert len(due) == count
    house.set_clock(first - UNDER_WAY)
    with house.running_clock() as clock:
        yield Run(house, clock, due)


def _told(late: list[float]) -> str:
    return (
        f"half of them within {percentile(late, 0.5):.1f} s after they were due, 99 of 100 within "
        f"{percentile(late, 0.99):.1f} s, the last within {max(late):.1f} s; {load()}"
    )


def test_all_that_is_due_leaves_when_it_is_due_and_nothing_before(house: StruckHouse) -> None:
    with _planned(house, ON_TIME, ON_TIME_SECONDS) as run:
        assert wait(run.is_out, ON_TIME_SECONDS + 120, LOOK_EACH), str(house.book.compare())
        late, early = run.late(), run.early()
    tell(
        f"On time: n = {ON_TIME} messages due within {ON_TIME_SECONDS} s, nobody woken: before they were due {early}, "
        f"{_told(late)}"
    )
    assert early == 0
    assert wait(lambda: house.book.compare().is_whole, 30), str(house.book.compare())
    if IS_LONG:
        assert percentile(late, 0.99) <= LATEST


@only_long
def test_after_an_outage_of_the_broker_all_that_fell_due_meanwhile_leaves_within_minutes(house: StruckHouse) -> None:
    with _planned(house, OUTAGE, OUTAGE_SECONDS) as run:
        house.house.stack["kafka"].freeze()
        time.sleep(OUTAGE_SECONDS)
        house.house.stack["kafka"].thaw()
        began = time.monotonic()
        assert wait(run.is_out, LATEST_AFTER_OUTAGE, LOOK_EACH), str(house.book.compare())
        took = time.monotonic() - began
        assert wait(lambda: not house.book.is_unsettled(), LATEST_AFTER_OUTAGE - took, 0.5), str(house.book.compare())
        late, early = run.late(), run.early()
    found = house.book.compare()
    tell(
        f"The broker away for {OUTAGE_SECONDS} s: n = {OUTAGE} messages fell due meanwhile, all received "
        f"{took:.1f} s after it was back: {_told(late)}: {found}"
    )
    assert early == 0
    assert found.is_whole
    if IS_LONG:
        assert took <= LATEST_AFTER_OUTAGE


@only_long
def test_taken_without_a_look_at_when_it_is_due_it_would_be_seen_to_leave_before(
    house: StruckHouse, tmp_path: Path
) -> None:
    """The negative control of what measures."""
    with _planned(house, 20, 30) as run, house.other_worker(tmp_path, WITHOUT="due_time"):
        house.wake()
        assert wait(lambda: run.early() > 0, 30, 0.2)
        assert wait(run.is_out, 90, 0.5)
    tell(
        f"Control, taken whenever it is due: {sum(1 for one in run.late() if one < 0)} of 20 left before they were due"
    )
