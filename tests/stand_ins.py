"""Fixtures that start the stand-ins of `navmeet.dev` in threads: real HTTP and TCP on free ports of this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from invitations.messages import altinn_http, altinn_token
from navmeet.dev import altinn, audit_sink
from navmeet.dev import registers as stand_in
from navmeet.registers import calls, tokens


@pytest.fixture(scope="session")
def registers_server() -> Iterator[stand_in.RunningRegisters]:
    """One server for all tests of a process; use `registers`, which starts each test afresh."""
    running = stand_in.serve(0)
    yield running
    calls.close()
    running.stop()


@pytest.fixture
def registers(registers_server: stand_in.RunningRegisters, settings: Settings) -> Iterator[stand_in.RunningRegisters]:
    """The registers with the personas as written; the settings point at them."""
    registers_server.reset()
    tokens.forget()
    for name, value in registers_server.settings().items():
        setattr(settings, name, value)
    yield registers_server
    registers_server.reset()
    tokens.forget()


@pytest.fixture
def audit_archive(tmp_path: Path, settings: Settings) -> Iterator[audit_sink.RunningSink]:
    """An archive that audit lines can be sent to; `lines()` says what arrived."""
    running = audit_sink.serve(0, tmp_path / "audit.log")
    settings.AUDIT_SYSLOG = f"127.0.0.1:{running.port}"
    yield running
    running.stop()


@pytest.fixture
def platform(
    tmp_path: Path, registers: stand_in.RunningRegisters, settings: Settings
) -> Iterator[altinn.RunningAltinn]:
    """Altinn's stand-in with nothing sent; the settings point at it, and no token is kept."""
    running = altinn.serve(tmp_path)
    for name, value in running.settings().items():
        setattr(settings, name, value)
    altinn_token.forget()
    yield running
    altinn_http.close()
    altinn_token.forget()
    running.stop()
