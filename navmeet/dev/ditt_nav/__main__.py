"""`python -m navmeet.dev.ditt_nav --port 8030`: the stand-in as a process, until SIGTERM or Ctrl-C."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from navmeet.dev.ditt_nav.kept import Kept
from navmeet.dev.ditt_nav.ledger import Ledger
from navmeet.dev.ditt_nav.reading import Reader
from navmeet.dev.ditt_nav.server import Server
from navmeet.dev.ditt_nav.telling import Teller


def main() -> int:
    """Run until told to stop. Returns the exit status: 1 when the port is taken."""
    options = _options()
    kept = Kept(Ledger(options.state))
    try:
        server = Server(options.port, kept, options.citizen_base)
    except OSError as taken:
        print(f"ditt_nav: port {options.port} cannot be used: {taken.strerror}", file=sys.stderr)
        return 1
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threads = [Reader(options.brokers, kept, stopping), Teller(options.brokers, kept, stopping, options.pace)]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    for thread in threads:
        thread.start()
    print(f"ditt_nav: ready on {server.site}, reading from {options.brokers}", flush=True)
    while not stopping.wait(0.5):
        if not all(thread.is_alive() for thread in threads):
            print("ditt_nav: a thread has ended; see above", file=sys.stderr, flush=True)
            os._exit(2)
    for thread in threads:
        thread.join(2)
    # A broker that does not answer must not keep us here: what counts is on the disk already.
    sys.stdout.flush()
    os._exit(0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m navmeet.dev.ditt_nav", description=__doc__)
    parser.add_argument("--port", type=int, default=8030)
    parser.add_argument("--brokers", default=os.environ.get("KAFKA_BROKERS", "127.0.0.1:9092"))
    parser.add_argument("--state", type=Path, default=Path(".demo/ditt-nav"), help="the folder of what was read")
    parser.add_argument("--citizen-base", default=os.environ.get("CITIZEN_URL", "http://localhost:8001"))
    parser.add_argument("--pace", type=float, default=0.4, help="seconds between two steps of an SMS or e-mail")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
