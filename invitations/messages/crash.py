"""Named places where a fault test lets a process die, so that each window is hit on purpose and not by luck."""

import os
import signal

from django.conf import settings

# `before_settled` is in the middle of a batch: half of it is written down, half is not.
POINTS = ("after_claim", "after_accepted", "before_settled")


def crash_point(name: str) -> None:
    """Die here, as by `kill -9`, if CRASH_AT names this place. In production there is no such place."""
    if not settings.IS_PRODUCTION and os.environ.get("CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
