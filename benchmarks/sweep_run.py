"""The measuring process of the sweep bench: "due" or "idle" is answered with the seconds that it took.

"due": all that is due is claimed, batch by batch, with all a sweep asks beside; the rows are put back untimed. "idle":
one sweep of the sender as it is, at an hour when nothing is due.
"""

import os
import sys
import time
from datetime import UTC, datetime

import django

AT, BEFORE = datetime(2027, 1, 11, 9, tzinfo=UTC), datetime(2027, 1, 10, 9, tzinfo=UTC)


def main() -> None:
    """Nothing is sent: the rows that are due are given back as they were."""
    # Standard output is for the figures: the log, which speaks there, goes beside.
    answers, sys.stdout = sys.stdout, sys.stderr
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    django.setup()
    for line in sys.stdin:
        answers.write(f"{_due() if line.strip() == 'due' else _idle()}\n")
        answers.flush()


def _idle() -> float:
    from invitations.messages import send

    began = time.perf_counter()
    swept = send.sweep(BEFORE)
    took = time.perf_counter() - began
    if not swept.is_idle:
        raise RuntimeError("something was due")
    return took


def _due() -> float:
    from invitations.messages import send
    from invitations.models import Message

    sending = send._send
    # Claimed and read, and all the rest of a sweep done, but not sent.
    send._send = lambda batch: None  # noqa: ARG005
    try:
        began = time.perf_counter()
        while not send.sweep(AT).is_idle:
            continue
        took = time.perf_counter() - began
    finally:
        send._send = sending
    Message.objects.filter(state="CLAIMED").update(state="PLANNED", claim=None, claimed_until=None, attempts=0)
    return took


if __name__ == "__main__":
    main()
