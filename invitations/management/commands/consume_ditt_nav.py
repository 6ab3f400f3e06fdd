"""Reads what Min side says became of our notifications, until it is told to stop."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from invitations.messages import consume


class Command(BaseCommand):
    help = "Reads Min side's status events and keeps what concerns our messages. SIGTERM or Ctrl-C ends it."

    def handle(self, *_: Any, **__: Any) -> None:
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        consume.until(ended)
