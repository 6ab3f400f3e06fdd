"""`python -m navmeet.dev.video --port 8031`: the stand-in as a process, until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading

from navmeet.dev.video.server import Server


def main() -> int:
    """Run until told to stop. Returns the exit status: 1 when the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m navmeet.dev.video", description=__doc__)
    parser.add_argument("--port", type=int, default=8031)
    port = parser.parse_args().port
    try:
        server = Server(port)
    except OSError as taken:
        print(f"video: port {port} cannot be used: {taken.strerror}", file=sys.stderr)
        return 1
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    print(f"video: ready on http://127.0.0.1:{server.server_address[1]}", flush=True)
    stopping.wait()
    server.shutdown()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
