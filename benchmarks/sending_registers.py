"""The registers' stand-in, knowing as many people as the sending bench makes: `python -m benchmarks.sending_registers`.

Words: the port, and how many. Looked up by number, not searched for, so that it takes little of the machine.
"""

import sys
import threading

from navmeet.dev import registers
from navmeet.dev.personas import Citizen
from navmeet.dev.registers.state import Known, State


def numbers(count: int) -> list[str]:
    """So many synthetic identity numbers, all different."""
    from tests import make

    found: dict[str, None] = {}
    serial = 0
    while len(found) < count:
        serial += 1
        found[make.identity_number(serial)] = None
    return list(found)


def main() -> None:
    """Answer until killed; everybody can be told, and nobody is protected."""
    import django

    django.setup()
    port, count = map(int, sys.argv[1:])
    people = {
        number: Known(citizen=Citizen(number=number, given_name="Kari", family_name="Testdal", phone="+4700000001"))
        for number in numbers(count)
    }

    def find(_: State, number: str) -> Known | None:
        return people.get(number)

    State.find = find  # type: ignore[method-assign,assignment]
    registers.serve(port)
    threading.Event().wait()


if __name__ == "__main__":
    main()
