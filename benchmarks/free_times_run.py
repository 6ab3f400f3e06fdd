"""One measuring process of the free-times bench: searches when asked, and says how long each took.

Reads lines from standard input; answers each with the seconds the whole search took, and those of its queries.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import django

IDS = [UUID(f"01890000-0000-7000-8000-00000000000{number}") for number in (1, 2, 3)]
AT = datetime(2027, 3, 1, 7, tzinfo=UTC)


def main() -> None:
    """Four weeks of three calendars that are free in the last hour of each day only."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    django.setup()
    from django.db import connection

    from meetings import free_times
    from meetings.models import Format, MeetingType, Office

    wish = free_times.Wish(
        staff=(IDS[0],),
        person_id=IDS[1],
        room_id=IDS[2],
        length=timedelta(minutes=30),
        held=Format.IN_PERSON,
        meeting_type=MeetingType.objects.get(pk="FOLLOW_UP"),
        office=Office.objects.get(pk="0299"),
    )
    spent = [0.0]

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent[0] += time.perf_counter() - began

    with connection.execute_wrapper(timed):
        for _ in sys.stdin:
            spent[0] = 0.0
            began = time.perf_counter()
            found = free_times.free_times(wish, from_=AT, until=AT + timedelta(weeks=4), n=1_000, at=AT)
            sys.stdout.write(f"{time.perf_counter() - began} {spent[0]} {len(found)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
