"""The registers' stand-in, a topic that remembers, and a sender that is given the time."""

from collections.abc import Callable
from datetime import datetime

import pytest

from invitations.messages import send
from meetings import booking
from navmeet.dev.personas import CITIZENS
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.stand_ins import platform, registers, registers_server

__all__ = ["platform", "registers", "registers_server"]


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> FakeTopic:
    fake = FakeTopic()
    fake.install(monkeypatch)
    return fake


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> FakeMailbox:
    fake = FakeMailbox()
    fake.install(monkeypatch)
    return fake


@pytest.fixture
def kari() -> Person:
    """A citizen the registers know: not reserved, bokmål."""
    return make.citizen(CITIZENS[0].name, number=CITIZENS[0].number)


@pytest.fixture
def in_any_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was booked before a language without texts was refused; and as texts may be taken back for one we had."""
    monkeypatch.setattr(booking, "check_language", lambda code: code)


@pytest.fixture
def sweep(registers: object, topic: FakeTopic) -> Callable[[datetime], send.Swept]:
    return send.sweep
