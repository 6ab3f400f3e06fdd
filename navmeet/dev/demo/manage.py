"""`python -m navmeet.dev.demo.manage shell`: manage.py with the environment of the demo that runs in this folder."""

import os
import sys
import threading

from navmeet.dev.demo.__main__ import FOLDER, complain
from navmeet.dev.servers.environment import Ports
from navmeet.dev.servers.errors import CannotStart
from navmeet.dev.servers.house import House
from navmeet.dev.servers.running import ROOT


def main() -> None:
    """Does not return: this process becomes manage.py, or ends with 1 if the demo does not run."""
    try:
        house = House(FOLDER, Ports.read(os.environ.get("PORTS", "")), lambda _: None, threading.Event())
        house.find_servers()
        values = {**os.environ, **house.environment()}
    except (CannotStart, OSError) as error:
        complain(error)
        sys.exit(1)
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "manage.py", *sys.argv[1:]], values)  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    main()
