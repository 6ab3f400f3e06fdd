"""A relay in a process of its own, to be killed: relays once. `python relayer.py`.

DIE=sent: killed as by `kill -9` when the broker has a wave and nothing of it is marked. WITHOUT=marking_after marks
before sending instead: the negative control.
"""

import os
import signal
from collections.abc import Sequence

import django


def main() -> None:
    django.setup()
    from navmeet import clock
    from navmeet.outbox import relay
    from navmeet.outbox.models import OutboxEvent

    class Dying:
        """The topic, as far as the process lives."""

        def __init__(self) -> None:
            self._topic = relay.topic()

        def send_batch(self, events: Sequence[tuple[str, bytes]], timeout: float) -> dict[str, str | None]:
            if os.environ.get("WITHOUT") == "marking_after":
                OutboxEvent.objects.filter(pk__in=relay.next_wave().values("pk")).update(relayed_at=clock.now())
                os.kill(os.getpid(), signal.SIGKILL)
            results = self._topic.send_batch(events, timeout)
            if os.environ.get("DIE") == "sent":
                os.kill(os.getpid(), signal.SIGKILL)
            return results

    dying = Dying()
    relay.topic = lambda: dying  # type: ignore[assignment]
    relay.relay(clock.now())


if __name__ == "__main__":
    main()
