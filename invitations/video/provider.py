"""What any video platform must be able to do for us. Which one it is stands in the settings, and in no link ever sent.

Addresses are built at the click. A room needs no making: it is a row of ours, and the platform asks us at each join.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Capabilities:
    """What the platform does itself, and what we must therefore do for it.

    `asks_at_join`: it asks us before it lets anybody in. `own_address_each`: each visit has an address of its own.
    `tells_what_happened`: it sends events.
    """

    asks_at_join: bool
    own_address_each: bool
    tells_what_happened: bool


class Provider(Protocol):
    """One video platform."""

    capabilities: Capabilities

    def guest_address(self, alias: str) -> str:
        """Where one who was let in goes on to. Holds nothing about them."""

    def host_address(self, alias: str, meeting_id: UUID) -> str:
        """Where those from Nav go on to; with what proves to the platform that they keep the door."""


def current() -> Provider:
    """The platform named by settings.VIDEO_PROVIDER."""
    made: Provider = import_string(settings.VIDEO_PROVIDER)()
    return made
