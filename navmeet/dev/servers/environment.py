"""The environment of our processes, made out of ports, addresses and secrets: the same for the demo and the tests."""

import hmac
import os
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from navmeet.dev import personas
from navmeet.dev.issuers import WELL_KNOWN
from navmeet.dev.servers.errors import CannotStart
from navmeet.dev.servers.probes import free_ports
from navmeet.dev.servers.running import ROOT
from navmeet.dev.servers.secrets import Secrets

CLIENT_ID = "navmeet"
DITT_NAV_CLIENT_ID = "ditt-nav"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where everything listens: ours on localhost, stand-ins on 127.0.0.1 (a cookie reaches every port of a host)."""

    staff: int = 8000
    citizen: int = 8001
    policy: int = 8002
    entra: int = 8010
    idporten: int = 8011
    registers: int = 8020
    ditt_nav: int = 8030
    video: int = 8031
    audit: int = 8032
    altinn: int = 8033
    mailbox: int = 8034
    redis: int = 8040

    @classmethod
    def free(cls) -> Self:
        """Ports that nobody uses now, for tests."""
        names = [field.name for field in fields(cls)]
        return cls(**dict(zip(names, free_ports(len(names)), strict=True)))

    @classmethod
    def read(cls, text: str) -> Self:
        """The usual ones, but for those named: "staff=9000,redis=9040". Raises CannotStart if it cannot be read."""
        try:
            pairs = (part.split("=") for part in text.split(",") if part.strip())
            ports = cls(**{name.strip(): int(port) for name, port in pairs})
        except (ValueError, TypeError) as error:
            known = ", ".join(field.name for field in fields(cls))
            raise CannotStart(f'PORTS is written like "staff=9000,redis=9040"; there are {known}.') from error
        ports.check()
        return ports

    def check(self) -> None:
        """Raises CannotStart for a port that cannot be, or that two would share."""
        taken: dict[int, str] = {}
        for field in fields(self):
            port = getattr(self, field.name)
            if not 1 <= port <= 65535:
                raise CannotStart(f"PORTS: {field.name} must be from 1 to 65535, not {port}.")
            if port in taken:
                raise CannotStart(f"PORTS: {taken[port]} and {field.name} cannot share port {port}.")
            taken[port] = field.name

    @property
    def staff_url(self) -> str:
        return f"http://localhost:{self.staff}"

    @property
    def citizen_url(self) -> str:
        return f"http://localhost:{self.citizen}"

    def stand_in_url(self, name: str) -> str:
        return f"http://127.0.0.1:{getattr(self, name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The servers underneath: the database as the application and as its owner, Redis, Kafka."""

    database_url: str
    database_owner_url: str
    redis_url: str
    kafka_brokers: str


def environment(
    *,
    ports: Ports,
    addresses: Addresses,
    secrets: Secrets,
    mode: str = "demo",
    clock: Path | None = None,
    public_base_url: str = "https://navmeet.nav.no",
    surfaces: str = "staff,internal",
) -> dict[str, str]:
    """Everything a process of ours reads, and of this process's own environment only what a program needs to run.

    `mode` is demo or test; `clock` names a file with the time, for tests.
    """
    registers = ports.stand_in_url("registers")
    values = {
        **_of_this_machine(),
        **asdict(secrets),
        "NAVMEET_MODE": mode,
        "DJANGO_SETTINGS_MODULE": "navmeet.settings",
        "SURFACES": surfaces,
        "PUBLIC_BASE_URL": public_base_url,
        "DATABASE_URL": addresses.database_url,
        "DATABASE_OWNER_URL": addresses.database_owner_url,
        "REDIS_URL": addresses.redis_url,
        "KAFKA_BROKERS": addresses.kafka_brokers,
        "IDPORTEN_WELL_KNOWN_URL": ports.stand_in_url("idporten") + WELL_KNOWN,
        "IDPORTEN_CLIENT_ID": CLIENT_ID,
        "AZURE_APP_WELL_KNOWN_URL": ports.stand_in_url("entra") + WELL_KNOWN,
        "AZURE_APP_CLIENT_ID": CLIENT_ID,
        "GROUP_CASEWORKER": personas.GROUP_NAVMEET_CASEWORKER,
        "GROUP_ADVISER": personas.GROUP_NAVMEET_ADVISER,
        "GROUP_STRICTLY_CONFIDENTIAL": personas.GROUP_STRICTLY_CONFIDENTIAL,
        "KRR_URL": f"{registers}/krr",
        "PDL_URL": f"{registers}/pdl/graphql",
        "NORG2_URL": f"{registers}/norg2",
        "ACCESS_URL": f"{registers}/tilgangsmaskin/api/v1",
        "NAIS_TOKEN_ENDPOINT": f"{registers}/api/v1/token",
        "NAIS_CLUSTER_NAME": "dev-local",
        "NAIS_NAMESPACE": "navmeet",
        "NAIS_APP_NAME": "navmeet",
        "VIDEO_BASE_URL": ports.stand_in_url("video"),
        "POLICY_URL": f"http://localhost:{ports.policy}",
        "POLICY_USER": "pexip",
        # Of the same making as the others, without a place of its own in a file that is there already.
        "POLICY_PASSWORD": hmac.digest(secrets.SECRET_KEY.encode(), b"policy", "sha256").hex(),
        "AUDIT_SYSLOG": f"127.0.0.1:{ports.audit}",
        "ALTINN_URL": ports.stand_in_url("altinn") + "/notifications/api/v1",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(ports.mailbox),
        # Where the stand-ins listen, and what they need to know of us.
        "DITT_NAV_CLIENT_ID": DITT_NAV_CLIENT_ID,
        "STAFF_URL": ports.staff_url,
        "CITIZEN_URL": ports.citizen_url,
        **{f"{name.upper()}_PORT": str(port) for name, port in asdict(ports).items()},
    }
    if clock is not None:
        values["NAVMEET_CLOCK"] = str(clock)
    return values


def _of_this_machine() -> dict[str, str]:
    kept = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "USER", "SSL_CERT_FILE", "XDG_RUNTIME_DIR")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    folder = str(Path(sys.executable).parent)
    return {
        **found,
        "PATH": folder + os.pathsep + found.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
