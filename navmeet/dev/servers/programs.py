"""What runs: the table of our processes and of the stand-ins, in the order in which they are started.

The demo starts all of it; browser and fault tests start what they need, on other ports and another database.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from navmeet.dev import issuers, personas
from navmeet.dev.servers import probes
from navmeet.dev.servers.environment import CLIENT_ID, DITT_NAV_CLIENT_ID, Ports
from navmeet.dev.servers.processes import Program
from navmeet.dev.servers.secrets import Secrets

# Name (also of its port) → module, and the option that tells where in the folder it keeps what it was given.
STAND_INS: dict[str, tuple[str, tuple[str, str] | None]] = {
    "registers": ("navmeet.dev.registers", None),
    "video": ("navmeet.dev.video", None),
    "audit": ("navmeet.dev.audit_sink", ("--file", "audit.log")),
    "ditt_nav": ("navmeet.dev.ditt_nav", ("--state", "ditt-nav")),
    "altinn": ("navmeet.dev.altinn", ("--state", "altinn")),
    # In the other's folder: one page shows what either of them was given.
    "mailbox": ("navmeet.dev.mailbox", ("--file", "altinn/mailbox.jsonl")),
}

# Of those that take their work up again by themselves wherever they ended.
RESTARTS = 5


def login(ports: Ports, secrets: Secrets) -> Program:
    """Both issuers, with our two sites and Ditt NAV as their clients."""
    staff = issuers.Client.of_site(CLIENT_ID, secrets.AZURE_APP_CLIENT_SECRET, ports.staff_url)
    citizen = issuers.Client.of_site(CLIENT_ID, secrets.IDPORTEN_CLIENT_SECRET, ports.citizen_url)
    ditt_nav = issuers.Client.of_site(
        DITT_NAV_CLIENT_ID, secrets.DITT_NAV_CLIENT_SECRET, ports.stand_in_url("ditt_nav"), callback="/callback"
    )
    entra = issuers.Issuer(kind="entra", port=ports.entra, clients=(staff,))
    idporten = issuers.Issuer(kind="idporten", port=ports.idporten, clients=(citizen, ditt_nav))
    return issuers.program(entra, idporten, people=personas.as_json())


def stand_in(name: str, ports: Ports, environment: Mapping[str, str], folder: Path) -> Program:
    """One of the stand-ins, as a program on its port."""
    module, kept = STAND_INS[name]
    port: int = getattr(ports, name)
    where = (kept[0], str(folder / kept[1])) if kept else ()
    return Program(
        name=name,
        command=(sys.executable, "-m", module, "--port", str(port), *where),
        environment=environment,
        is_ready=probes.accepts_connections(port),
        ports=(port,),
    )


def web(surface: str, ports: Ports, environment: Mapping[str, str]) -> Program:
    """Our pages and API for `staff` or `citizen`, or what `policy` answers. No access log: addresses hold links."""
    port: int = getattr(ports, surface)
    command = (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "8", "--no-ws", "--log-level", "info", "--no-access-log"),
        "navmeet.wsgi:application",
    )
    return Program(
        name=f"web_{surface}",
        command=command,
        environment={**environment, "SURFACES": f"{surface},internal"},
        is_ready=probes.answers_http(f"http://localhost:{port}/internal/isReady"),
        ports=(port,),
    )


def worker(environment: Mapping[str, str]) -> Program:
    command = ("-m", "celery", "-A", "navmeet", "worker", "--loglevel", "INFO", "--concurrency", "2")
    return Program(
        name="worker",
        # Workers need not know of each other, and what they would say to each other is lost with Redis.
        command=(sys.executable, *command, "--without-gossip", "--without-mingle", "--without-heartbeat"),
        environment=environment,
        is_ready=lambda: True,
        says_when_ready=" ready.",
        restarts=RESTARTS,
    )


def beat(environment: Mapping[str, str], folder: Path) -> Program:
    """Keeps its schedule in `folder`; nothing of it is worth keeping."""
    schedule = folder / "beat-schedule"
    command = ("-m", "celery", "-A", "navmeet", "beat", "--loglevel", "INFO", "--schedule", str(schedule), "--pidfile=")
    return Program(
        name="beat",
        command=(sys.executable, *command),
        environment=environment,
        is_ready=lambda: True,
        says_when_ready="beat: Starting",
        restarts=RESTARTS,
    )


def consumer(environment: Mapping[str, str]) -> Program:
    """Reads what Ditt NAV says became of our notifications."""
    return Program(
        name="consumer",
        command=(sys.executable, "manage.py", "consume_ditt_nav"),
        environment=environment,
        is_ready=lambda: True,
        settles=3,
        restarts=RESTARTS,
    )
