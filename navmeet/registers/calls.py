"""One way to ask a register: pooled, with a deadline, closed when there is no clear answer.

Identity numbers travel in bodies and headers only. What is logged on failure is which register and what kind of
failure; httpx' own exceptions are not chained, because they carry the request.
"""

import json as jsonlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import structlog

from navmeet.exceptions import Invalid, Unavailable
from navmeet.registers import tokens

CONNECT_SECONDS = 1.0
TOTAL_SECONDS = 3.0
_MOST_BYTES = 5_000_000

_log = structlog.get_logger(__name__)
_clients: list[httpx.Client] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register by its short name in logs, and in the words that a caseworker knows it by."""

    key: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back whole and in time. Any status: the caller knows which ones mean something."""

    status: int
    body: bytes

    def json(self, register: Register) -> Any:
        """The body as JSON. Raises Unavailable if it is not."""
        try:
            return jsonlib.loads(self.body)
        except (ValueError, RecursionError):
            raise unavailable(register, "not_json") from None


def _is_401(answer: Answer) -> bool:
    return answer.status == 401


def ask(
    register: Register,
    method: str,
    url: str,
    *,
    target: str | None = None,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    refuses_token: Callable[[Answer], bool] = _is_401,
) -> Answer:
    """Ask, within three seconds in all, tokens and second tries counted in.

    With a `target` the call carries a machine token; where the answer `refuses_token`, one fresh token and one more
    try. All calls here only read, so a connection that broke is tried once more too. Raises Unavailable.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    try:
        send = partial(_send, method, url, json, deadline)
        if target is None:
            answer = send(dict(headers or {}))
        else:
            answer = _with_token(send, target, dict(headers or {}), deadline, refuses_token)
        if answer.status not in (401, 429) and answer.status < 500:
            return answer
        cause = f"status_{answer.status}"
    except httpx.TimeoutException:
        cause = "too_slow"
    except (httpx.HTTPError, httpx.InvalidURL) as broken:
        cause = type(broken).__name__
    except tokens.NoToken as refused:
        cause = f"no_token:{refused}"
    # Raised outside the handlers, so that nothing holds on to the request.
    raise unavailable(register, cause)


def unavailable(register: Register, cause: str) -> Unavailable:
    """The error to raise, in the register's words; `cause` goes to the log and must hold nothing about a person."""
    _log.warning("register_unavailable", register=register.key, cause=cause)
    return Unavailable(f"Vi får ikke svar fra {register.words}. Prøv igjen om litt.", code="register_unavailable")


def person_unknown() -> Invalid:
    """The one error to raise for a valid number that belongs to nobody."""
    return Invalid(
        "Vi finner ingen med dette fødselsnummeret. Sjekk at nummeret er riktig.",
        code="person_unknown",
        field="citizen_number",
    )


def close() -> None:
    """Let go of the pooled connections; the next call opens new ones."""
    while _clients:
        _clients.pop().close()


def _with_token(
    send: Callable[[dict[str, str]], Answer],
    target: str,
    headers: dict[str, str],
    deadline: float,
    refuses_token: Callable[[Answer], bool],
) -> Answer:
    token = tokens.bearer(target, send=partial(_plain, deadline))
    answer = send({**headers, "Authorization": f"Bearer {token}"})
    if refuses_token(answer):
        token = tokens.bearer(target, send=partial(_plain, deadline), fresh=True)
        answer = send({**headers, "Authorization": f"Bearer {token}"})
    return answer


def _plain(deadline: float, url: str, json: Any) -> tuple[int, bytes]:
    answer = _send("POST", url, json, deadline, {})
    return answer.status, answer.body


def _send(method: str, url: str, json: Any, deadline: float, headers: dict[str, str]) -> Answer:
    try:
        return _send_once(method, url, json, deadline, headers)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        # A pooled connection that the other side had just given up; what is asked here changes nothing over there.
        return _send_once(method, url, json, deadline, headers)


def _send_once(method: str, url: str, json: Any, deadline: float, headers: dict[str, str]) -> Answer:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpx.ReadTimeout("out of time")
    timeout = httpx.Timeout(left, connect=min(CONNECT_SECONDS, left))
    body = bytearray()
    with _client().stream(method, url, headers=headers, json=json, timeout=timeout) as response:
        for piece in response.iter_bytes():
            body += piece
            # httpx' own limits are per read: an answer that drips in would never meet them.
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("out of time")
            if len(body) > _MOST_BYTES:
                raise httpx.DecodingError("too long an answer")
    return Answer(status=response.status_code, body=bytes(body))


def _client() -> httpx.Client:
    if not _clients:
        limits = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=30)
        # No proxy from the environment: between us and the registers there is none.
        _clients.append(httpx.Client(limits=limits, trust_env=False, follow_redirects=False))
    return _clients[0]


# A forked worker must not share its parent's sockets, nor close them.
os.register_at_fork(after_in_child=_clients.clear)
