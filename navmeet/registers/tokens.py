"""Machine tokens from the token sidecar (Texas), kept until shortly before they expire.

`POST NAIS_TOKEN_ENDPOINT {"identity_provider": "entra_id", "target": …}` (contracts/login.md § 3.3). For Maskinporten
the target is a scope.
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any, TypeAlias

from django.conf import settings

MARGIN_SECONDS = 30.0

Send: TypeAlias = Callable[[str, Any], tuple[int, bytes]]

_lock = threading.Lock()
_kept: dict[tuple[str, str, str], tuple[str, float]] = {}


class NoToken(Exception):
    """The sidecar gave none. The text is the cause, for the log: a status or a word, never a token."""


def bearer(target: str, *, send: Send, fresh: bool = False, provider: str = "entra_id") -> str:
    """A token for `target`. `fresh` asks the sidecar to pass over its own cache too. Raises NoToken.

    Two threads may ask at once and both be answered: cheaper than letting one slow answer hold everybody.
    """
    key = (settings.NAIS_TOKEN_ENDPOINT, provider, target)
    with _lock:
        token, expires = _kept.get(key, ("", 0.0))
    if token and not fresh and time.monotonic() < expires:
        return token
    asked = time.monotonic()
    status, body = send(
        settings.NAIS_TOKEN_ENDPOINT,
        {"identity_provider": provider, "target": target, "skip_cache": fresh},
    )
    token, lasts = _read(status, body)
    with _lock:
        _kept[key] = (token, asked + lasts - MARGIN_SECONDS)
    return token


def forget() -> None:
    """Drop every kept token."""
    with _lock:
        _kept.clear()


def _read(status: int, body: bytes) -> tuple[str, float]:
    if status != 200:
        raise NoToken(f"status_{status}")
    try:
        answer = json.loads(body)
        token, lasts = answer["access_token"], float(answer["expires_in"])
    except (ValueError, KeyError, TypeError):
        raise NoToken("odd_answer") from None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
        raise NoToken("odd_answer")
    return token, lasts
