"""Is it ready? Small questions that are asked until the answer is yes."""

import http.client
import socket
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

Probe = Callable[[], bool]


def answers_http(url: str, *, status: int = 200) -> Probe:
    """Yes when a GET of `url` answers with `status`."""
    parts = urlsplit(url)

    def probe() -> bool:
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=2)
        with closing(connection):
            try:
                connection.request("GET", parts.path or "/")
                return connection.getresponse().status == status
            except (OSError, http.client.HTTPException):
                return False

    return probe


def accepts_connections(port: int, host: str = "127.0.0.1") -> Probe:
    """Yes when somebody listens on the port."""

    def probe() -> bool:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            return False
        return True

    return probe


def all_of(*probes: Probe) -> Probe:
    """Yes when every one of them says yes."""
    return lambda: all(probe() for probe in probes)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Can a server be started on the port?"""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((host, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now. They were open at the same time, so they differ."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for candidate in sockets:
            candidate.bind(("127.0.0.1", 0))
        return [int(candidate.getsockname()[1]) for candidate in sockets]
    finally:
        for candidate in sockets:
            candidate.close()
