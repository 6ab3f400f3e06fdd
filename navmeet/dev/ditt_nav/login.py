"""Logging in at ID-porten: OIDC code flow with PKCE. Sessions live in memory; a restart logs everybody out."""

import base64
import hashlib
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

LEVELS = {"substantial": "idporten-loa-substantial", "high": "idporten-loa-high"}
_ACR = {"idporten-loa-high": "high", "Level4": "high"}
_LOGIN_SECONDS = 3600
_SESSION_SECONDS = 6 * 3600


class LoginFailed(Exception):
    """Nobody was logged in; the text says why, in Norwegian."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in. `level` is substantial or high; `form_key` must come back in forms."""

    ident: str = field(repr=False)
    level: str
    language: str
    id_token: str = field(repr=False)
    form_key: str = field(repr=False)
    until: float


@dataclass(frozen=True, slots=True)
class _Begun:
    browser: str
    verifier: str
    nonce: str
    until: float


class Login:
    """The client `ditt-nav` at the issuer of IDPORTEN_WELL_KNOWN_URL. `site` is this server's own address."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._well_known = os.environ.get(
            "IDPORTEN_WELL_KNOWN_URL", "http://127.0.0.1:8011/.well-known/openid-configuration"
        )
        self._client_id = os.environ.get("DITT_NAV_CLIENT_ID", "ditt-nav")
        self._secret = os.environ.get("DITT_NAV_CLIENT_SECRET", "")
        self._begun: dict[str, _Begun] = {}
        self._people: dict[str, Person] = {}
        self._lock = threading.Lock()

    def begin(self, browser: str, level: str) -> str:
        """Where to send the browser. Raises LoginFailed when the issuer does not answer."""
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        state = secrets.token_urlsafe(24)
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": f"{self._site}/callback",
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            "acr_values": LEVELS.get(level, LEVELS["substantial"]),
        }
        address = f"{self._issuer()['authorization_endpoint']}?{urlencode(asked)}"
        with self._lock:
            self._forget_old()
            self._begun[state] = _Begun(browser, verifier, nonce, time.time() + _LOGIN_SECONDS)
        return address

    def finish(self, browser: str, query: dict[str, str]) -> str:
        """The name of a new session. Raises LoginFailed."""
        with self._lock:
            begun = self._begun.pop(query.get("state", ""), None)
        if begun is None or begun.browser != browser or begun.until < time.time():
            raise LoginFailed("Innloggingen hører ikke til denne nettleseren, eller den tok for lang tid.")
        if "code" not in query:
            raise LoginFailed("Innloggingen ble avbrutt.")
        session = secrets.token_urlsafe(32)
        person = self._person(query["code"], begun)
        with self._lock:
            self._people[session] = person
        return session

    def person(self, session: str) -> Person | None:
        """Who this session belongs to, if anybody."""
        with self._lock:
            person = self._people.get(session)
        return person if person and person.until > time.time() else None

    def end(self, session: str) -> str:
        """Forget the session. Returns where the issuer's own session is ended."""
        with self._lock:
            person = self._people.pop(session, None)
        if person is None:
            return "/"
        try:
            ending = self._issuer()["end_session_endpoint"]
        except (LoginFailed, KeyError):
            return "/"
        return f"{ending}?{urlencode({'id_token_hint': person.id_token, 'post_logout_redirect_uri': f'{self._site}/'})}"

    def _issuer(self) -> dict[str, Any]:
        return _fetched(self._well_known)

    def _person(self, code: str, begun: _Begun) -> Person:
        issuer = self._issuer()
        try:
            token = self._exchanged(issuer["token_endpoint"], code, begun.verifier)
            keys = KeySet.import_key_set(_fetched(issuer["jwks_uri"]))  # type: ignore[arg-type]
            claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
            _expected(issuer["issuer"], self._client_id, begun.nonce).validate(claims)
        except (JoseError, httpx.HTTPError, KeyError, ValueError) as wrong:
            raise LoginFailed("ID-porten godtok ikke innloggingen. Prøv igjen.") from wrong
        return Person(
            ident=str(claims["pid"]),
            level=_ACR.get(str(claims.get("acr")), "substantial"),
            language=str(claims.get("locale", "nb")),
            id_token=token["id_token"],
            form_key=secrets.token_urlsafe(24),
            until=time.time() + _SESSION_SECONDS,
        )

    def _exchanged(self, endpoint: str, code: str, verifier: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        form["redirect_uri"] = f"{self._site}/callback"
        whose = httpx.BasicAuth(self._client_id, self._secret)
        answer = httpx.post(endpoint, data=form, auth=whose, timeout=5, trust_env=False)
        token: dict[str, Any] = answer.raise_for_status().json()
        return token

    def _forget_old(self) -> None:
        at = time.time()
        self._begun = {state: begun for state, begun in self._begun.items() if begun.until > at}
        self._people = {session: person for session, person in self._people.items() if person.until > at}


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _expected(issuer: str, client_id: str, nonce: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=10,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
        pid={"essential": True},
    )


def _fetched(address: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = httpx.get(address, timeout=5, trust_env=False).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as wrong:
        raise LoginFailed("ID-porten svarer ikke akkurat nå. Prøv igjen om litt.") from wrong
    return found
