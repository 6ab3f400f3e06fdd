"""The citizen surface, with a clock that the test sets, and a telephone that is read instead of rung."""

from collections.abc import Callable
from datetime import datetime

import pytest

from invitations.messages import partner_channel
from tests.pages.citizen.conftest import at, surface
from tests.pages.partner.setting import Partnership, Phones

__all__ = ["at", "surface"]


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> Phones:
    """Where codes go."""
    phones = Phones()
    monkeypatch.setattr(partner_channel, "send_code", phones.send)
    return phones


@pytest.fixture
def visit(db: None, surface: None, at: Callable[[datetime], None], phones: Phones) -> Partnership:
    """Lise, a doctor, invited to Kari's video meeting on Thursday 21 January 2027 at 10.00."""
    return Partnership(at, phones)
