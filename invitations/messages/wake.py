"""Wake a worker when something is due now, without ever waiting for Redis.

The sweep each ten seconds finds all there is; this only makes it sooner. One daemon thread does the asking, from a
queue of one: a wish that is already waiting covers the next, and a publish into a silent cut (10 s were measured)
holds up nobody. Many changes a second share one waking.
"""

import os
import queue
import threading
import time

import structlog
from django.db import transaction

SWEEP = "invitations.sweep"
APART_SECONDS = 0.2

_log = structlog.get_logger(__name__)
_wishes: "queue.Queue[None]" = queue.Queue(maxsize=1)
_starting = threading.Lock()
_thread: threading.Thread | None = None


def on_commit() -> None:
    """Wake a worker once the running transaction is committed; never raises, never waits."""
    transaction.on_commit(_wish, robust=True)


def _wish() -> None:
    _ensure_thread()
    try:
        _wishes.put_nowait(None)
    except queue.Full:
        return


def _ensure_thread() -> None:
    global _thread  # noqa: PLW0603  (one a process)
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_keep_waking, name="wake", daemon=True)
            _thread.start()


def _keep_waking() -> None:
    while True:
        _wishes.get()
        try:
            _wake()
        except Exception as error:  # noqa: BLE001  (whatever Redis does, the sweep comes anyway)
            _log.info("not_woken", cause=type(error).__name__)
        # What is wished meanwhile waits in the queue: the last of a burst is passed on too.
        time.sleep(APART_SECONDS)


def _wake() -> None:
    # Here, not above: the verbs plan messages, and know nothing of Celery.
    from navmeet.celery import app

    app.send_task(SWEEP, expires=30, retry=False, ignore_result=True)


def _forget_thread() -> None:
    """A forked process has the queue, but not the thread."""
    global _thread, _wishes, _starting
    _thread, _wishes, _starting = None, queue.Queue(maxsize=1), threading.Lock()


os.register_at_fork(after_in_child=_forget_thread)
