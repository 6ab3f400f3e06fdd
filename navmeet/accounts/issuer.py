"""The two issuers that say who somebody is: Entra for employees, ID-porten for citizens. Code flow with PKCE.

The protocol is Authlib's and joserfc's; the calls are httpx'. (Authlib's Django client speaks through `requests`, a
second HTTP library that nothing else here needs, and its httpx client is deprecated.) Nothing of a token, a code or
a claim is logged or put into an error.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from navmeet.exceptions import NotPermitted, Unavailable

TIMEOUT = httpx.Timeout(5, connect=2)
# Never `none`, and never a shared secret: whoever reads our configuration must not be able to make people up.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY_SECONDS = 30
KEPT_SECONDS = 3600

_log = structlog.get_logger(__name__)
_clients: list[httpx.Client] = []


class LoginRefused(NotPermitted):
    """The issuer, or what it said, does not let this login through. Starting again is the way on."""

    code = "login_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one login must come back with. Kept in the browser, sealed; see attempts.py."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    level: str = ""


class Issuer:
    """One issuer by its well-known address, and us as its client."""

    def __init__(self, well_known: str, client_id: str, client_secret: str) -> None:
        self.well_known = well_known
        self.client_id = client_id
        self._secret = client_secret
        self._said: dict[str, Any] = {}
        self._said_at = 0.0
        self._keys: KeySet | None = None

    def login_url(self, attempt: Attempt, **wishes: str) -> str:
        """Where the browser goes to log in; `wishes` are acr_values, ui_locales, prompt. Raises Unavailable."""
        return prepare_grant_uri(  # type: ignore[no-any-return]
            self._metadata()["authorization_endpoint"],
            client_id=self.client_id,
            response_type="code",
            redirect_uri=attempt.redirect_uri,
            scope="openid profile",
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
            **{name: value for name, value in wishes.items() if value},
        )

    def redeem(self, code: str, attempt: Attempt) -> tuple[str, Mapping[str, Any]]:
        """The ID token for a code, as it came and as claims that were checked. Raises LoginRefused, Unavailable."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        answer = self._call("POST", self._metadata()["token_endpoint"], data=form, auth=(self.client_id, self._secret))
        if answer.status_code >= 500:
            raise _away(f"status_{answer.status_code}")
        token = _json(answer).get("id_token") if answer.status_code == 200 else None
        if not isinstance(token, str):
            _log.warning("login_refused", cause="code_not_redeemed", status=answer.status_code)
            raise LoginRefused(_("Innloggingen ble ikke fullført."))
        return token, self.claims(token, nonce=attempt.nonce)

    def claims(self, token: str, *, nonce: str) -> Mapping[str, Any]:
        """Check signature, issuer, audience, expiry and nonce. Raises LoginRefused, Unavailable."""
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._metadata()["issuer"]},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = self._decoded(token)
            rules.validate(claims)
        except (JoseError, ValueError) as wrong:
            _log.warning("login_refused", cause="id_token", kind=type(wrong).__name__)
            raise LoginRefused(_("Innloggingen kunne ikke bekreftes.")) from None
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self.client_id:
            raise LoginRefused(_("Innloggingen kunne ikke bekreftes."))
        return claims

    def logout_url(self, *, id_token: str, back_to: str) -> str:
        """Where the browser goes to end the login at the issuer too. Raises Unavailable."""
        asked = {"id_token_hint": id_token, "client_id": self.client_id, "post_logout_redirect_uri": back_to}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self._metadata()['end_session_endpoint']}?{query}"

    def _decoded(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS).claims
        except InvalidKeyIdError:
            # The issuer has changed its keys since we asked.
            self._keys = None
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS).claims

    def _metadata(self) -> dict[str, Any]:
        if time.monotonic() - self._said_at > KEPT_SECONDS or not self._said:
            try:
                self._said = _whole(self._call("GET", self.well_known))
                self._said_at = time.monotonic()
            except Unavailable:
                # What it said an hour ago is better than nobody getting in.
                if not self._said:
                    raise
        return self._said

    def _key_set(self) -> KeySet:
        if self._keys is None:
            answer = self._call("GET", self._metadata()["jwks_uri"])
            self._keys = KeySet.import_key_set(_whole(answer))  # type: ignore[arg-type]
        return self._keys

    def _call(self, method: str, url: str, **how: Any) -> httpx.Response:
        try:
            return _client().request(method, url, **how)
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            cause = type(broken).__name__
        # Outside the handler, so that nothing holds on to the request and its code.
        raise _away(cause)


def issuer() -> Issuer:
    """The issuer of the surface that this process serves."""
    if settings.SURFACE == "citizen":
        names = (settings.IDPORTEN_WELL_KNOWN_URL, settings.IDPORTEN_CLIENT_ID, settings.IDPORTEN_CLIENT_SECRET)
    else:
        names = (settings.AZURE_APP_WELL_KNOWN_URL, settings.AZURE_APP_CLIENT_ID, settings.AZURE_APP_CLIENT_SECRET)
    return _known(*names)


@lru_cache(maxsize=8)
def _known(well_known: str, client_id: str, client_secret: str) -> Issuer:
    return Issuer(well_known, client_id, client_secret)


def _away(cause: str) -> Unavailable:
    _log.warning("issuer_unavailable", surface=settings.SURFACE, cause=cause)
    if settings.SURFACE == "citizen":
        return Unavailable(_("Vi får ikke svar fra ID-porten. Vent litt, og prøv igjen."), code="issuer_unavailable")
    message = "Vi får ikke svar fra innloggingen for ansatte. Vent litt, og prøv igjen."
    return Unavailable(message, code="issuer_unavailable")


def _whole(answer: httpx.Response) -> dict[str, Any]:
    said = _json(answer) if answer.status_code == 200 else {}
    if not said:
        raise _away(f"status_{answer.status_code}")
    return said


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _client() -> httpx.Client:
    if not _clients:
        _clients.append(httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False))
    return _clients[0]


def close() -> None:
    """Let go of the pooled connections and of what issuers have said; for tests."""
    _known.cache_clear()
    while _clients:
        _clients.pop().close()


# A forked worker must not share its parent's sockets.
os.register_at_fork(after_in_child=_clients.clear)
