"""2,000 generated meetings around both nights when the clocks change: calendars find the instant that was meant."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
import vobject

from meetings.ical import Entry, render
from meetings.times import Slot, slot
from navmeet.exceptions import Invalid
from navmeet.look import dates

HOW_MANY = 2_000
TAIL = b"END:VCALENDAR\r\n"


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def oslo(moment: datetime) -> datetime:
    """The clock in Oslo by directive 2000/84/EC, worked out here without any zone data: naive, as it is read."""
    forward, back = (datetime.combine(last_sunday(moment.year, month), time(1), UTC) for month in (3, 10))
    hours = 2 if forward <= moment < back else 1
    return (moment + timedelta(hours=hours)).replace(tzinfo=None)


def generated() -> list[tuple[datetime, Slot]]:
    """Wall times within two days of a change, every third in its night, each with the instant it was drawn from."""
    draw, drawn = Random(20_270_328), []
    for number in range(HOW_MANY):
        month = (3, 10)[number % 2]
        change = datetime.combine(last_sunday(draw.randint(2026, 2045), month), time(1), UTC)
        around = 120 if number % 3 == 0 else 2 * 24 * 60
        instant = change + timedelta(minutes=draw.randint(-around, around))
        wall = oslo(instant)
        twice = oslo(instant - timedelta(hours=1)) == wall or oslo(instant + timedelta(hours=1)) == wall
        fold = int(oslo(instant - timedelta(hours=1)) == wall) if twice else None
        at = instant - timedelta(days=30)
        minutes = draw.randint(15, 450)
        drawn.append((instant, slot(day=wall.date(), clock=wall.time(), minutes=minutes, fold=fold, at=at)))
    return drawn


MEETINGS = generated()


def entry_of(meant: Slot, number: int) -> bytes:
    return render(
        Entry(
            participant_id=UUID(int=number),
            starts_at=meant.starts_at,
            ends_at=meant.ends_at,
            zone=meant.zone,
            sequence=0,
            is_cancelled=number % 7 == 0,
            link=f"https://mote.example/i/{number:x}{'-' * (number % 60)}/",
            language=("nb", "nn", "en")[number % 3],
            stamped_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
        )
    )


def test_what_was_meant_is_the_instant_that_is_stored() -> None:
    assert len(MEETINGS) == HOW_MANY
    for instant, meant in MEETINGS:
        assert meant.starts_at == instant
        assert meant.meant == oslo(instant).strftime("%Y-%m-%dT%H:%M")


def test_the_second_of_two_hours_and_meetings_over_the_change_are_among_them() -> None:
    seen: Counter[str] = Counter()
    for _, meant in MEETINGS:
        first, last = oslo(meant.starts_at), oslo(meant.ends_at)
        seen["later of two"] += meant.fold
        seen["over the change"] += last - first != meant.ends_at - meant.starts_at
    assert min(seen["later of two"], seen["over the change"]) >= 50


@pytest.fixture(scope="module")
def entries() -> list[bytes]:
    return [entry_of(meant, number) for number, (_, meant) in enumerate(MEETINGS)]


def test_another_library_reads_the_same_instants_out_of_every_entry(entries: list[bytes]) -> None:
    """A hundred at a time: each file has the same zone in front, and that is what takes the time to read."""
    heads, events = zip(*(entry.split(b"BEGIN:VEVENT", 1) for entry in entries), strict=True)
    assert len({head.replace(b"METHOD:CANCEL", b"METHOD:REQUEST") for head in heads}) == 1
    found = []
    for start in range(0, HOW_MANY, 100):
        whole = b"".join(b"BEGIN:VEVENT" + one.removesuffix(TAIL) for one in events[start : start + 100])
        found += vobject.readOne((heads[0] + whole + TAIL).decode("utf-8")).vevent_list
    assert len(found) == HOW_MANY
    wrong = [
        (meant, event.dtstart.value, event.dtend.value)
        for number, ((_, meant), event) in enumerate(zip(MEETINGS, found, strict=True))
        if (instant(event.dtstart), instant(event.dtend)) != (meant.starts_at, meant.ends_at)
        or event.uid.value != f"{UUID(int=number)}@navmeet.nav.no"
    ]
    assert wrong == []


def test_by_the_local_clock_alone_the_second_of_two_hours_would_be_read_an_hour_early() -> None:
    """Negative control: why such a meeting stands in UTC."""
    later = slot(day=date(2027, 10, 31), clock=time(2, 30), minutes=20, fold=1, at=datetime(2027, 1, 2, tzinfo=UTC))
    entry = entry_of(later, 1)
    assert instant(vobject.readOne(entry.decode("utf-8")).vevent.dtstart) == later.starts_at
    local = entry.replace(b"DTSTART:20271031T013000Z", b"DTSTART;TZID=Europe/Oslo:20271031T023000")
    assert local != entry
    assert instant(vobject.readOne(local.decode("utf-8")).vevent.dtstart) == later.starts_at - timedelta(hours=1)


def test_every_entry_is_folded_at_75_octets(entries: list[bytes]) -> None:
    assert max(len(line) for entry in entries for line in entry.split(b"\r\n")) <= 75


def instant(moment: Any) -> datetime:
    """What another library understood, in UTC."""
    understood: datetime = moment.value.astimezone(UTC)
    return understood


def test_the_clock_in_the_file_is_the_one_in_oslo_but_for_what_it_cannot_say(entries: list[bytes]) -> None:
    for entry, (starts_at, meant) in zip(entries, MEETINGS, strict=True):
        repeated = [one for one in (meant.starts_at, meant.ends_at) if oslo(one - timedelta(hours=1)) == oslo(one)]
        if repeated:
            assert f"DTSTART:{starts_at:%Y%m%dT%H%M%S}Z\r\n".encode() in entry
        else:
            assert f"DTSTART;TZID=Europe/Oslo:{oslo(starts_at):%Y%m%dT%H%M%S}\r\n".encode() in entry


def test_pages_and_messages_say_the_weekday_and_clock_of_that_instant() -> None:
    for instant, meant in MEETINGS:
        local = oslo(instant)
        said = dates.when(meant.starts_at, language="nb")
        assert said.startswith(f"{dates.WEEKDAYS['nb'][local.weekday()]} {local.day}. ")
        assert f"kl. {local:%H.%M}" in said
        comes_twice = oslo(instant - timedelta(hours=1)) == local or oslo(instant + timedelta(hours=1)) == local
        assert ("(normaltid)" in said, "(sommertid)" in said) == (
            comes_twice and bool(meant.fold),
            comes_twice and not meant.fold,
        )


def test_every_minute_that_the_clock_jumps_over_is_refused() -> None:
    for year in range(2026, 2046):
        day = last_sunday(year, 3)
        for minute in range(0, 60, 7):
            with pytest.raises(Invalid) as refused:
                slot(day=day, clock=time(2, minute), minutes=45, fold=None, at=datetime(year, 1, 2, tzinfo=UTC))
            assert refused.value.code == "time_does_not_exist"
