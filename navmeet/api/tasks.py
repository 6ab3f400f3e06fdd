from celery import shared_task

from navmeet import clock
from navmeet.api import idempotency


@shared_task(name="api.purge_answers")
def purge_answers(**_: object) -> None:
    """Kept answers older than a day go."""
    idempotency.purge(clock.now())
