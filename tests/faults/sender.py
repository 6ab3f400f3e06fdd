"""Where senders are born, each in a process of its own, to be killed: Django is set up once, and each is a fork.

`python sender.py` reads commands from its input, a JSON object a line, and answers each with one:
`{"start": {NAME: VALUE}}` → `{"pid": …}`, a sender that sweeps until it is ended, with these settings;
`{"wait": PID}` → `{"status": …}`, once it has ended. At the end of its input it ends all.

Of the settings, WITHOUT names a protection to switch off (the negative controls), STOP_AT a place at which the sender
stops itself once (as by SIGSTOP), LEASE_SECONDS and BROKER_SECONDS how long those are, LIFE_SECONDS how long it lives.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

# So that nothing outlives a test that died itself.
LONGEST_LIFE = 900
# One that is to die somewhere gets there soon, or never.
LONGEST_WAY = 60


def main() -> None:
    # Whatever logs or prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import django

    django.setup()
    import invitations.messages.send  # noqa: F401  (once for all, before the forks)

    alive: set[int] = set()
    for line in sys.stdin:
        wanted = json.loads(line)
        if "start" in wanted:
            pid = os.fork()
            if not pid:
                _be_sender(wanted["start"])
            alive.add(pid)
            answer = {"pid": pid}
        else:
            alive.discard(wanted["wait"])
            answer = {"status": os.waitstatus_to_exitcode(os.waitpid(wanted["wait"], 0)[1])}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def _be_sender(given: dict[str, str]) -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        signal.alarm(LONGEST_WAY if "CRASH_AT" in given else int(given.get("LIFE_SECONDS", LONGEST_LIFE)))
        _take(given)
        from invitations.messages import send
        from navmeet import clock

        while True:
            if send.sweep(clock.now()).is_idle:
                time.sleep(0.05)
    except BaseException as error:  # noqa: BLE001
        sys.stderr.write(f"a sender ended: {type(error).__name__}: {error}\n")
    finally:
        os._exit(1)


def _take(given: dict[str, str]) -> None:
    from django.conf import settings

    from invitations.messages import claim, send

    os.environ.update(given)
    for name in given.keys() & set(dir(settings)):
        setattr(settings, name, given[name])
    if "LEASE_SECONDS" in given:
        claim.LEASE = timedelta(seconds=float(given["LEASE_SECONDS"]))
    if "BROKER_SECONDS" in given:
        send.BROKER_SECONDS = float(given["BROKER_SECONDS"])
    if "WITHOUT" in given:
        WITHOUT[given["WITHOUT"]]()
    if "STOP_AT" in given:
        STOPS[given["STOP_AT"]]()


def _without_take_back() -> None:
    from invitations.messages import claim

    claim.take_back_expired = lambda: 0


def _without_same_key() -> None:
    """A new key at each attempt, as if it were made when it is sent."""
    from invitations.messages import ditt_nav

    as_it_is = ditt_nav.encode
    ditt_nav.encode = lambda event: as_it_is({**event, "varselId": str(uuid4())})


def _without_last_look() -> None:
    from invitations.messages import claim

    claim.still_held = _all_rows


def _all_rows(claim: Any) -> Any:
    return set(claim.rows)


def _without_reports() -> None:
    """What was handed to Kafka's client counts as sent, whatever the broker says of it."""
    from navmeet.outbox.kafka import Topic

    as_it_is = Topic.send_batch

    def send_batch(self: Topic, events: Any, timeout: float) -> dict[str, str | None]:
        return dict.fromkeys(as_it_is(self, events, timeout))

    Topic.send_batch = send_batch  # type: ignore[method-assign]


def _without_due_time() -> None:
    """What is planned is taken, whenever it is due."""
    from invitations.messages import claim

    as_it_is = claim.claim_messages
    claim.claim_messages = lambda at: as_it_is(at + timedelta(days=1))


def _without_email_key() -> None:
    from invitations.messages import altinn

    as_it_is = altinn.send_email
    altinn.send_email = lambda key, *words, **more: as_it_is(uuid4(), *words, **more)


def _without_begun() -> None:
    """An e-mail by SMTP leaves without being written down first."""
    from invitations.messages import perhaps_twice

    perhaps_twice.begin = lambda message, held: True
    perhaps_twice.end = lambda message, outcome: None


def _without_forgetting() -> None:
    """What was sent is remembered, as by a list that somebody forgot to empty."""
    from invitations.messages import send

    as_it_is, remembered = send._load, []

    def load(held: Any) -> Any:
        remembered.append(as_it_is(held))
        return remembered[-1]

    send._load = load


def _stop_before_last_look() -> None:
    from invitations.messages import send

    send._make_ready = _then_stop(send._make_ready)


def _stop_after_last_look() -> None:
    from invitations.messages import send

    as_it_is = send._to_broker
    stop = _then_stop(lambda: None)

    def to_broker(events: list[tuple[str, bytes]]) -> dict[str, str | None]:
        stop()
        return as_it_is(events)

    send._to_broker = to_broker


def _then_stop(do: Callable[..., Any]) -> Callable[..., Any]:
    """Do it, and the first time, stop until somebody says SIGCONT."""
    left = [True]

    def done(*words: Any) -> Any:
        found = do(*words)
        if left.pop() if left else False:
            os.kill(os.getpid(), signal.SIGSTOP)
        return found

    return done


WITHOUT: dict[str, Callable[[], None]] = {
    "take_back": _without_take_back,
    "same_key": _without_same_key,
    "last_look": _without_last_look,
    "reports": _without_reports,
    "due_time": _without_due_time,
    "email_key": _without_email_key,
    "forgetting": _without_forgetting,
    "begun": _without_begun,
}
STOPS = {"before_last_look": _stop_before_last_look, "after_last_look": _stop_after_last_look}


if __name__ == "__main__":
    main()
