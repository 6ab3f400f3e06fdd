"""A caseworker logged in at the staff surface, on a Monday; the registers' stand-in answers."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from meetings import starting_types
from navmeet.dev.registers import RunningRegisters
from tests.pages.staff.setting import INGRID, Clock, actor, log_in
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]


@pytest.fixture
def clock(tmp_path: Path, settings: Settings) -> Clock:
    settings.CLOCK_FILE = str(tmp_path / "clock")
    return Clock(tmp_path / "clock")


@pytest.fixture
def client(db: None, clock: Clock, registers: RunningRegisters) -> Client:
    starting_types.load()
    return log_in(actor(INGRID), INGRID.name)
