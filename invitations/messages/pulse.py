"""When a part of the worker last did its work."""

from datetime import datetime

from invitations.models import Pulse


def beat(name: str, at: datetime) -> None:
    """`name` works at `at`. One statement, whoever else beats."""
    Pulse.objects.bulk_create(
        [Pulse(name=name, at=at)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )
