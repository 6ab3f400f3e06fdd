"""A room with a network of its own, whose door can be shut without a word: packets out of it get no answer at all.

`unshare --user --map-root-user --net python -m tests.faults.room FOLDER PORT,PORT… WORD…` runs the words in it. Its
ports lead to the sockets that FOLDER holds for them, and so out. `down` and `up` on its input shut and open the door.
"""

import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.wires import Connect, on_port, on_socket, to_socket

INTO = ("unshare", "--user", "--map-root-user", "--net", sys.executable, "-m")
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1


def can_be_had() -> bool:
    """Does this machine let us have one?"""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*INTO[:-2], "true"], check=False, capture_output=True).returncode == 0


def set_network(*, up: bool) -> None:
    """Of this room: while its loopback is down nothing arrives, and nobody is told."""
    name = struct.Struct("16sh14x")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        _, flags = name.unpack(fcntl.ioctl(asking, _GET_FLAGS, name.pack(b"lo", 0)))
        fcntl.ioctl(asking, _SET_FLAGS, name.pack(b"lo", flags | _UP if up else flags & ~_UP))


class Door:
    """Of a room in which something runs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def shut(self) -> None:
        self._say("down")

    def open(self) -> None:
        self._say("up")

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"


@contextmanager
def running(
    words: Sequence[str], routes: Mapping[int, Connect], environment: Mapping[str, str], log: Path
) -> Iterator[Door]:
    """The words in a room; it and all in it end afterwards. Sockets have short names: their paths must be short."""
    with TemporaryDirectory(prefix="room") as name:
        ways = [on_socket(Path(name) / f"{port}", connect) for port, connect in routes.items()]
        command = [*INTO, "tests.faults.room", name, ",".join(map(str, routes)), *words]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, text=True
            )
        try:
            yield Door(process)
        finally:
            process.communicate()
            for way in ways:
                way.close()


def main(folder: Path, ports: Sequence[int], words: Sequence[str]) -> None:
    set_network(up=True)
    for port in ports:
        on_port(to_socket(folder / f"{port}"), port)
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True)
    for line in sys.stdin:
        set_network(up=line.strip() == "up")
        sys.stdout.write("done\n")
        sys.stdout.flush()
    os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(port) for port in sys.argv[2].split(",")], sys.argv[3:])
