"""One question to Altinn over HTTP: pooled, within a deadline, and nothing of what was sent kept by an error."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

CONNECT_SECONDS = 2.0
_MOST_BYTES = 5_000_000

_clients: list[httpx.Client] = []


class NoAnswer(Exception):
    """Nothing whole came back in time. The text is the kind of failure, for the log."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back whole and in time, whatever its status.

    `is_second`: to a second try. The first broke off, and may have done what was asked, whatever the second is told.
    """

    status: int
    body: bytes = field(repr=False)
    retry_after: str = ""
    is_second: bool = False

    def json(self) -> Any:
        """The body as JSON. Raises ValueError if it is none."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deep") from None


def call(
    method: str, url: str, *, deadline: float, headers: Mapping[str, str] | None = None, body: Any = None
) -> Answer:
    """Ask before `deadline` (of time.monotonic). Raises NoAnswer.

    Where the connection broke it is tried once more: reading changes nothing, and orders carry a key, by which the
    second is recognised.
    """
    try:
        try:
            return _once(method, url, dict(headers or {}), body, deadline)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            return replace(_once(method, url, dict(headers or {}), body, deadline), is_second=True)
    except httpx.TimeoutException:
        cause = "too_slow"
    except (httpx.HTTPError, httpx.InvalidURL) as broken:
        cause = type(broken).__name__
    # Raised outside the handlers, so that nothing holds on to the request.
    raise NoAnswer(cause)


def close() -> None:
    """Let go of the pooled connections; the next call opens new ones."""
    while _clients:
        _clients.pop().close()


def _once(method: str, url: str, headers: dict[str, str], content: Any, deadline: float) -> Answer:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpx.ReadTimeout("out of time")
    timeout = httpx.Timeout(left, connect=min(CONNECT_SECONDS, left))
    body = bytearray()
    with _client().stream(method, url, headers=headers, json=content, timeout=timeout) as response:
        for piece in response.iter_bytes():
            body += piece
            # httpx' own limits are per read: an answer that drips in would never meet them.
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("out of time")
            if len(body) > _MOST_BYTES:
                raise httpx.DecodingError("too long an answer")
    return Answer(response.status_code, bytes(body), response.headers.get("Retry-After", ""))


def _client() -> httpx.Client:
    if not _clients:
        limits = httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30)
        _clients.append(httpx.Client(limits=limits, trust_env=False, follow_redirects=False))
    return _clients[0]


# A forked worker must not share its parent's sockets, nor close them.
os.register_at_fork(after_in_child=_clients.clear)
