"""Celery wakes the workers; what is to be done stands in the database, and nothing is lost with a message in Redis."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_received, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")

app = Celery("navmeet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["invitations", "minutes", "navmeet.audit", "navmeet.outbox", "navmeet.api"])


@setup_logging.connect
def _log(**_: Any) -> None:
    from navmeet.log import configure

    configure()


@worker_ready.connect
def _watch(**_: Any) -> None:
    from navmeet import celery_watch

    task_received.connect(celery_watch.taken, weak=False)
    celery_watch.start(app)
