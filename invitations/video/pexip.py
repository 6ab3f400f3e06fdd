"""Pexip Infinity: join addresses, the host's PIN, and the name under which its nodes know a meeting.

Form: https://<host>/<path>/m/<alias>@<domain>/<suffix> (contracts/video.md § 2). Nobody's name is in an address:
the platform is told it when it asks (see policy).
"""

from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from invitations.video.provider import Capabilities

# 4 to 20 digits; one length for all, so that none needs the "#" that ends PINs of different lengths.
PIN_DIGITS = 8


class Pexip:
    """Asks us at each join (external policy)."""

    capabilities = Capabilities(asks_at_join=True, own_address_each=True, tells_what_happened=True)

    def guest_address(self, alias: str) -> str:
        """With role=guest, who needs no PIN."""
        return _address(alias, role="guest")

    def host_address(self, alias: str, meeting_id: UUID) -> str:
        """With the meeting's PIN, which makes whoever has it a host."""
        return _address(alias, pin=host_pin(meeting_id), role="host")


def host_pin(meeting_id: UUID) -> str:
    """The meeting's PIN: made from the secret key, kept nowhere."""
    number = int.from_bytes(_mac("navmeet.video.host-pin", meeting_id)[:8])
    return f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}d}"


def service_name(meeting_id: UUID) -> str:
    """What all of a meeting's aliases lead to. Everybody who joins is told it: nothing can be done with it."""
    return f"nav-{_mac('navmeet.video.service', meeting_id).hex()[:32]}"


def _mac(salt: str, meeting_id: UUID) -> bytes:
    return salted_hmac(salt, meeting_id.bytes, algorithm="sha256").digest()


def _address(alias: str, **query: str) -> str:
    name = quote(f"{alias}@{settings.VIDEO_DOMAIN}", safe="@")
    parts = [settings.VIDEO_BASE_URL.rstrip("/"), settings.VIDEO_PATH, "m", name]
    if settings.VIDEO_SUFFIX:
        parts.append(settings.VIDEO_SUFFIX)
    return "/".join(parts) + (f"?{urlencode(query)}" if query else "")
