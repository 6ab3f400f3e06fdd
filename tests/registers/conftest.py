from datetime import UTC, datetime

import pytest

from navmeet.registers import calls
from tests.stand_ins import audit_archive, registers, registers_server

__all__ = ["audit_archive", "registers", "registers_server"]


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits a fraction of what production waits, so that a test of silence is short."""
    monkeypatch.setattr(calls, "TOTAL_SECONDS", 0.3)
