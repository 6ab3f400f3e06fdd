from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from navmeet.accounts import issuer
from navmeet.dev import issuers, personas
from navmeet.dev.servers.probes import free_ports
from navmeet.dev.servers.processes import Stack
from tests.accounts.browser import ORIGIN, Person
from tests.accounts.doors import STORED

SECRET = "for-tests-only"


@pytest.fixture(scope="session")
def running_issuers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[issuers.Issuer, issuers.Issuer]]:
    """Both issuers under Node, once for all tests of a process."""
    ports = free_ports(2)
    client = issuers.Client.of_site("navmeet", SECRET, ORIGIN)
    entra = issuers.Issuer(kind="entra", port=ports[0], clients=(client,))
    idporten = issuers.Issuer(kind="idporten", port=ports[1], clients=(client,))
    folder: Path = tmp_path_factory.mktemp("issuers")
    stack = Stack.of_one(folder, issuers.program(entra, idporten, people=personas.as_json()))
    yield entra, idporten
    stack.stop()
    issuer.close()


@pytest.fixture
def logins(running_issuers: tuple[issuers.Issuer, issuers.Issuer], settings: Settings) -> None:
    entra, idporten = running_issuers
    settings.AZURE_APP_WELL_KNOWN_URL = entra.well_known
    settings.AZURE_APP_CLIENT_SECRET = SECRET
    settings.IDPORTEN_WELL_KNOWN_URL = idporten.well_known
    settings.IDPORTEN_CLIENT_SECRET = SECRET
    settings.GROUP_CASEWORKER = personas.GROUP_NAVMEET_CASEWORKER
    settings.GROUP_ADVISER = personas.GROUP_NAVMEET_ADVISER
    settings.OFFICE_GROUPS = {personas.GROUP_OFFICE_0299: "0299", personas.GROUP_OFFICE_0298: "0298"}


def _surface(name: str, settings: Settings) -> None:
    settings.SURFACE = name
    settings.ROOT_URLCONF = "tests.accounts.doors"
    settings.SESSION_COOKIE_NAME = f"__Host-{name}"
    settings.CSRF_COOKIE_NAME = f"__Host-{name}-csrf"
    settings.LANGUAGE_COOKIE_NAME = f"__Host-{name}-language"
    STORED.clear()


@pytest.fixture
def staff(db: None, settings: Settings) -> None:
    _surface("staff", settings)


@pytest.fixture
def citizen(db: None, settings: Settings) -> None:
    _surface("citizen", settings)


@pytest.fixture
def somebody() -> Iterator[Person]:
    person = Person()
    yield person
    person.close()
