"""Book on taken time again and again, and print what each refusal took, in seconds, as JSON."""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.test import Client  # noqa: E402

from meetings import booking, calendars, free_times, starting_types  # noqa: E402
from meetings.calendars import Occupied  # noqa: E402
from meetings.models import Meeting, Resource  # noqa: E402
from navmeet import clock  # noqa: E402
from navmeet.accounts import sessions  # noqa: E402
from navmeet.accounts.actor import Actor  # noqa: E402
from navmeet.dev import personas, registers  # noqa: E402
from navmeet.people.models import Person  # noqa: E402
from tests import make  # noqa: E402

DAYS = {"known": date(2027, 1, 21), "hidden": date(2027, 1, 22)}


def main() -> None:
    """One citizen, met by my office on one day and by another's on the next; I book on both."""
    starting_types.load()
    running = registers.serve(0)
    for name, value in running.settings().items():
        setattr(settings, name, value)
    person = make.citizen(number=personas.CITIZENS[0].number)
    make.meeting(make.caseworker(), person, day=DAYS["known"])
    make.meeting(make.caseworker(office_number="0398"), person, day=DAYS["hidden"])
    mine = make.caseworker()
    mine.nav_ident = personas.CASEWORKERS[0].nav_ident
    mine.save()
    by = make.actor(mine)
    calls: dict[str, Callable[[], None]] = {}
    for name, day in DAYS.items():
        wanted = make.wanted(person, day=day)
        calls[f"refused, {name}"] = _refusal(wanted, person, by)
        calls[f"searched, {name}"] = _search(free_times.for_booking(wanted, by), wanted)
        calls[f"control, {name}"] = _looked_up_once_more(calls[f"refused, {name}"])
        calls[f"answered, {name}"] = _answer(person, day, by)
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
    running.stop()
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


def _looked_up_once_more(refusal: Callable[[], None]) -> Callable[[], None]:
    """As a house would that asks for the meeting's name before it says whose it is."""
    told = calendars._occupied

    def with_name(resource: Resource, meeting_id: UUID, by: Actor) -> Occupied:
        Meeting.objects.select_related("type", "office").get(pk=meeting_id)
        return told(resource, meeting_id, by)

    def call() -> None:
        calendars._occupied = with_name
        try:
            refusal()
        finally:
            calendars._occupied = told

    return call


def _answer(person: Person, day: date, by: Actor) -> Callable[[], None]:
    """The API's whole answer to a booking, as a caseworker's program gets it."""
    at = clock.now()
    session = SessionStore()
    sessions.begin(session, by, name="Somebody", id_token="", at=at)
    session.save()
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    body = {
        "person_id": str(person.pk),
        "type": "FOLLOW_UP",
        "format": "VIDEO",
        "day": day.isoformat(),
        "time": "10:00",
        "minutes": 45,
        "theme": "Veien videre",
    }

    def call() -> None:
        answer = client.post(
            "/api/v1/meetings/rehearsal/", json.dumps(body), content_type="application/json", secure=True
        )
        if answer.status_code != 409:
            raise RuntimeError(answer.content.decode())

    return call


def _search(wish: free_times.Wish, wanted: booking.Booking) -> Callable[[], None]:
    def call() -> None:
        free_times.nearest(wish, wanted.slot.starts_at, at=make.NOW)

    return call


if __name__ == "__main__":
    main()
