"""One process of ours with everything it started: is it the one we wrote down, how does it end."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[3]
# Two readings of one process's start differ by rounding; a process id is not given out again within this time.
SAME_START_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is written down about a process, so that a later run finds it, and never a stranger with its number."""

    pid: int
    started: float
    fingerprint: str

    def write(self, path: Path) -> None:
        """Whole or not at all."""
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self)), encoding="utf-8")
        fresh.replace(path)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """None when nothing (readable) is written there."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def is_alive(self) -> bool:
        """Does the very process that was written down still run?"""
        try:
            return not self.is_a_strangers() and psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def is_a_strangers(self) -> bool:
        """Does the number belong to somebody else by now? Raises psutil.NoSuchProcess when it belongs to nobody."""
        return bool(abs(psutil.Process(self.pid).create_time() - self.started) >= SAME_START_SECONDS)


class Running:
    """A process and its group: started by us now, or by an earlier run and found again."""

    def __init__(self, name: str, record: Record, log: Path, child: "subprocess.Popen[bytes] | None" = None) -> None:
        self.name = name
        self.record = record
        self.log = log
        self._child = child

    @classmethod
    def start(cls, name: str, command: Sequence[str], environment: dict[str, str], log: Path, fingerprint: str) -> Self:
        """In a group and session of its own, so that Ctrl-C in the terminal reaches only the one who asked."""
        with log.open("wb") as output:
            child = subprocess.Popen(
                list(command),
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            started = psutil.Process(child.pid).create_time()
        except psutil.Error:
            started = time.time()
        return cls(name, Record(pid=child.pid, started=started, fingerprint=fingerprint), log, child)

    @property
    def pid(self) -> int:
        return self.record.pid

    def is_alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return self.record.is_alive()

    def has_members(self) -> bool:
        """Does it run, or anything that it started, though it may itself have ended?"""
        return self.is_alive() or bool(self._members())

    @property
    def exit_code(self) -> int | None:
        """None while it runs, and for one that somebody else started."""
        return None if self._child is None else self._child.poll()

    def last_lines(self, count: int = 15) -> str:
        """The end of its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 16_384))
                text = log.read().decode("utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-count:])

    def signal(self, number: signal.Signals) -> None:
        """To the whole group. Nothing happens if it has ended."""
        if self.has_members():
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:
                return

    def freeze(self) -> None:
        """It exists and answers nobody, until `thaw`: how a server that hangs looks."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """At once, with no time to tidy up."""
        self.signal(signal.SIGKILL)
        self._wait(5)

    def stop(self, patience: float = 20) -> None:
        """Ask it to end, wait, and end whatever of its group is left after `patience` seconds."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        if not self._wait(patience):
            self.kill()

    def _wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.has_members():
                return True
            time.sleep(0.05)
        return False

    def _members(self) -> list[int]:
        """Who is in the group. No number is given out again while a group has it: leaderless ones are ours."""
        with contextlib.suppress(psutil.NoSuchProcess):
            if self.record.is_a_strangers():
                return []
        members = []
        for process in psutil.process_iter(["status"]):
            try:
                if os.getpgid(process.pid) == self.pid and process.info["status"] != psutil.STATUS_ZOMBIE:
                    members.append(process.pid)
            except (ProcessLookupError, PermissionError):
                continue
        return members
