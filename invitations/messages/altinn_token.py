"""Altinn's token: Maskinporten's, had from the token sidecar, exchanged at Altinn, and kept until it soon expires.

`GET ALTINN_EXCHANGE_URL` with the Maskinporten token answers with a JWT as plain text (Altinn, authentication/api/v1).
"""

import base64
import json
import threading
import time
from typing import Any

from django.conf import settings

from invitations.messages import altinn_http
from navmeet.registers import tokens
from navmeet.registers.tokens import NoToken

MARGIN_SECONDS = 30.0
# For a token that does not say when it ends; Altinn's live half an hour.
USUAL_SECONDS = 300.0

_lock = threading.Lock()
_kept: dict[tuple[str, str], tuple[str, float]] = {}


def bearer(*, deadline: float, fresh: bool = False) -> str:
    """A token for our orders. `fresh` passes over all that is kept, here and in the sidecar.

    Raises NoToken, whose text is the cause, or NoAnswer.
    """
    key = (settings.ALTINN_EXCHANGE_URL, settings.ALTINN_SCOPE)
    with _lock:
        token, expires = _kept.get(key, ("", 0.0))
    if token and not fresh and time.monotonic() < expires:
        return token
    asked = time.monotonic()
    token = _exchanged(deadline, fresh)
    with _lock:
        _kept[key] = (token, asked + _lasts(token) - MARGIN_SECONDS)
    return token


def forget() -> None:
    """Drop every kept token."""
    with _lock:
        _kept.clear()


def _exchanged(deadline: float, fresh: bool) -> str:
    answer = _exchange(deadline, fresh)
    if answer.status == 401 and not fresh:
        # What the sidecar had kept may have been withdrawn.
        answer = _exchange(deadline, fresh=True)
    if answer.status != 200:
        raise NoToken(f"exchange_status_{answer.status}")
    # Which of the two it is depends on what the answer was asked to be.
    token = answer.body.decode("ascii", "replace").strip().strip('"')
    if not token.isascii() or not token.isprintable() or not token or " " in token:
        raise NoToken("odd_answer")
    return token


def _exchange(deadline: float, fresh: bool) -> altinn_http.Answer:
    def ask(url: str, body: Any) -> tuple[int, bytes]:
        answer = altinn_http.call("POST", url, deadline=deadline, body=body)
        return answer.status, answer.body

    theirs = tokens.bearer(settings.ALTINN_SCOPE, send=ask, fresh=fresh, provider="maskinporten")
    headers = {"Authorization": f"Bearer {theirs}"}
    return altinn_http.call("GET", settings.ALTINN_EXCHANGE_URL, deadline=deadline, headers=headers)


def _lasts(token: str) -> float:
    """Seconds until it expires by its own word, which nobody has to trust: a wrong one is answered with 401."""
    try:
        middle = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return float(claims["exp"]) - time.time()
    except (IndexError, ValueError, KeyError, TypeError):
        return USUAL_SECONDS
