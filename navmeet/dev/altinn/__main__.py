"""`python -m navmeet.dev.altinn --port 8033`: the stand-in as a process, until SIGTERM or Ctrl-C."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from navmeet.dev.altinn.running import serve


def main() -> int:
    """Run until told to stop. Returns the exit status: 1 when the port is taken."""
    options = _options()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        running = serve(options.state, options.port, pace=options.pace, citizen_base=options.citizen_base)
    except OSError as taken:
        print(f"altinn: port {options.port} cannot be used: {taken.strerror}", file=sys.stderr)
        return 1
    print(f"altinn: ready on {running.url}", flush=True)
    stop.wait()
    running.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m navmeet.dev.altinn", description=__doc__)
    parser.add_argument("--port", type=int, default=8033)
    parser.add_argument("--state", type=Path, default=Path(".demo/altinn"), help="the folder of what was ordered")
    parser.add_argument("--citizen-base", default=os.environ.get("CITIZEN_URL", "http://localhost:8001"))
    parser.add_argument("--pace", type=float, default=0.5, help="seconds between two steps of a delivery")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
