"""The commands of docker-compose.yml, run as they stand there, with production's settings, on real servers."""

import os
import secrets
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import psycopg
import pytest

from navmeet.dev.servers import kafka, postgres, probes, redis
from navmeet.dev.servers.processes import Program, Stack
from navmeet.dev.servers.running import ROOT
from navmeet.dev.servers.secrets import Secrets
from tests.deploy import compose

pytestmark = pytest.mark.xdist_group("deploy")

STAFF_HOST, CITIZEN_HOST = "navmeet.intern.nav.no", "navmeet.nav.no"
WEB = ("web-staff", "web-citizen", "web-policy")
POLICY_HOST = "navmeet-policy.intern.nav.no"


@dataclass
class Machine:
    """The servers underneath, and what compose would be given for them."""

    folder: Path
    stack: Stack
    values: dict[str, str]
    addresses: dict[str, str]
    owner_url: str
    ports: dict[str, int] = field(default_factory=dict)

    def environment(self, service: str) -> dict[str, str]:
        given = compose.environment(service, self.values)
        for old, new in self.addresses.items():
            given = {name: value.replace(old, new) for name, value in given.items()}
        machine = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **machine,
            **given,
            "NAVMEET_MODE": "production",
            "STATIC_ROOT": str(self.folder / "collected"),
            "PYTHONUNBUFFERED": "1",
        }

    def instead(self, service: str) -> dict[str, str]:
        """Of the container's words those that mean something else on this machine."""
        return {
            "0.0.0.0": "127.0.0.1",  # noqa: S104 (compared, not opened)
            "8080": str(self.ports.get(service, 8080)),
            "/tmp/": f"{self.folder}/",  # noqa: S108 (likewise)
        }

    def begin(self, service: str, is_ready: probes.Probe = lambda: True) -> None:
        self.stack.begin(
            Program(
                name=service,
                command=compose.command(service, self.instead(service)),
                environment=self.environment(service),
                is_ready=is_ready,
            )
        )

    def run(self, name: str, command: tuple[str, ...]) -> None:
        """To its end, with what `prepare` is given."""
        given = self.environment("prepare")
        self.stack.run(Program(name=name, command=command, environment=given, is_ready=lambda: True, patience=120))

    def is_healthy(self, service: str) -> bool:
        """What the container's health check would find."""
        done = subprocess.run(
            compose.health(service, self.instead(service)),
            cwd=ROOT,
            env=self.environment(service),
            capture_output=True,
            timeout=30,
            check=False,
        )
        return done.returncode == 0

    def get(self, service: str, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.ports[service], timeout=10)
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def pulse(self, name: str) -> float:
        """When a part last worked; 0 before its first time."""
        with psycopg.connect(self.owner_url) as connection:
            row = connection.execute("SELECT extract(epoch FROM at) FROM invitations_pulse WHERE name = %s", [name])
            found = row.fetchone()
        return float(found[0]) if found else 0.0


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """PostgreSQL with the roles of the init script, Redis and Kafka; `prepare` has run; nothing of ours runs yet."""
    folder = tmp_path_factory.mktemp("deploy")
    stack = Stack(folder)
    server = postgres.start(folder / "postgres", careless=True)
    try:
        redis_port, *web = probes.free_ports(4)
        stack.start(redis.program(folder / "redis", redis_port), kafka.program(folder / "kafka"))
        values = _values()
        compose.run_init(server.socket_folder, values)
        socket = f"/navmeet?host={server.socket_folder}"
        addresses = {
            "@postgres:5432/navmeet": f"@{socket}",
            f":{values['REDIS_PASSWORD']}@redis:6379": f"127.0.0.1:{redis_port}",
            "kafka:9092": kafka.address(folder / "kafka"),
        }
        owner = f"postgresql://navmeet_owner@{socket}"
        machine = Machine(folder, stack, values, addresses, owner, dict(zip(WEB, web, strict=True)))
        machine.run("prepare", compose.command("prepare", {}))
        machine.run("collectstatic", (sys.executable, "manage.py", "collectstatic", "--noinput"))
        yield machine
    finally:
        stack.stop()
        server.stop()


def _values() -> dict[str, str]:
    """What stands in a filled-in .env. Nobody is called at these addresses."""
    made = Secrets.new()
    own = {
        "SECRET_KEY": made.SECRET_KEY,
        "PROTECT_KEYS": made.PROTECT_KEYS,
        "PROTECT_INDEX_KEY": made.PROTECT_INDEX_KEY,
        "STAFF_HOST": STAFF_HOST,
        "CITIZEN_HOST": CITIZEN_HOST,
        "POLICY_HOST": POLICY_HOST,
        "PUBLIC_BASE_URL": f"https://{CITIZEN_HOST}",
        "OFFICE_GROUPS": "{}",
        "AUDIT_SYSLOG": "audit.invalid:6514",
        **{name: secrets.token_hex(12) for name in compose.variables() if name.endswith("_PASSWORD")},
    }
    rest = {
        name: "https://system.invalid/x" if name.endswith("_URL") else f"made-up-{name.lower()}"
        for name, demanded in compose.variables().items()
        if demanded
    }
    return {**rest, **own}


def _until(is_so: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.2)
    return False


def test_the_application_gets_its_rights_and_no_more(machine: Machine) -> None:
    app = machine.environment("worker")["DATABASE_URL"]
    with psycopg.connect(app, autocommit=True) as connection:
        limits = [connection.execute(f"SHOW {name}").fetchone() for name in postgres.APPLICATION_SETTINGS]
        assert [limit[0] for limit in limits if limit] == list(postgres.APPLICATION_SETTINGS.values())
        assert connection.execute("SELECT count(*) FROM audit_auditevent").fetchone() == (0,)
        for forbidden in ("DELETE FROM audit_auditevent", "CREATE TABLE mine (id int)", "TRUNCATE meetings_meeting"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_only_the_step_that_prepares_knows_the_owner(machine: Machine) -> None:
    password = machine.values["NAVMEET_OWNER_PASSWORD"]
    knowing = {name for name in (*compose.OURS, "prepare") if password in str(machine.environment(name))}
    assert knowing == {"prepare"}


@pytest.mark.parametrize(
    ("service", "host", "other"), [("web-staff", STAFF_HOST, CITIZEN_HOST), ("web-citizen", CITIZEN_HOST, STAFF_HOST)]
)
def test_each_surface_answers_behind_its_proxy_and_by_its_own_name_only(
    machine: Machine, service: str, host: str, other: str
) -> None:
    machine.begin(service, probes.answers_http(f"http://127.0.0.1:{machine.ports[service]}/internal/isReady"))
    machine.stack.wait(service)

    assert machine.is_healthy(service)
    assert machine.get(service, "/internal/metrics").status == 200
    plain = machine.get(service, "/", {"Host": host})
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{host}/")
    behind = machine.get(service, "/", {"Host": host, "X-Forwarded-Proto": "https"})
    assert behind.status in {302, 401}
    assert behind.headers["Strict-Transport-Security"]
    assert machine.get(service, "/", {"Host": other, "X-Forwarded-Proto": "https"}).status == 400


def test_the_nodes_are_answered_when_they_say_who_they_are(machine: Machine) -> None:
    service, asked = "web-policy", "/policy/v1/service/configuration?local_alias=nobody"
    machine.begin(service, probes.answers_http(f"http://127.0.0.1:{machine.ports[service]}/internal/isReady"))
    machine.stack.wait(service)

    assert machine.is_healthy(service)
    assert machine.get(service, asked, {"Host": POLICY_HOST}).status == 401
    said = b64encode(f"pexip:{machine.values['POLICY_PASSWORD']}".encode()).decode()
    assert machine.get(service, asked, {"Host": POLICY_HOST, "Authorization": f"Basic {said}"}).status in {200, 404}
    assert machine.get(service, "/", {"Host": POLICY_HOST, "X-Forwarded-Proto": "https"}).status == 404


def test_beat_and_worker_sweep_and_are_found_healthy_only_then(machine: Machine) -> None:
    assert not machine.is_healthy("worker")
    assert not machine.is_healthy("beat")

    machine.begin("worker")
    machine.begin("beat")

    assert _until(lambda: machine.pulse("sweep") > 0, 40), machine.stack["worker"].last_lines()
    assert not machine.is_healthy("worker"), "no probe has come through Redis yet"
    # Beat would send the first one after half a minute.
    machine.run("probe", (sys.executable, "-m", "celery", "-A", "navmeet", "call", "invitations.probe"))
    assert _until(lambda: machine.pulse("probe") > 0, 20)
    machine.stack.check()
    assert machine.is_healthy("worker")
    assert machine.is_healthy("beat")


def test_the_consumer_reads_and_is_found_healthy_only_then(machine: Machine) -> None:
    assert not machine.is_healthy("consumer")
    machine.begin("consumer")
    assert _until(lambda: machine.pulse("consumer") > 0, 30), machine.stack["consumer"].last_lines()
    assert machine.is_healthy("consumer")
