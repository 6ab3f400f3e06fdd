"""Maskinporten's tokens as the stand-ins make and read them: a JWT with a scope and an end, signed among themselves.

The real ones are signed with Maskinporten's own key, and Altinn looks that key up; nobody else has to read them.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any

SECONDS = 120
_SIGNED_WITH = b"known to all who read this: it is worth nothing outside of this machine"


def issue(scope: str, *, seconds: int = SECONDS, key: bytes = _SIGNED_WITH) -> str:
    """A token for one scope that lasts so long."""
    claims = {"scope": scope, "iss": "https://maskinporten.example/", "exp": int(time.time()) + seconds}
    claims |= {"consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:889640782"}, "jti": secrets.token_hex(8)}
    whole = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{whole}.{_signature(whole, key)}"


def claims_of(token: str, *, key: bytes = _SIGNED_WITH) -> dict[str, Any] | None:
    """What the token says, if it was signed so and has not ended."""
    whole, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(whole, key).encode()):
        return None
    middle = whole.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return claims if claims["exp"] > time.time() else None


def _part(value: dict[str, Any]) -> str:
    return _without_padding(json.dumps(value, separators=(",", ":")).encode())


def _signature(whole: str, key: bytes) -> str:
    return _without_padding(hmac.new(key, whole.encode(), hashlib.sha256).digest())


def _without_padding(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
