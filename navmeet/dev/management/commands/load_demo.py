from typing import Any

from django.core.management.base import BaseCommand

from navmeet import clock
from navmeet.dev import demo_data


class Command(BaseCommand):
    help = "Loads the demo's office, through the registers' stand-in; does nothing where there are meetings already."

    def handle(self, **_: Any) -> None:
        is_new = demo_data.load(clock.now())
        self.stdout.write("Demodata er lastet." if is_new else "Det er møter her fra før. Ingenting er endret.")
