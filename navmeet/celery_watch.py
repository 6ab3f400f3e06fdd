"""A worker that has gone deaf ends itself, so that the platform starts a new one.

Deaf is one whose process lives and that takes nothing, while wishes to be woken lie in Redis: nothing outside sees
that, but for the figures (docs/operations.md). Redis being away is no deafness: the worker then tries again by itself.
"""

import os
import threading
import time
from typing import Any

import structlog
from celery import Celery

# Longer than all places can be taken by tasks (CELERY_TASK_TIME_LIMIT) and than the longest pause between two attempts
# to reach Redis (30 s).
PATIENCE, LOOK_EACH = 75.0, 5.0
EXIT_CODE = 70

_log = structlog.get_logger(__name__)
_taken = threading.Event()


def taken(**_: Any) -> None:
    """The worker took something out of Redis."""
    _taken.set()


def start(app: Celery) -> None:
    """Begin to watch this process, in a thread of its own."""
    threading.Thread(target=_watch, args=(app,), name="watch", daemon=True).start()


def _watch(app: Celery) -> None:
    deaf_since: float | None = None
    while True:
        time.sleep(LOOK_EACH)
        lie_there = _wishes(app) > 0
        if _taken.is_set() or not lie_there:
            _taken.clear()
            deaf_since = None
        elif deaf_since is None:
            deaf_since = time.monotonic()
        elif time.monotonic() - deaf_since > PATIENCE:
            _log.critical("worker_deaf", seconds=round(time.monotonic() - deaf_since))
            os._exit(EXIT_CODE)


def _wishes(app: Celery) -> int:
    """How many lie in Redis; none where it cannot be asked."""
    try:
        with app.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1)
            # Makes nothing in Redis. Asked passively, kombu looks for the queue without the keys' prefix.
            channel: Any = connection.channel()
            return int(channel.queue_declare(queue=app.conf.task_default_queue).message_count)
    except Exception as error:  # noqa: BLE001  (whatever it is: a worker that cannot look is not deaf)
        _log.info("not_looked", cause=type(error).__name__)
        return 0
