"""One sweep by hand: `manage.py send_due`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from invitations.messages import send
from navmeet import clock


class Command(BaseCommand):
    help = "Sends what is due: one batch of messages and one of retractions, or --all until nothing is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        while True:
            swept = send.sweep(clock.now())
            self.stdout.write(" ".join(f"{name}={count}" for name, count in vars(swept).items()))
            if not options["all"] or swept.is_idle or swept.is_stuck:
                return
