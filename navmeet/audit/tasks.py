from celery import shared_task

from navmeet import clock
from navmeet.audit.relay import relay


@shared_task(name="audit.relay_showings")
def relay_showings(**_: object) -> None:
    """Hand the audit archive what it does not have yet."""
    relay(clock.now())
