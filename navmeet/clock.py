"""What time it is, asked at the edges only; everything inside is given `at`."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present instant, aware. Outside production a file may say what it is (settings.CLOCK_FILE)."""
    if settings.CLOCK_FILE:
        given = Path(settings.CLOCK_FILE)
        if given.exists():
            return datetime.fromisoformat(given.read_text(encoding="ascii").strip())
    return timezone.now()
