"""The whole house on one machine: servers, stand-ins and our processes, in the order in which they stand."""

import os
import shutil
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from navmeet.dev.servers import kafka, postgres, programs, redis
from navmeet.dev.servers.environment import Addresses, Ports, environment
from navmeet.dev.servers.errors import CannotStart, Died
from navmeet.dev.servers.processes import Program, Say, Stack
from navmeet.dev.servers.secrets import Secrets


class House:
    """Everything in one folder: data, secrets, logs and processes. The demo starts all of it, tests what they need.

    DATABASE_URL (with DATABASE_OWNER_URL), REDIS_URL and KAFKA_BROKERS, where set, name servers that are used as they
    are: neither started, nor stopped, nor emptied. `extra` goes into the environment of every process. `careless`
    makes a database that may be lost with the machine. When `ended` is set, starting ends with Unwanted.
    """

    def __init__(
        self,
        folder: Path,
        ports: Ports,
        say: Say = lambda _: None,
        ended: threading.Event | None = None,
        *,
        extra: Mapping[str, str] = MappingProxyType({}),
        careless: bool = False,
    ) -> None:
        self.folder = folder
        self.ports = ports
        self.stack = Stack(folder, say, is_wanted=lambda: ended is None or not ended.is_set())
        self._say = say
        self._extra = extra
        self._careless = careless
        self._postgres: postgres.PostgresServer | None = None

    def start(self) -> None:
        """Everything up and ready; raises CannotStart, or Unwanted if somebody asked to stop."""
        for name in self.stack.stop_left(kept=("redis", "kafka")):
            self._say(f"{name} was left by an earlier run, and was stopped")
        self.start_servers()
        self.start_stand_ins()
        self.manage("prepare_database")
        self.manage("load_demo")
        self.start_ours()

    def start_servers(self) -> None:
        """PostgreSQL with an empty database or the one that was there, Redis and Kafka."""
        if not os.environ.get("REDIS_URL"):
            self.stack.begin(redis.program(self.folder / "redis", self.ports.redis))
        if not os.environ.get("KAFKA_BROKERS"):
            self.stack.begin(kafka.program(self.folder / "kafka"))
        if not os.environ.get("DATABASE_URL"):
            self._postgres = postgres.start(self.folder / "postgres", careless=self._careless)
            self._postgres.create()
            self._say("postgresql")
        for name in self.stack.names():
            self.stack.wait(name)

    def start_stand_ins(self, *names: str) -> None:
        """The issuers, and all stand-ins or those named."""
        values = self.environment()
        self.stack.start(
            programs.login(self.ports, self._secrets()),
            *(programs.stand_in(name, self.ports, values, self.folder) for name in names or programs.STAND_INS),
        )

    def manage(self, command: str, *words: str) -> None:
        """Run one of manage.py's commands to its end; raises CannotStart with what it said if it fails."""
        program = Program(
            name=command,
            command=(sys.executable, "manage.py", command, *words),
            environment=self.environment(),
            is_ready=lambda: True,
            patience=120,
        )
        self.stack.run(program)

    def start_ours(self, *names: str) -> None:
        """All of worker, consumer, beat, web_staff, web_citizen and web_policy, or those named."""
        values = self.environment()
        ours = (
            programs.worker(values),
            programs.consumer(values),
            programs.beat(values, self.folder / "run"),
            programs.web("staff", self.ports, values),
            programs.web("citizen", self.ports, values),
            programs.web("policy", self.ports, values),
        )
        self.stack.start(*(program for program in ours if not names or program.name in names))

    def environment(self) -> dict[str, str]:
        """What the processes are given, once the servers underneath run."""
        values = environment(ports=self.ports, addresses=self._addresses(), secrets=self._secrets())
        return {**values, **self._extra}

    def find_servers(self) -> None:
        """Look for the running ones instead of starting them; raises CannotStart if the demo does not run."""
        data = self.folder / "postgres"
        if os.environ.get("DATABASE_URL"):
            return
        if not postgres.is_running(data):
            raise CannotStart("The demo does not run: start it with `make demo`.")
        self._postgres = postgres.start(data)

    def check(self) -> None:
        """Start worker, beat and consumer again where they ended; raises Died for the first other part that did."""
        self.stack.check()
        if self._postgres is not None and not self._postgres.is_running():
            raise Died("PostgreSQL has ended.", self._postgres.last_lines())

    def stop(self) -> None:
        """Everything that was started or found, the last first; PostgreSQL after all who use it."""
        self.stack.stop()
        if self._postgres is not None:
            self._postgres.stop()
            self._say("postgresql stopped")

    def begin_anew(self) -> None:
        """End what was left running and throw the data, the secrets and the logs away."""
        self.stack.stop_left()
        data = self.folder / "postgres"
        if postgres.is_running(data):
            postgres.start(data).stop()
        for entry in self.folder.iterdir():
            if entry.name != "lock":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        self.stack = self.stack.in_same_folder()
        self._say("the old data were thrown away")

    def _addresses(self) -> Addresses:
        database = os.environ.get("DATABASE_URL") or self._embedded().url()
        owner = os.environ.get("DATABASE_OWNER_URL") or (
            database if os.environ.get("DATABASE_URL") else self._embedded().url(postgres.OWNER)
        )
        return Addresses(
            database_url=database,
            database_owner_url=owner,
            redis_url=os.environ.get("REDIS_URL") or redis.url(self.ports.redis),
            kafka_brokers=os.environ.get("KAFKA_BROKERS") or kafka.address(self.folder / "kafka"),
        )

    def _embedded(self) -> postgres.PostgresServer:
        assert self._postgres is not None  # noqa: S101 (started in _begin_servers where no address is given)
        return self._postgres

    def _secrets(self) -> Secrets:
        return Secrets.kept_in(self.folder / "secrets.json")
