"""`python -m navmeet.dev.registers --port 8020`: the stand-in as a process, until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading

from navmeet.dev.registers.server import serve


def main() -> int:
    """Run until told to stop. Returns the exit status: 1 when the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m navmeet.dev.registers", description=__doc__)
    parser.add_argument("--port", type=int, default=8020)
    port = parser.parse_args().port
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        running = serve(port)
    except OSError as taken:
        print(f"registers: port {port} cannot be used: {taken.strerror}", file=sys.stderr)
        return 1
    print(f"registers: ready on {running.url}", flush=True)
    stop.wait()
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
