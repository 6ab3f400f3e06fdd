"""Both issuers, started once for the tests of a module."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from navmeet.dev import issuers, personas
from navmeet.dev.issuers import Client, Issuer
from navmeet.dev.servers.probes import free_ports
from navmeet.dev.servers.processes import Stack
from tests.dev.relying_party import NewSite, RelyingParty


@dataclass(frozen=True)
class Issuers:
    entra: Issuer
    idporten: Issuer


@pytest.fixture(scope="module")
def both_issuers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuers]:
    first, second = free_ports(2)
    client = Client.of_site("navmeet", "a-secret-of-the-tests", "http://localhost:8001")
    both = Issuers(
        entra=Issuer(kind="entra", port=first, clients=(client,)),
        idporten=Issuer(kind="idporten", port=second, clients=(client,)),
    )
    folder: Path = tmp_path_factory.mktemp("issuers")
    stack = Stack.of_one(folder, issuers.program(both.entra, both.idporten, people=personas.as_json()))
    yield both
    stack.stop()


@pytest.fixture
def new_site() -> Iterator[NewSite]:
    """Sites, each with a browser of its own unless one is given; the browsers are closed afterwards."""
    with ExitStack() as browsers:

        def new(issuer: Issuer, browser: httpx.Client | None = None) -> RelyingParty:
            return RelyingParty(issuer, browser or browsers.enter_context(httpx.Client()))

        yield new
