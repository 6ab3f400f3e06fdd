"""Entra (staff) and ID-porten (citizens) as two OIDC issuers under Node: real code flow, PKCE, log-out and step-up.

The protocol is npm's oidc-provider, which refuses what a strict issuer refuses; who can log in comes from
`navmeet.dev.personas`. Nothing is kept on disk: a restart logs everybody out.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from navmeet.dev import bootstrap
from navmeet.dev.servers import probes
from navmeet.dev.servers.errors import CannotStart
from navmeet.dev.servers.processes import Program

WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Somebody the issuer logs people in for: confidential, with PKCE always.

    `redirects` and `after_logout` are whole addresses, matched letter by letter.
    """

    id: str
    secret: str
    redirects: tuple[str, ...]
    after_logout: tuple[str, ...]
    authentication: str = "client_secret_basic"

    @classmethod
    def of_site(cls, id: str, secret: str, origin: str, callback: str = "/login/callback/") -> "Client":
        """A site that is called back at one path, and goes to its front page or `/logged-out/` after log-out."""
        after = (f"{origin}/", f"{origin}/logged-out/")
        return cls(id=id, secret=secret, redirects=(f"{origin}{callback}",), after_logout=after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """One of the two; `kind` is entra or idporten."""

    kind: str
    port: int
    clients: tuple[Client, ...]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def well_known(self) -> str:
        return self.url + WELL_KNOWN


def program(*issuers: Issuer, people: Mapping[str, Any], name: str = "issuers") -> Program:
    """One Node process that serves these issuers for these people (the shape of `personas.as_json()`)."""
    script = Path(__file__).with_name("issuers.mjs")
    described = [{**asdict(issuer), "url": issuer.url, "cookie_key": secrets.token_hex(32)} for issuer in issuers]
    return Program(
        name=name,
        command=(_node(), str(script)),
        environment={
            "PATH": os.environ.get("PATH", ""),
            "ISSUERS": json.dumps({"issuers": described, "people": people}),
        },
        is_ready=probes.all_of(*(probes.answers_http(issuer.well_known) for issuer in issuers)),
        ports=tuple(issuer.port for issuer in issuers),
    )


def _node() -> str:
    try:
        return bootstrap.node()
    except bootstrap.Stop as stop:
        raise CannotStart(str(stop)) from stop
