"""The image without a container engine: what it would hold is put together by the Dockerfile's own words."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from navmeet.dev.servers.running import ROOT
from tests.deploy import compose

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STAGES = re.split(r"(?m)^FROM ", DOCKERFILE)[1:]


def _commands(stage: str, kind: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", stage)
    return [line.removeprefix(f"{kind} ") for line in joined.splitlines() if line.startswith(f"{kind} ")]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/navmeet as the build stage leaves it, made by its COPY and RUN lines with this machine's packages."""
    folder = tmp_path_factory.mktemp("image") / "navmeet"
    folder.mkdir()
    for line in _commands(STAGES[1], "COPY"):
        if line.startswith("--from"):
            (folder / "node_modules").symlink_to(ROOT / "node_modules")
            continue
        source, target = line.split()
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, folder)
    machine = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for line in _commands(STAGES[1], "RUN"):
        if "pip install" not in line:
            words = line.replace("/venv/bin/python", shlex.quote(sys.executable))
            done = subprocess.run(
                ["/bin/sh", "-ec", words], cwd=folder, env=machine, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return folder


def test_nothing_of_the_laptop_is_in_it(tree: Path) -> None:
    assert {path.name for path in tree.iterdir()} - {"__pycache__"} == {
        *("manage.py", "navmeet", "meetings", "invitations", "minutes", ".build")
    }
    assert not (tree / "navmeet" / "dev").exists()
    named = [
        path for path in tree.rglob("*.py") if re.search(r"^\s*(from|import) navmeet\.dev", path.read_text(), re.M)
    ]
    assert named == []


def test_the_static_files_are_collected_under_names_that_tell_their_content(tree: Path) -> None:
    collected = tree / ".build" / "collected"
    assert (collected / "staticfiles.json").exists()
    assert list(collected.glob("vendor/aksel.*.css.gz"))


def test_no_value_of_the_build_is_left_in_it(tree: Path) -> None:
    for path in tree.rglob("*"):
        if path.is_file():
            assert b"nowhere.invalid" not in path.read_bytes(), path


@pytest.mark.parametrize("service", ["web-staff", "web-citizen", "web-policy", "worker"])
def test_production_starts_from_it_with_what_compose_gives_and_without_it_says_what_lacks(
    tree: Path, service: str
) -> None:
    demanded = [name for name, must in compose.variables().items() if must]
    values = dict.fromkeys(demanded, "https://system.invalid") | {
        "PROTECT_KEYS": "k1:" + "A" * 43 + "=",
        "PROTECT_INDEX_KEY": "B" * 43 + "=",
        "SECRET_KEY": "only-to-read-the-settings-" + "0123456789abcdefghij" * 3,
        "OFFICE_GROUPS": "{}",
        "NAVMEET_APP_PASSWORD": "x",
        "REDIS_PASSWORD": "x",
        "STAFF_HOST": "navmeet.intern.nav.no",
        "CITIZEN_HOST": "navmeet.nav.no",
        "POLICY_HOST": "navmeet-policy.intern.nav.no",
    }
    given = {"PATH": os.environ["PATH"], "NAVMEET_MODE": "production", **compose.environment(service, values)}
    check = [sys.executable, "manage.py", "check"]
    if service.startswith("web"):
        # What answers nodes has neither cookies nor pages, and Django warns of what protects those.
        check += ["--deploy", "--fail-level", "ERROR" if service == "web-policy" else "WARNING"]

    def run(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(check, cwd=tree, env=environment, capture_output=True, text=True, check=False)

    done = run(given)
    assert done.returncode == 0, done.stderr
    lacking = run({name: value for name, value in given.items() if name != "PROTECT_KEYS"})
    assert lacking.returncode != 0
    assert "PROTECT_KEYS is not set" in lacking.stderr


def test_it_runs_as_a_number_that_is_not_root_and_starts_what_compose_starts() -> None:
    assert _commands(STAGES[-1], "USER") == ["10001:10001"]
    (command,) = _commands(STAGES[-1], "CMD")
    assert [str(word) for word in compose.services()["web-staff"]["command"]] == re.findall(r'"([^"]+)"', command)


def test_only_what_is_copied_leaves_the_machine_for_the_build() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")} - {"navmeet/dev/assets.py"}
    copied = {
        name
        for stage in STAGES
        for line in _commands(stage, "COPY")
        if not line.startswith("--from")
        for name in line.split()[:-1]
    }
    assert "*" in ignored
    assert let_in == copied


def test_the_newest_python_of_the_line_and_no_address_of_a_registry() -> None:
    assert [stage.split()[0] for stage in STAGES] == ["node:22-slim", "python:3.13-slim", "python:3.13-slim"]
    assert "://" not in re.sub(r"\w+://nowhere\.invalid|postgresql://\S+", "", DOCKERFILE)
