from typing import Any

from django.core.management.base import BaseCommand

from meetings.starting_types import load


class Command(BaseCommand):
    help = "Stores the meeting types that navmeet starts with, where they are missing."

    def handle(self, **_: Any) -> None:
        load()
