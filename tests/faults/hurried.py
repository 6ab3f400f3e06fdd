"""navmeet's Celery with a lease of LEASE_SECONDS, so that a test need not wait 90 seconds for what a fault left.

WITHOUT names a protection to switch off (sender.py).
"""

import os
from datetime import timedelta
from typing import Any

from celery.signals import worker_process_init

from navmeet.celery import app
from tests.faults.sender import WITHOUT

__all__ = ["app"]


@worker_process_init.connect
def _shorten(**_: Any) -> None:
    from invitations.messages import claim

    claim.LEASE = timedelta(seconds=float(os.environ["LEASE_SECONDS"]))
    if "WITHOUT" in os.environ:
        WITHOUT[os.environ["WITHOUT"]]()
