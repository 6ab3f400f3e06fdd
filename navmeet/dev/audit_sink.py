"""A stand-in for Nav's audit archive: syslog over TCP, one line an event, kept in a file before the next is read.

`python -m navmeet.dev.audit_sink --port 8032 --file .demo/audit.log` (contracts/audit-log.md, transport).
"""

import argparse
import os
import signal
import socketserver
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 128_000


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, port: int, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.writing = threading.Lock()
        try:
            super().__init__(("127.0.0.1", port), _Conversation)
        except OSError:
            os.close(self.descriptor)
            raise

    def keep(self, line: bytes) -> None:
        """Append one whole line and wait for the disk."""
        with self.writing:
            while line:
                line = line[os.write(self.descriptor, line) :]
            os.fsync(self.descriptor)


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Keep what ends in a newline. A line cut off, or longer than the archive takes, ends the conversation."""
        try:
            while (line := self.rfile.readline(MOST_BYTES + 1)).endswith(b"\n"):
                self.server.keep(line)
        except ConnectionError:
            return
        if line:
            print(f"audit sink: dropped {len(line)} bytes without a newline", file=sys.stderr, flush=True)


@dataclass
class RunningSink:
    """A sink that takes lines until `stop()`."""

    port: int
    file: Path
    _server: _Server
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def lines(self) -> list[str]:
        """What was kept so far."""
        return self.file.read_text(encoding="utf-8").splitlines()

    def stop(self) -> None:
        """Stop listening; what was read is on disk."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        with self._server.writing:
            os.close(self._server.descriptor)


def serve(port: int, file: Path) -> RunningSink:
    """Start on 127.0.0.1; port 0 takes a free one. Raises OSError for a taken port or a file that cannot be opened."""
    server = _Server(port, file)
    return RunningSink(port=server.server_address[1], file=file, _server=server)


def main() -> int:
    """Run until SIGTERM or Ctrl-C. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m navmeet.dev.audit_sink", description=__doc__)
    parser.add_argument("--port", type=int, default=8032)
    parser.add_argument("--file", type=Path, required=True)
    given = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        sink = serve(given.port, given.file)
    except OSError as wrong:
        print(f"audit sink: cannot start on port {given.port}: {wrong.strerror}", file=sys.stderr)
        return 1
    print(f"audit sink: ready on 127.0.0.1:{sink.port}", flush=True)
    stop.wait()
    sink.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
