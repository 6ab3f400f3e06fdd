"""Booking a meeting with three participants, against the same rows by bare SQL, in one run.

`make bench NAME=booking`. A booking is the whole verb: calendars locked and looked at, hours, texts sealed, revision,
audit, what is planned to be told. Yardstick: the INSERTs it made, with fresh ids and another hour, one transaction.
"""

from contextlib import ExitStack
from functools import partial

from benchmarks import ground, measuring

BOOKINGS, ROUNDS = 20, 9


def main() -> None:
    """One program on one database books by the verb and by bare SQL, in turn."""
    with ExitStack() as stack:
        server = stack.enter_context(ground.server())
        name = stack.enter_context(ground.database(server, "booking"))
        redis_url = stack.enter_context(ground.redis())
        program = ground.Asked(ground.prepared(server, name, redis_url=redis_url), "-m", "benchmarks.booking_run")
        stack.callback(program.close)
        told: dict[str, str] = {}

        def rate(how: str) -> float:
            took, told[how] = program.once(f"{how} {BOOKINGS}")
            return BOOKINGS / float(took)

        figures = measuring.in_turn({how: partial(rate, how) for how in ("verb", "sql")}, rounds=ROUNDS)
    measuring.table(figures, unit="bookings/s", base="sql")
    print(f"statements a booking: {told['verb']} by the verb, {told['sql']} by bare SQL")
    measuring.result(
        name="booking", value=figures["verb"], unit="bookings/s", yardstick=figures["sql"], n=BOOKINGS * ROUNDS
    )


if __name__ == "__main__":
    main()
