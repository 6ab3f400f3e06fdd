"""navmeet's Celery with a lease of LEASE_SECONDS, so that a test need not wait 90 seconds for what a fault left.

WITHOUT names a protection to switch off (sender.py), BARE_REDIS lets its connections to Redis wait for ever. With
DEAF_SECONDS set the worker stops taking anything, and has so long to find that out.
"""

import os
from datetime import timedelta
from typing import Any

from celery.signals import worker_process_init, worker_ready

from navmeet.celery import app
from tests.faults.sender import WITHOUT

__all__ = ["app"]

if "BARE_REDIS" in os.environ:
    app.conf.broker_transport_options = {"global_keyprefix": "navmeet:", "health_check_interval": 3600}


@worker_process_init.connect
def _shorten(**_: Any) -> None:
    from invitations.messages import claim

    claim.LEASE = timedelta(seconds=float(os.environ["LEASE_SECONDS"]))
    if "WITHOUT" in os.environ:
        WITHOUT[os.environ["WITHOUT"]]()


@worker_ready.connect
def _go_deaf(sender: Any, **_: Any) -> None:
    if "DEAF_SECONDS" in os.environ:
        from navmeet import celery_watch

        celery_watch.PATIENCE, celery_watch.LOOK_EACH = float(os.environ["DEAF_SECONDS"]), 0.5
        sender.task_consumer.cancel()
