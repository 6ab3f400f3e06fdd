"""Wires that can be cut: what goes in at one end comes out at the other, until somebody lets it disappear."""

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

Connect = Callable[[], socket.socket]


def to_port(port: int) -> Connect:
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=5)


def to_socket(path: Path) -> Connect:
    def connect() -> socket.socket:
        far = socket.socket(socket.AF_UNIX)
        far.connect(str(path))
        return far

    return connect


class Wire:
    """From a listening socket to wherever `connect` leads. `swallow`: what is connected now stays so, and is deaf.

    What is swallowed was taken by this end's kernel: whoever sent it was told that it arrived. That a packet gets no
    answer at all is what `room.py` is for.
    """

    def __init__(self, near: socket.socket, connect: Connect) -> None:
        self._near, self._connect = near, connect
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket, threading.Event]] = []
        threading.Thread(target=self._accept, name="wire", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._near.getsockname()[1])

    def swallow(self) -> int:
        """All that is connected now, for good; how many those were. New connections are as they should be."""
        with self._lock:
            living = [deaf for _, _, deaf in self._pairs if not deaf.is_set()]
        for deaf in living:
            deaf.set()
        return len(living)

    def close(self) -> None:
        with self._lock:
            ends = [self._near, *(end for near, far, _ in self._pairs for end in (near, far))]
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._near.accept()
            except OSError:
                return
            try:
                far = self._connect()
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            deaf = threading.Event()
            with self._lock:
                self._pairs.append((near, far, deaf))
            for ends in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(*ends, deaf), daemon=True).start()


def _carry(from_: socket.socket, to: socket.socket, deaf: threading.Event) -> None:
    try:
        while some := from_.recv(65536):
            if not deaf.is_set():
                to.sendall(some)
    except OSError:
        pass
    if not deaf.is_set():
        for end in (from_, to):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def on_port(connect: Connect, port: int = 0) -> Wire:
    return Wire(socket.create_server(("127.0.0.1", port)), connect)


def on_socket(path: Path, connect: Connect) -> Wire:
    near = socket.socket(socket.AF_UNIX)
    near.bind(str(path))
    near.listen()
    return Wire(near, connect)
