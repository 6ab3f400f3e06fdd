"""Book on taken time again and again, and print what each refusal took, in seconds, as JSON."""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import date

import django

django.setup()

from meetings import booking, free_times, starting_types  # noqa: E402
from meetings.calendars import Occupied  # noqa: E402
from navmeet.accounts.actor import Actor  # noqa: E402
from navmeet.people.models import Person  # noqa: E402
from tests import make  # noqa: E402

DAYS = {"known": date(2027, 1, 21), "hidden": date(2027, 1, 22)}


def main() -> None:
    """One citizen, met by my office on one day and by another's on the next; I book on both."""
    starting_types.load()
    person = make.citizen()
    make.meeting(make.caseworker(), person, day=DAYS["known"])
    make.meeting(make.caseworker(office_number="0398"), person, day=DAYS["hidden"])
    mine = make.caseworker()
    by = make.actor(mine)
    calls: dict[str, Callable[[], None]] = {}
    for name, day in DAYS.items():
        wanted = make.wanted(person, day=day)
        calls[f"refused, {name}"] = _refusal(wanted, person, by)
        calls[f"searched, {name}"] = _search(free_times.for_booking(wanted, by), wanted)
    taken: dict[str, list[float]] = {name: [] for name in calls}
    order = list(calls.items())
    chance = random.Random(4)  # noqa: S311
    for _ in range(int(sys.argv[1])):
        # In another order each time: what the one leaves warm is not always the other's gain.
        chance.shuffle(order)
        for name, call in order:
            began = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - began)
    sys.stdout.write(json.dumps(taken) + "\n")


def _refusal(wanted: booking.Booking, person: Person, by: Actor) -> Callable[[], None]:
    clearance = make.clearance(person, by)

    def call() -> None:
        try:
            booking.book(wanted=wanted, can_be_told=True, by=by, clearance=clearance, at=make.NOW)
        except Occupied:
            return
        raise RuntimeError("the time was free")

    return call


def _search(wish: free_times.Wish, wanted: booking.Booking) -> Callable[[], None]:
    def call() -> None:
        free_times.nearest(wish, wanted.slot.starts_at, at=make.NOW)

    return call


if __name__ == "__main__":
    main()
