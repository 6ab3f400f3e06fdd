"""`manage.py shifted_meetings`: run with each release of time zones, before it serves. Ids and times, no names."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meetings.shifted import Shifted, shifted
from navmeet import clock

WHAT_TO_DO = (
    "Until they are moved, these meetings start at the stored instant. Open /meetings/<id>/ of each and move it to the "
    "time that was meant: everybody in it is told, and reminders and calendar entries follow."
)


class Command(BaseCommand):
    help = "Lists future meetings whose instant is another by the time zones now installed. Ends with 1 if there are."

    def handle(self, **_: Any) -> None:
        """Raises CommandError, which is exit code 1, when there is something to do."""
        count = 0
        for one in shifted(clock.now()):
            count += 1
            self.stdout.write(line(one))
        if count:
            raise CommandError(f"{count} to move. {WHAT_TO_DO}")
        self.stdout.write("No future meeting is shifted.")


def line(one: Shifted) -> str:
    """One meeting: its id, the time that was meant, the instant stored, and the instant it would be now."""
    means = f"now {_utc(one.now_means)}" if one.now_means else "a time that no longer exists"
    return f"{one.meeting_id} meant {one.meant} {one.zone}, stored {_utc(one.stored)}, {means}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
