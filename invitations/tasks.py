"""What wakes the sender. Ids in, one call; all that is to be done stands in the database."""

import time
from typing import Any

from celery import shared_task

from invitations import regular_look
from invitations.messages import delivered, ladder, no_longer, pulse, send
from navmeet import clock

# Below the soft time limit (45 s); a lease covers what is cut off all the same.
SWEEP_SECONDS = 40.0


@shared_task(name="invitations.sweep")
def sweep(**_: Any) -> None:
    """Send all that is due. Ends early when nothing moves (a broker or register is away): the next comes in 10 s."""
    began = time.monotonic()
    longest = 0.0
    while time.monotonic() - began + longest < SWEEP_SECONDS:
        batch_began = time.monotonic()
        swept = send.sweep(clock.now())
        if swept.is_idle or swept.is_stuck:
            return
        longest = max(longest, time.monotonic() - batch_began)


@shared_task(name="invitations.feed")
def feed(**_: Any) -> None:
    """Read what became of e-mails and SMS, now or the next time; what nobody has spoken of in time goes on.

    What somebody was to ring or write about, and is over, is nobody's task any more.
    """
    delivered.follow(clock.now())
    ladder.catch_up(clock.now())
    no_longer.end_over(clock.now())
    pulse.beat("feed", clock.now())


@shared_task(name="invitations.look")
def look(**_: Any) -> None:
    """Ask about those whom nobody has opened, booked or sent to for hours; who is not asked now is asked the next time.

    By itself and not within a sweep: a register that is slow holds up no message.
    """
    regular_look.look_again(clock.now())


@shared_task(name="invitations.probe")
def probe(**_: Any) -> None:
    """The way through the broker to a worker is open."""
    pulse.beat("probe", clock.now())
