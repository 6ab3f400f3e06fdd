"""navmeet's Celery with a lease of LEASE_SECONDS, so that a test need not wait 90 seconds for what a fault left."""

import os
from datetime import timedelta
from typing import Any

from celery.signals import worker_process_init

from navmeet.celery import app

__all__ = ["app"]


@worker_process_init.connect
def _shorten(**_: Any) -> None:
    from invitations.messages import claim

    claim.LEASE = timedelta(seconds=float(os.environ["LEASE_SECONDS"]))
