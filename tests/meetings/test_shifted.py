"""A new release of time zones parts what was meant from what was stored: the command finds those and no others."""

import os
import struct
import subprocess
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from meetings import changes
from meetings.models import Meeting
from meetings.shifted import shifted
from meetings.times import slot
from tests import make
from tests.meetings.test_changes import arguments

pytestmark = pytest.mark.django_db
TODAY = "CET-1CEST,M3.5.0,M10.5.0/3"
SUMMER_TIME_A_WEEK_LONGER = "CET-1CEST,M3.5.0,M11.1.0/3"
NO_SUMMER_TIME = "CET-1"
# The clocks forward on Saturday 23 January 2027 at 02.00, and never back.
FORWARD_IN_JANUARY = "CET-1CEST,23/2,J365/25"


def zone_file(rule: str) -> bytes:
    """A TZif file (RFC 8536) that says nothing of the past: `rule` holds at all times."""
    header = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    kind = struct.pack(">lbb", 3600, 0, 0) + b"CET\0"
    return header + kind + header + kind + f"\n{rule}\n".encode()


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Lay in another release of the zone, as an image with new time zones does."""
    before = zoneinfo.TZPATH

    def lay_in(rule: str) -> Path:
        (tmp_path / "Europe").mkdir(exist_ok=True)
        (tmp_path / "Europe" / "Oslo").write_bytes(zone_file(rule))
        zoneinfo.reset_tzpath([str(tmp_path)])
        return tmp_path

    yield lay_in
    zoneinfo.reset_tzpath(before)


def on(day: date, hour: int = 10) -> Meeting:
    return make.meeting(day=day, clock=time(hour))


def run() -> str:
    out = StringIO()
    call_command("shifted_meetings", stdout=out)
    return out.getvalue()


def test_the_rules_of_today_shift_nothing(installed: Callable[[str], Path]) -> None:
    for day in (date(2027, 1, 21), date(2027, 7, 1), date(2027, 11, 2)):
        on(day)
    make.meeting(day=date(2027, 10, 31), clock=time(2, 30), fold=1)
    assert run() == "No future meeting is shifted.\n"
    installed(TODAY)
    assert list(shifted(make.NOW)) == []


def test_a_longer_summer_shifts_the_meetings_of_that_week_and_no_others(installed: Callable[[str], Path]) -> None:
    for day in (date(2027, 10, 29), date(2027, 11, 8)):
        on(day)
    meeting = on(date(2027, 11, 2))
    installed(SUMMER_TIME_A_WEEK_LONGER)
    [found] = shifted(make.NOW)
    assert (found.meeting_id, found.meant, found.zone) == (meeting.pk, "2027-11-02T10:00", "Europe/Oslo")
    assert found.stored == datetime(2027, 11, 2, 9, tzinfo=UTC) == meeting.starts_at
    assert found.now_means == datetime(2027, 11, 2, 8, tzinfo=UTC)


def test_the_command_says_ids_times_and_what_to_do_and_ends_with_1(
    installed: Callable[[str], Path], settings: Settings, tmp_path: Path
) -> None:
    later, sooner = on(date(2027, 8, 2)), on(date(2027, 7, 1))
    installed(NO_SUMMER_TIME)
    settings.CLOCK_FILE = str(tmp_path / "clock")
    (tmp_path / "clock").write_text(make.NOW.isoformat(), encoding="ascii")
    out = StringIO()
    with pytest.raises(CommandError, match="2 to move") as said:
        call_command("shifted_meetings", stdout=out)
    assert out.getvalue().splitlines() == [
        f"{sooner.pk} meant 2027-07-01T10:00 Europe/Oslo, stored 2027-07-01T08:00Z, now 2027-07-01T09:00Z",
        f"{later.pk} meant 2027-08-02T10:00 Europe/Oslo, stored 2027-08-02T08:00Z, now 2027-08-02T09:00Z",
    ]
    assert said.value.returncode == 1
    assert "move it to the time that was meant" in str(said.value)


def test_a_time_that_the_new_rules_jump_over_is_listed_too(installed: Callable[[str], Path]) -> None:
    on(date(2027, 1, 23), 2)
    installed(FORWARD_IN_JANUARY)
    assert [one.now_means for one in shifted(make.NOW)] == [None]


def test_what_is_past_cancelled_or_was_moved_away_is_not_listed(installed: Callable[[str], Path]) -> None:
    cancelled, moved = on(date(2027, 7, 1)), on(date(2027, 7, 2))
    changes.cancel(**arguments(cancelled))
    winter = slot(day=date(2027, 1, 25), clock=time(13), minutes=45, fold=None, at=make.NOW)
    changes.move(**arguments(moved, to=winter, place=None))
    over = on(date(2027, 7, 5))
    installed(NO_SUMMER_TIME)
    assert [one.meeting_id for one in shifted(make.NOW)] == [over.pk]
    assert list(shifted(over.ends_at)) == []


@pytest.mark.django_db(transaction=True)
def test_in_a_process_of_its_own_the_zones_it_finds_installed_count(installed: Callable[[str], Path]) -> None:
    meeting = on(date(2028, 7, 3))
    names = (*(name for name in os.environ if name.startswith(("NAVMEET", "DATABASE"))), "PATH", "HOME")
    env = {name: os.environ[name] for name in names if name in os.environ}
    settings = connection.settings_dict
    env["DATABASE_URL"] = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    ended = subprocess.run(
        [sys.executable, "manage.py", "shifted_meetings"],
        env=env | {"NAVMEET_MODE": "test", "PYTHONTZPATH": str(installed(NO_SUMMER_TIME))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout.split()[:1]) == (1, [str(meeting.pk)]), ended.stderr
