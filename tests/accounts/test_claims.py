"""ID tokens of an issuer that is not to be trusted in anything: each missing or wrong claim is refused."""

import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pytest_django import Settings

from navmeet.accounts import claims
from navmeet.accounts.actor import ActorKind, Level
from navmeet.accounts.issuer import Issuer, LoginRefused

KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
URL = "https://issuer.example"


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Issuer:
    """An issuer whose well-known address and keys are answered here."""
    said = {"issuer": URL, "jwks_uri": f"{URL}/jwks", "token_endpoint": f"{URL}/token"}
    keys = {"keys": [KEY.as_dict(private=False)]}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=keys if request.url.path == "/jwks" else said)

    from navmeet.accounts import issuer as module

    monkeypatch.setattr(module, "_clients", [httpx.Client(transport=httpx.MockTransport(answer))])
    return Issuer(f"{URL}/.well-known", "navmeet", "secret")


def token(key: Any = KEY, alg: str = "RS256", **changed: Any) -> str:
    said = {"iss": URL, "aud": "navmeet", "sub": "x", "exp": int(time.time()) + 60, "nonce": "n", **changed}
    kept = {name: value for name, value in said.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "one"}, kept, key, algorithms=[alg])


def test_a_right_token_is_taken(issuer: Issuer) -> None:
    assert issuer.claims(token(), nonce="n")["sub"] == "x"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"aud": ["navmeet", "another"]},
        {"exp": int(time.time()) - 120},
        {"nonce": "m"},
        {"nbf": int(time.time()) + 86_400},
        *({name: None} for name in ("iss", "aud", "exp", "sub", "nonce")),
        {"key": OTHER},
        {"key": OctKey.import_key("secret-of-some-length-at-least-32"), "alg": "HS256"},
    ],
    ids="+".join,
)
def test_a_wrong_token_is_refused(issuer: Issuer, wrong: dict[str, Any]) -> None:
    with pytest.raises(LoginRefused):
        issuer.claims(token(**wrong), nonce="n")


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJub25jZSI6Im4ifQ."])
def test_what_is_no_signed_token_is_refused(issuer: Issuer, text: str) -> None:
    with pytest.raises(LoginRefused):
        issuer.claims(text, nonce="n")


class TestEmployees:
    @pytest.fixture(autouse=True)
    def groups(self, settings: Settings) -> None:
        settings.GROUP_CASEWORKER, settings.GROUP_ADVISER = "caseworkers", "advisers"
        settings.OFFICE_GROUPS = {"office": "0299"}

    def said(self, **changed: Any) -> dict[str, Any]:
        right = {"NAVident": "Z990001", "name": "Ingrid", "oid": str(uuid4()), "groups": ["caseworkers", "office", "x"]}
        return {**right, **changed}

    def test_only_groups_that_mean_something_here_are_kept(self) -> None:
        found = claims.employee(self.said())
        assert (found.kind, found.offices) == (ActorKind.CASEWORKER, ("0299",))
        assert found.groups == {"caseworkers"}

    def test_who_is_in_both_groups_is_a_caseworker(self) -> None:
        assert claims.employee(self.said(groups=["advisers", "caseworkers", "office"])).kind == ActorKind.CASEWORKER

    @pytest.mark.parametrize(
        "wrong",
        [
            {"idtyp": "app"},
            {"NAVident": None},
            {"NAVident": "12345678"},
            {"oid": None},
            {"oid": "x"},
            {"groups": None},
            {"groups": "caseworkers"},
            {"groups": ["office"]},
            {"groups": ["caseworkers"]},
        ],
        ids=str,
    )
    def test_a_token_that_is_no_employee_of_ours_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(LoginRefused):
            claims.employee(self.said(**wrong))


class TestInhabitants:
    def said(self, **changed: Any) -> dict[str, Any]:
        return {"pid": "12838410047", "acr": "idporten-loa-substantial", **changed}

    @pytest.mark.parametrize("acr", ["idporten-loa-substantial", "Level3"])
    def test_both_names_of_a_level_are_known(self, acr: str) -> None:
        assert claims.inhabitant(self.said(acr=acr), asked=Level.SUBSTANTIAL).level == Level.SUBSTANTIAL

    @pytest.mark.parametrize(
        "wrong", [{"pid": None}, {"pid": "1283841004"}, {"pid": "1283841004x"}, {"acr": None}, {"acr": "low"}], ids=str
    )
    def test_a_token_without_number_or_level_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(LoginRefused):
            claims.inhabitant(self.said(**wrong), asked=Level.SUBSTANTIAL)

    def test_a_lower_level_than_asked_for_is_refused(self) -> None:
        with pytest.raises(LoginRefused):
            claims.inhabitant(self.said(), asked=Level.HIGH)

    def test_the_number_is_not_in_what_is_printed(self) -> None:
        assert "12838410047" not in repr(claims.inhabitant(self.said(), asked=Level.SUBSTANTIAL))
