"""Measuring: rounds of each candidate in turn, the median of each, a table, and one JSON line."""

import base64
import json
import socket
import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence


def in_turn(candidates: Mapping[str, Callable[[], float]], *, rounds: int) -> dict[str, float]:
    """The median of each over `rounds`, every round measuring all of them: what the machine does meanwhile hits all."""
    figures: dict[str, list[float]] = {name: [] for name in candidates}
    for measure in candidates.values():
        measure()
    for _ in range(rounds):
        for name, measure in candidates.items():
            figures[name].append(measure())
    return {name: statistics.median(values) for name, values in figures.items()}


def table(figures: Mapping[str, float], *, unit: str, base: str) -> None:
    """One line a candidate, with its ratio to `base`."""
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:<{width}}  {value:>10.1f} {unit:<12} {value / figures[base]:>6.2f} of {base}")


def result(*, name: str, value: float, unit: str, yardstick: float, n: int) -> None:
    """The last line, for machines."""
    figures = {"name": name, "value": round(value, 3), "unit": unit, "yardstick": round(yardstick, 3)}
    print(json.dumps({**figures, "ratio": round(value / yardstick, 3), "n": n}))


class Wire:
    """One kept-alive connection that asks for one address again and again, with as little of its own as can be."""

    def __init__(self, port: int, path: str, *, user: str = "", password: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        told = base64.b64encode(f"{user}:{password}".encode()).decode()
        who = f"Authorization: Basic {told}\r\n" if user else ""
        self._request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{who}\r\n".encode()

    def rate(self, requests: int) -> float:
        """Requests a second over this many; raises RuntimeError for anything but 200."""
        began = time.perf_counter()
        for _ in range(requests):
            self._once()
        return requests / (time.perf_counter() - began)

    def _once(self) -> None:
        self._socket.sendall(self._request)
        read = b""
        while b"\r\n\r\n" not in read:
            read += self._more()
        head, _, body = read.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.split(b"\r\n")[0].decode("ascii", "replace"))
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        left = int(lengths[0].split(b":")[1]) - len(body)
        while left > 0:
            left -= len(self._more())

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise RuntimeError("the server closed the connection")
        return part

    def close(self) -> None:
        self._socket.close()


def area(one: Sequence[float], other: Sequence[float]) -> float:
    """How often a value of `one` is the larger of the two; ties count half."""
    ordered = sorted(other)
    below = sum((bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 for value in one)
    return below / (len(one) * len(other))
