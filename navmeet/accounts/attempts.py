"""Logins that are under way, one sealed cookie each: several tabs may log in at once, and nobody who only knocks
leaves a row in the database. The cookie is sealed for its `state`, lives as long as the issuer lets people sit on its
page, and is taken away by the callback. What makes a code usable once is the issuer; what binds it to this browser
is this cookie.
"""

import base64
import json
import time
from dataclasses import asdict, dataclass

from authlib.common.security import generate_token
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from navmeet.accounts.issuer import Attempt
from navmeet.protect.columns import CannotOpen, open_sealed, seal

LASTS_SECONDS = 3600
MOST_AT_ONCE = 5
_TABLE, _COLUMN = "cookie", "login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An attempt and where it was going."""

    attempt: Attempt
    next: str


def begin(redirect_uri: str, *, level: str = "") -> Attempt:
    """A new attempt with fresh state, nonce and verifier."""
    return Attempt(
        state=generate_token(32),
        nonce=generate_token(32),
        verifier=generate_token(64),
        redirect_uri=redirect_uri,
        level=level,
    )


def keep(request: HttpRequest, response: HttpResponseBase, begun: Begun) -> None:
    """Set the cookie; the oldest of too many others goes."""
    said = {**asdict(begun.attempt), "next": begun.next, "at": int(time.time())}
    sealed = seal(json.dumps(said), table=_TABLE, column=_COLUMN, row=begun.attempt.state)
    value = base64.urlsafe_b64encode(bytes(sealed)).decode("ascii")
    others = [name for name in request.COOKIES if name.startswith(_prefix())]
    for name in others[: max(0, len(others) - MOST_AT_ONCE + 1)]:
        response.delete_cookie(name, path="/", samesite="Lax")
    response.set_cookie(
        _name(begun.attempt.state),
        value,
        max_age=LASTS_SECONDS,
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def find(request: HttpRequest, state: str) -> Begun | None:
    """The attempt that this browser began with this state; None if it did not, or too long ago."""
    value = request.COOKIES.get(_name(state))
    if not state or not value:
        return None
    try:
        sealed = base64.urlsafe_b64decode(value.encode("ascii"))
        said = json.loads(open_sealed(sealed, table=_TABLE, column=_COLUMN, row=state))
        # Real time, also where tests give the house another: the issuer's hour is real.
        if time.time() - said.pop("at") > LASTS_SECONDS:
            return None
        going_to = said.pop("next")
        return Begun(attempt=Attempt(**said), next=going_to)
    except (CannotOpen, ValueError, TypeError, KeyError):
        return None


def forget(request: HttpRequest, response: HttpResponseBase, state: str) -> None:
    """Take the cookie away: a callback is answered once."""
    if _name(state) in request.COOKIES:
        response.delete_cookie(_name(state), path="/", samesite="Lax")


def _prefix() -> str:
    return f"{settings.SESSION_COOKIE_NAME}-login-"


def _name(state: str) -> str:
    # Only letters and digits, whatever the address says: this becomes a cookie's name.
    return _prefix() + "".join(sign for sign in state[:12] if sign.isascii() and sign.isalnum())
