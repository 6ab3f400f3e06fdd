"""A sender in a process of its own, to be killed: sweeps until it is ended. `python sender.py`; says "ready" first.

WITHOUT=take_back switches that protection off: the negative control.
"""

import os
import sys
import time


def main() -> None:
    import django

    django.setup()
    from invitations.messages import claim, send
    from navmeet import clock

    if os.environ.get("WITHOUT") == "take_back":
        claim.take_back_expired = lambda: 0
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        if send.sweep(clock.now()).is_idle:
            time.sleep(0.1)


if __name__ == "__main__":
    main()
