"""A site that logs people in, as plain HTTP: what a browser and our own login would do, step by step."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwk, jwt

from navmeet.dev.issuers import Issuer

VERIFIER = "a-verifier-of-the-tests-" + "0123456789" * 3
ORIGIN = "http://localhost:8001"
CALLBACK = f"{ORIGIN}/login/callback/"


@dataclass
class RelyingParty:
    """One browser at one issuer. `pages` are the login pages it was shown."""

    issuer: Issuer
    browser: httpx.Client
    pages: list[str] = field(default_factory=list)

    def authorize(self, *, person: str = "", **wishes: str) -> dict[str, str]:
        """What the callback is given: a code, or an error. Logs in as `person` where a login page is shown."""
        asked = {
            "client_id": "navmeet",
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": CALLBACK,
            "state": "a-state",
            "nonce": "a-nonce",
            "code_challenge": _challenge(VERIFIER),
            "code_challenge_method": "S256",
        }
        answer = self.browser.get(f"{self.issuer.url}/auth", params={**asked, **wishes})
        for _ in range(10):
            where = answer.headers.get("location", "")
            if where.startswith(ORIGIN):
                return {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
            if where:
                answer = self.browser.get(httpx.URL(self.issuer.url).join(where))
                continue
            assert answer.status_code == 200, answer.text
            self.pages.append(answer.text)
            answer = self.browser.post(self.issuer.url + _action(answer.text), data={"person": person})
        raise AssertionError("the issuer goes in circles")

    def exchange(self, code: str, verifier: str = VERIFIER) -> httpx.Response:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        }
        return self.browser.post(f"{self.issuer.url}/token", data=asked, auth=("navmeet", "a-secret-of-the-tests"))

    def log_in(self, person: str, **wishes: str) -> str:
        """The ID token as text."""
        given = self.authorize(person=person, **wishes)
        return str(self.exchange(given["code"]).json()["id_token"])

    def claims(self, token: str) -> dict[str, Any]:
        """What the token says, its signature checked."""
        keys = jwk.KeySet.import_key_set(self.browser.get(f"{self.issuer.url}/jwks").json())
        return jwt.decode(token, keys).claims

    def log_out(self, token: str) -> str:
        """Where the issuer sends the browser afterwards."""
        asked = {"id_token_hint": token, "post_logout_redirect_uri": f"{ORIGIN}/logged-out/"}
        page = self.browser.get(f"{self.issuer.url}/session/end", params=asked).text
        form = dict(re.findall(r'name="(\w+)" value="([^"]+)"', page))
        return self.browser.post(_action(page), data={**form, "logout": "yes"}).headers["location"]


class NewSite(Protocol):
    def __call__(self, issuer: Issuer, browser: httpx.Client | None = None) -> RelyingParty: ...


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _action(page: str) -> str:
    found = re.search(r'action="([^"]+)"', page)
    assert found, page
    return found[1]
