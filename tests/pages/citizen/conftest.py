"""The citizen surface, with a clock that the test sets, and browsers of citizens logged in."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tests import make
from tests.pages.citizen.setting import Visit


@pytest.fixture
def at(settings: Settings, tmp_path: Path) -> Callable[[datetime], None]:
    """Sets what time it is; it begins at make.NOW."""
    settings.CLOCK_FILE = str(tmp_path / "clock")

    def set_to(moment: datetime) -> None:
        (tmp_path / "clock").write_text(moment.isoformat(), encoding="ascii")

    set_to(make.NOW)
    return set_to


@pytest.fixture
def surface(settings: Settings) -> None:
    settings.SURFACE, settings.ROOT_URLCONF = "citizen", "navmeet.urls.citizen"


@pytest.fixture
def visit(db: None, surface: None, at: Callable[[datetime], None]) -> Visit:
    """Kari, invited to a video meeting on Thursday 21 January 2027 at 10.00."""
    return Visit(at)
