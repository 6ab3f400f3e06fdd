from celery import shared_task

from navmeet import clock
from navmeet.outbox import relay


@shared_task(name="outbox.relay")
def relay_events(**_: object) -> None:
    """Tell other systems what they have not been told."""
    relay.relay(clock.now())


@shared_task(name="outbox.purge")
def purge_events(**_: object) -> None:
    """Events relayed long ago go."""
    relay.purge(clock.now())
