"""`manage.py check_pulse sweep probe`: has each of these worked lately? For health checks of what has no port."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from invitations.models import Pulse
from navmeet import clock


class Command(BaseCommand):
    help = "Ends with 1 when one of the named parts (sweep, probe, consumer) has not worked within --within seconds."
    # Asked every minute: nothing but the answer.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="+", metavar="name")
        parser.add_argument("--within", type=int, default=120, metavar="SECONDS", help="(120)")

    def handle(self, *_: Any, names: list[str], within: int, **__: Any) -> None:
        """Raises CommandError, which is exit code 1."""
        try:
            worked = dict(Pulse.objects.filter(name__in=names).values_list("name", "at"))
        except Error as error:
            raise CommandError(f"The database does not answer ({type(error).__name__}).") from None
        since = clock.now() - timedelta(seconds=within)
        silent = [name for name in names if name not in worked or worked[name] < since]
        if silent:
            raise CommandError(f"Not at work for {within} s: {', '.join(silent)}.")
