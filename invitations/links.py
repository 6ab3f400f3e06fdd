"""The one lasting link a participant has: short, signed, naming an invitation. A link finds, it does not prove."""

import base64
import binascii
from uuid import UUID

from django.conf import settings
from django.core import signing

from navmeet.exceptions import NotFound

_signer = signing.Signer(salt="navmeet.invitation-link")


def sign(invitation_id: UUID) -> str:
    """The token: 22 characters of id, a colon, 43 of signature. It holds nothing about anybody."""
    return _signer.sign(base64.urlsafe_b64encode(invitation_id.bytes).decode().rstrip("=")).replace(":", ".")


def read(token: str) -> UUID:
    """The invitation a token names. Raises NotFound for anything not signed by us, whatever is wrong with it."""
    named, _, signature = token.rpartition(".")
    try:
        return UUID(bytes=base64.urlsafe_b64decode(_signer.unsign(f"{named}:{signature}") + "=="))
    except (signing.BadSignature, binascii.Error, ValueError):
        raise NotFound("Lenken virker ikke.", code="link_unknown") from None


def path(invitation_id: UUID) -> str:
    """The link's path on the citizen surface."""
    return f"/i/{sign(invitation_id)}/"


def address(invitation_id: UUID) -> str:
    """The link as it is sent: from PUBLIC_BASE_URL, never from what a request said the host was."""
    return f"{settings.PUBLIC_BASE_URL}{path(invitation_id)}"
