"""Processes that belong together: started and waited for, found again by a later run, stopped in reverse order."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from navmeet.dev.servers import probes
from navmeet.dev.servers.errors import CannotStart, Died, Unwanted
from navmeet.dev.servers.running import Record, Running

Say = Callable[[str], None]
# One that ends more often than its program allows within this time is not merely unlucky.
RESTARTS_WITHIN = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to start and how to see that it is ready.

    `is_kept`: one left by an earlier run is used again if it is the same program and answers; others are replaced,
    since the code or the secrets may be new. `says_when_ready` is in its log then. `settles` is for one that says
    nothing: a program that cannot work has ended before so many seconds. `restarts`: how often within ten minutes it is
    started again when it has ended by itself, as a platform does.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    is_ready: probes.Probe
    ports: tuple[int, ...] = ()
    is_kept: bool = False
    says_when_ready: str = ""
    settles: float = 0
    restarts: int = 0
    patience: float = field(default=60)

    def fingerprint(self) -> str:
        """The same for the same command and environment; tells no secret."""
        words = json.dumps([self.command, sorted(self.environment.items())])
        return hashlib.sha256(words.encode()).hexdigest()


class Stack:
    """Processes with one folder for their logs (`logs/`) and for what is written down about them (`run/`).

    `say` hears of each that is ready or has stopped. Waiting ends with Unwanted when `is_wanted` says no.
    """

    def __init__(self, folder: Path, say: Say = lambda _: None, is_wanted: probes.Probe = lambda: True) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self._records = folder / "run"
        self._say = say
        self._is_wanted = is_wanted
        self._programs: dict[str, Program] = {}
        self._running: dict[str, Running] = {}
        self._ready: set[str] = set()
        self._revived: dict[str, list[float]] = {}
        self.logs.mkdir(parents=True, exist_ok=True)
        self._records.mkdir(parents=True, exist_ok=True)

    def start(self, *programs: Program) -> None:
        """Start all, then wait for each.

        Raises CannotStart: a port is taken, a program is missing, ended, or was not ready in time.
        """
        for program in programs:
            self.begin(program)
        for program in programs:
            self.wait(program.name)

    @classmethod
    def of_one(cls, folder: Path, program: Program) -> "Stack":
        """A stack with this one running; nothing is left running if it cannot start."""
        stack = cls(folder)
        try:
            stack.start(program)
        except BaseException:
            stack.stop()
            raise
        return stack

    def begin(self, program: Program) -> Running:
        """Start it, or take over the one that an earlier run left; does not wait."""
        left = self._left_by_earlier_run(program)
        if left is None:
            for port in program.ports:
                _check_port(program.name, port)
            left = self._launch(program)
        self._programs[program.name] = program
        self._running[program.name] = left
        return left

    def wait(self, name: str) -> None:
        """Until it is ready, asked once only; raises CannotStart if it ends first or takes too long."""
        if name in self._ready:
            return
        program, running = self._programs[name], self._running[name]
        began = time.monotonic()
        while not self._is_ready(program, running):
            self._check_wanted()
            if not running.is_alive():
                raise CannotStart(f"{name} ended while starting ({_how(running)}).", running.last_lines())
            if time.monotonic() - began > program.patience:
                message = f"{name} was not ready after {program.patience:.0f} s (log: {running.log})."
                raise CannotStart(message, running.last_lines())
            time.sleep(0.05)
        self._ready.add(name)
        self._say(name)

    def run(self, program: Program) -> None:
        """To its end; raises CannotStart if it fails or takes longer than its patience."""
        running = self.begin(program)
        end = time.monotonic() + program.patience
        while running.is_alive():
            self._check_wanted()
            if time.monotonic() > end:
                raise CannotStart(f"{program.name} took over {program.patience:.0f} s (log: {running.log}).")
            time.sleep(0.05)
        if running.exit_code:
            raise CannotStart(f"{program.name} failed ({_how(running)}, log: {running.log}).", running.last_lines())
        del self._running[program.name]
        self._record_path(program.name).unlink(missing_ok=True)
        self._say(program.name)

    def __getitem__(self, name: str) -> Running:
        return self._running[name]

    def names(self) -> list[str]:
        """In the order in which they were started."""
        return list(self._running)

    def revive(self) -> list[str]:
        """Start again what has ended by itself and may be started again, without waiting for it; gives the names."""
        revived = []
        for name, running in list(self._running.items()):
            if running.is_alive() or not self._may_start_again(name):
                continue
            # A platform ends all that it started, too.
            running.kill()
            self._running[name] = self._launch(self._programs[name])
            self._revived.setdefault(name, []).append(time.monotonic())
            self._say(f"{name} had ended ({_how(running)}) and was started again")
            revived.append(name)
        return revived

    def check(self) -> None:
        """Revive, and raise Died for the first other one that has ended by itself."""
        self.revive()
        for name, running in self._running.items():
            if not running.is_alive():
                raise Died(f"{name} has ended ({_how(running)}).", running.last_lines())

    def restart(self, name: str) -> Running:
        """The same program once more, after a kill or a stop; waits until it is ready."""
        self._running[name].stop()
        self._ready.discard(name)
        self._running[name] = self._launch(self._programs[name])
        self.wait(name)
        return self._running[name]

    def stop(self, patience: float = 20) -> None:
        """All, the last started first. Every one is tried, whatever happens to the others."""
        for name in reversed(list(self._running)):
            running = self._running.pop(name)
            self._ready.discard(name)
            began = time.monotonic()
            running.stop(patience)
            self._record_path(name).unlink(missing_ok=True)
            self._say(f"{name} stopped" + (" (had to be ended)" if time.monotonic() - began > patience else ""))

    def in_same_folder(self) -> "Stack":
        """A new and empty one."""
        return Stack(self.folder, self._say, self._is_wanted)

    def stop_left(self, kept: tuple[str, ...] = (), patience: float = 20) -> list[str]:
        """End what an earlier run left and this one has not taken over, but for those `kept`; gives the names."""
        stopped = []
        for path in sorted(self._records.glob("*.json")):
            record = Record.read(path)
            if path.stem in self._running or path.stem in kept:
                continue
            left = record and Running(path.stem, record, self.logs / f"{path.stem}.log")
            if left and left.has_members():
                left.stop(patience)
                stopped.append(path.stem)
            path.unlink(missing_ok=True)
        return stopped

    def _check_wanted(self) -> None:
        if not self._is_wanted():
            raise Unwanted

    def _may_start_again(self, name: str) -> bool:
        since = time.monotonic() - RESTARTS_WITHIN
        lately = [at for at in self._revived.get(name, []) if at > since]
        return len(lately) < self._programs[name].restarts

    def _launch(self, program: Program) -> Running:
        log = self.logs / f"{program.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        try:
            running = Running.start(
                program.name, program.command, dict(program.environment), log, program.fingerprint()
            )
        except FileNotFoundError as error:
            raise CannotStart(f"{program.name} cannot start: {program.command[0]} is not installed.") from error
        running.record.write(self._record_path(program.name))
        return running

    def _left_by_earlier_run(self, program: Program) -> Running | None:
        record = Record.read(self._record_path(program.name))
        if record is None:
            return None
        left = Running(program.name, record, self.logs / f"{program.name}.log")
        same = program.is_kept and record.fingerprint == program.fingerprint()
        if same and left.is_alive() and program.is_ready():
            return left
        left.stop()
        return None

    def _is_ready(self, program: Program, running: Running) -> bool:
        if time.time() - running.record.started < program.settles:
            return False
        if program.says_when_ready and program.says_when_ready not in running.last_lines(200):
            return False
        return program.is_ready()

    def _record_path(self, name: str) -> Path:
        return self._records / f"{name}.json"


def _how(running: Running) -> str:
    code = running.exit_code
    return "it was not ours to see how" if code is None else f"exit code {code}" if code >= 0 else f"signal {-code}"


def _check_port(name: str, port: int) -> None:
    if probes.is_free(port):
        return
    raise CannotStart(f"Port {port} is taken{_by_whom(port)}, and {name} needs it: stop what uses it and start again.")


def _by_whom(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.Error, OSError, ValueError, TypeError):
        return ""  # who it is helps, but cannot always be asked
    return ""
