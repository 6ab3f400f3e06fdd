"""One measuring process of the week bench: reads the week when asked, and says how long it took.

Each line is answered with the seconds the whole took, those of its queries, how many they were, and what was found.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import django

HOST = UUID("01890000-0000-7000-8000-000000000001")
AT, MONDAY = datetime(2027, 3, 1, 7, tzinfo=UTC), date(2027, 3, 1)


def main() -> None:
    """The rows of the page, as the view asks for them. Nobody has a number here, so the access machine is not asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    django.setup()
    from django.db import connection

    from navmeet.accounts.actor import Actor, ActorKind
    from navmeet.pages.staff import week_rows

    by = Actor(kind=ActorKind.CASEWORKER, id=HOST, office="0299", nav_ident="Z990001")
    spent: list[float] = []

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - began)

    with connection.execute_wrapper(timed):
        for _ in sys.stdin:
            spent.clear()
            began = time.perf_counter()
            week = week_rows.week(MONDAY, whole_office=False, by=by, at=AT)
            took = time.perf_counter() - began
            found = sum(len(day["meetings"]) for day in week.days)
            sys.stdout.write(f"{took} {sum(spent)} {len(spent)} {found}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
