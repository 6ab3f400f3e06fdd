"""What the faults happen to: senders on the tests' database, and a house of its own for servers that are struck."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from navmeet.dev.registers import RunningRegisters
from tests import make
from tests.faults.house import FOLDER, StruckHouse, standing
from tests.faults.stage import Nursery, Stage, database_url
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]


@pytest.fixture(scope="session")
def nursery(django_db_setup: Any, registers_server: RunningRegisters) -> Iterator[Nursery]:
    given = registers_server.settings() | {"NAVMEET_MODE": "test", "DATABASE_URL": database_url()}
    running = Nursery({**os.environ, **given})
    yield running
    running.close()


@pytest.fixture
def stage(tmp_path: Path, nursery: Nursery, registers: RunningRegisters) -> Iterator[Stage]:
    clock = tmp_path / "clock"
    clock.write_text(make.later(hours=1).isoformat(), encoding="ascii")
    ready = Stage(tmp_path, nursery, {"CLOCK_FILE": str(clock)})
    ready.new_broker()
    yield ready
    ready.close()


@pytest.fixture(scope="session")
def house() -> Iterator[StruckHouse]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with standing(FOLDER) as house:
        yield house
