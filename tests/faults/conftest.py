"""What the faults happen to: senders on the tests' database, and a house of its own for servers that are struck."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from invitations.messages import registers_now
from invitations.messages.registers_now import Known
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.faults.house import FOLDER, StruckHouse, standing
from tests.faults.stage import Nursery, Stage, database_url
from tests.invitations.messages.broker import FakeTopic
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


@pytest.fixture
def everybody_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers that know whomever one asks about: they are not what this is about."""

    def ask(people: dict[UUID, Person], at: datetime) -> dict[UUID, Known]:
        known = Known("10818012345", can_be_told=True, is_deceased=False, is_strictly_protected=False)
        return dict.fromkeys(people, known)

    monkeypatch.setattr(registers_now, "ask", ask)


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> FakeTopic:
    fake = FakeTopic()
    fake.install(monkeypatch)
    return fake
