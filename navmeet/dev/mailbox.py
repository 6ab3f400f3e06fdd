"""A mail server for the demo: takes every mail, keeps it in a file before it says so, and sends nothing on.

`python -m navmeet.dev.mailbox --port 8034 --file .demo/altinn/mailbox.jsonl`. What stands before the @ decides: ending
in 001 it is refused for good (550), in 002 for a while (451), and in 003 the mail itself is refused (554).
"""

import argparse
import errno
import json
import os
import signal
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from navmeet.dev.altinn.kept import stamp
from navmeet.dev.servers import probes

_REFUSED = {"001": "550 5.1.1 No such user", "002": "451 4.7.1 Try again later"}
_REFUSED_WHOLE = "003"


class _Keeper:
    """What aiosmtpd asks about each recipient and each mail."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether this recipient has a mailbox here."""
        refused = _REFUSED.get(_digits(address))
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep it for each recipient, and wait for the disk."""
        if any(_digits(to) == _REFUSED_WHOLE for to in envelope.rcpt_tos):
            return "554 5.7.1 Not wanted here"
        mail = message_from_bytes(_whole(envelope), policy=default)
        body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
        told = {
            "at": stamp(),
            "from": str(mail["From"]),
            "message_id": str(mail["Message-ID"]),
            "subject": str(mail["Subject"]),
            "body": body.get_content().replace("\r\n", "\n") if body is not None else "",
            "headers": [[name, str(value)] for name, value in mail.items()],
        }
        lines = "".join(json.dumps({"to": to, **told}) + "\n" for to in envelope.rcpt_tos)
        os.write(self.descriptor, lines.encode())
        os.fsync(self.descriptor)
        return "250 OK"


@dataclass
class RunningMailbox:
    """A mail server that takes mail until `stop()`."""

    file: Path
    controller: Controller
    keeper: _Keeper

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self.controller.port)

    def mails(self) -> list[dict[str, Any]]:
        """What came, the oldest first."""
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]

    def doubles(self) -> dict[str, int]:
        """The Message-IDs that came to somebody more than once, and how often."""
        counts = Counter((mail["to"], mail["message_id"]) for mail in self.mails())
        return {message_id: count for (_, message_id), count in counts.items() if count > 1}

    def stop(self) -> None:
        """Stop listening; what was taken is on the disk."""
        self.controller.stop()
        os.close(self.keeper.descriptor)


def serve(port: int, file: Path) -> RunningMailbox:
    """Start on 127.0.0.1; port 0 takes a free one. Raises OSError for a taken port or a file that cannot be opened."""
    # aiosmtpd itself would look for the server on port 0, and for five seconds on a taken one.
    chosen = port or probes.free_ports(1)[0]
    if not probes.is_free(chosen):
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    keeper = _Keeper(file)
    controller = Controller(keeper, hostname="127.0.0.1", port=chosen, server_hostname="mailbox.example")
    try:
        controller.start()
    except OSError:
        controller.loop.close()
        os.close(keeper.descriptor)
        raise
    return RunningMailbox(file, controller, keeper)


def main() -> int:
    """Run until SIGTERM or Ctrl-C. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m navmeet.dev.mailbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8034)
    parser.add_argument("--file", type=Path, required=True)
    given = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        mailbox = serve(given.port, given.file)
    except OSError as wrong:
        print(f"mailbox: cannot start on port {given.port}: {wrong.strerror}", file=sys.stderr)
        return 1
    print(f"mailbox: ready on 127.0.0.1:{mailbox.port}", flush=True)
    stop.wait()
    mailbox.stop()
    return 0


def _whole(envelope: Envelope) -> bytes:
    content = envelope.content or b""
    return content if isinstance(content, bytes) else content.encode()


def _digits(address: str) -> str:
    return address.partition("@")[0][-3:]


if __name__ == "__main__":
    sys.exit(main())
