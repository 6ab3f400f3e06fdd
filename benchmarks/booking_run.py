"""The measuring process of the booking bench: "verb 20" or "sql 20" is answered with seconds and statements each."""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from typing import Any
from uuid import UUID

import django

AT, FIRST = datetime(2027, 1, 11, 9, tzinfo=UTC), datetime(2027, 1, 25, 7, tzinfo=UTC)
STEP = timedelta(hours=1)
CITIZENS = 20


def main() -> None:
    """Meetings of one caseworker with a doctor and one of twenty citizens in turn, an hour after the other."""
    # Standard output is for the figures: the log, which speaks there, goes beside.
    answers, sys.stdout = sys.stdout, sys.stderr
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    django.setup()
    from django.db import connection, transaction

    book = _booking()
    hours = count()
    kept: list[tuple[str, Any]] = []
    seen = [0]

    def keep(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        seen[0] += 1
        if sql.startswith("INSERT"):
            kept.append((sql, params))
        return execute(sql, params, *rest)

    for _ in range(CITIZENS):
        book(FIRST + next(hours) * STEP)
    with connection.execute_wrapper(keep):
        sample = FIRST + next(hours) * STEP
        known = book(sample)
    by_verb = seen[0]

    def bare(starts_at: datetime) -> None:
        again = _Again(known, starts_at - sample)
        with transaction.atomic(), connection.connection.cursor() as cursor:
            for sql, params in kept:
                cursor.execute(sql, again.of(params))

    for line in sys.stdin:
        how, number = line.split()
        times = [FIRST + next(hours) * STEP for _ in range(int(number))]
        act = book if how == "verb" else bare
        began = time.perf_counter()
        for starts_at in times:
            act(starts_at)
        took = time.perf_counter() - began
        answers.write(f"{took} {by_verb if how == 'verb' else len(kept)}\n")
        answers.flush()


class _Again:
    """The values of a booking for another one: fresh ids where the booking made its own, and so much later."""

    def __init__(self, known: frozenset[UUID], later: timedelta) -> None:
        self._known, self._later = known, later
        self._fresh: dict[UUID, UUID] = {}

    def of(self, value: Any) -> Any:
        from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

        from navmeet.protect.columns import new_id

        if isinstance(value, list | tuple):
            return type(value)(map(self.of, value))
        if isinstance(value, UUID) and value not in self._known:
            if value not in self._fresh:
                self._fresh[value] = new_id()
            return self._fresh[value]
        if isinstance(value, DateTimeTZRange):
            return DateTimeTZRange(value.lower + self._later, value.upper + self._later)
        if isinstance(value, datetime) and value >= FIRST:
            return value + self._later
        return value


def _booking() -> Callable[[datetime], frozenset[UUID]]:
    """Books at an instant, as the API does after it has asked the registers; gives the ids that were there before."""
    from meetings import booking, starting_types
    from meetings.contacts import CitizenContact
    from meetings.times import Slot
    from tests import make

    starting_types.load()
    host, people = make.caseworker(), [make.citizen() for _ in range(CITIZENS)]
    by = make.actor(host)
    cleared = cycle([(person, make.clearance(person, by, AT)) for person in people])
    known = frozenset({host.pk, *(person.pk for person in people)})

    def book(starts_at: datetime) -> frozenset[UUID]:
        person, clearance = next(cleared)
        wanted = make.wanted(person, type_code="DIALOGUE", partners=(make.doctor(),), at=AT)
        when = Slot(starts_at, starts_at + timedelta(minutes=45), f"{starts_at:%Y-%m-%dT%H:%M}")
        booking.book(
            wanted=booking.Booking(**{**vars(wanted), "slot": when}),
            can_be_told=True,
            citizen_contact=CitizenContact(),
            by=by,
            clearance=clearance,
            at=AT,
            overrule=make.ANYHOW,
        )
        return known

    return book


if __name__ == "__main__":
    main()
