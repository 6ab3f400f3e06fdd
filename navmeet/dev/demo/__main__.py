"""Start the demo, show where everything is, and keep it running until Ctrl-C."""

import contextlib
import fcntl
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from navmeet.dev.demo import overview
from navmeet.dev.servers.environment import Ports
from navmeet.dev.servers.errors import DISK_FULL_SIGN, CannotStart, Unwanted, in_one_line
from navmeet.dev.servers.house import House
from navmeet.dev.servers.running import ROOT

FOLDER = ROOT / ".demo"
LEAST_FREE_BYTES = 500_000_000


def main() -> int:
    """0 when it was asked to stop, 1 when it could not start or something ended by itself."""
    began = time.monotonic()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.set())

    def say(text: str) -> None:
        print(f"  {time.monotonic() - began:5.1f} s  {text}", flush=True)

    try:
        FOLDER.mkdir(exist_ok=True)
        check_disk(FOLDER)
        with sole_use(FOLDER):
            house = House(FOLDER, Ports.read(os.environ.get("PORTS", "")), say, ended)
            return live(house, ended, began)
    except (CannotStart, OSError) as error:
        complain(error)
        return 1


def live(house: House, ended: threading.Event, began: float) -> int:
    """Up, until somebody asks or something dies, and down again whatever happens."""
    code = 0
    try:
        if os.environ.get("RESET", "") not in ("", "0"):
            house.begin_anew()
        house.start()
        print(overview.page(house, time.monotonic() - began), flush=True)
        while not ended.wait(1):
            house.check()
    except Unwanted:
        code = 0
    except (CannotStart, OSError) as error:
        complain(error)
        code = 1
    print("\nStopping everything …", flush=True)
    house.stop()
    print("Everything has stopped; the data are kept for the next run.", flush=True)
    return code


@contextlib.contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Raises CannotStart if a demo runs in this folder. The lock falls with the process that holds it."""
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise CannotStart(f"The demo runs already (process {lock.read().strip()}): stop it with Ctrl-C.") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise CannotStart(f"The disk is nearly full ({free // 1_000_000} MB are left): make room and start again.")


def complain(error: BaseException) -> None:
    """One line of what is wrong; where that does not say it all, also what the program itself said last."""
    print(f"\nnavmeet: {in_one_line(error)}", file=sys.stderr)
    if isinstance(error, CannotStart) and error.details and DISK_FULL_SIGN not in error.details:
        print("  It said last:\n    " + error.details.replace("\n", "\n    "), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
