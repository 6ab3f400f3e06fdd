"""The HTTP side of the stand-in: one thread a connection, routes to the registers, faults before answers."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from navmeet.dev import maskinporten
from navmeet.dev.personas import OFFICES
from navmeet.dev.registers import access_machine, krr, page, pdl
from navmeet.dev.registers.state import TOKEN_SECONDS, State

_PREFIXES = {
    "/krr/": "krr",
    "/pdl/": "pdl",
    "/norg2/": "norg2",
    "/tilgangsmaskin/api/v1/": "access",
    "/api/v1/token": "token",
}
_HANG_SECONDS = 30.0


@dataclass
class RunningRegisters:
    """A server that answers until `stop()`. Its methods do in a thread what `/control/state` does over HTTP."""

    port: int
    state: State
    _server: ThreadingHTTPServer
    _stopping: threading.Event
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, str]:
        """The settings that point navmeet at this server."""
        return {
            "KRR_URL": f"{self.url}/krr",
            "PDL_URL": f"{self.url}/pdl/graphql",
            "NORG2_URL": f"{self.url}/norg2",
            "ACCESS_URL": f"{self.url}/tilgangsmaskin/api/v1",
            "NAIS_TOKEN_ENDPOINT": f"{self.url}/api/v1/token",
        }

    def set_person(self, number: str, **override: Any) -> None:
        """Override what is said of one person: `protection`, `reserved`, `language`, `deceased`, `office`, …"""
        described = self.state.described()
        described["persons"][number] = {**described["persons"].get(number, {}), **override}
        self.state.control(described)

    def fail(self, register: str, how: str = "down") -> None:
        """Let `krr`, `pdl`, `norg2`, `access` or `token` be `down`, `hang`, `odd` or `garbage`."""
        described = self.state.described()
        described[how].append(register)
        self.state.control(described)

    def slow(self, register: str, seconds: float) -> None:
        """Let a register take its time before it answers."""
        described = self.state.described()
        described["slow"][register] = seconds
        self.state.control(described)

    def reset(self) -> None:
        """Back to the personas, everybody answering, tokens revoked, nothing remembered."""
        self.state.reset()

    def stop(self) -> None:
        """Stop listening and wait for the thread."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def serve(port: int = 0) -> RunningRegisters:
    """Start on 127.0.0.1; port 0 takes a free one. Raises OSError when the port is taken."""
    state, stopping = State(), threading.Event()
    server = _Server(("127.0.0.1", port), _Conversation)
    server.state, server.stopping = state, stopping
    return RunningRegisters(port=server.server_address[1], state=state, _server=server, _stopping=stopping)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    state: State
    stopping: threading.Event


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # Head and body in one packet; in two, each answer would wait 40 ms for the other side's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Every method goes the same way."""
        self._answer()

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what is asked about people is not logged, not even here."""

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        state = self.server.state
        register = next((name for prefix, name in _PREFIXES.items() if self.path.startswith(prefix)), None)
        if register:
            with state.lock:
                state.asked.append(f"{self.command} {self.path}")
                state.bodies.append(raw)
        if register is None:
            self._own(raw)
        elif self._misbehaved(register):
            return
        elif register in ("krr", "pdl", "access") and not state.is_valid(self.headers.get("Authorization", "")):
            unauthorized = (200, pdl.unauthenticated()) if register == "pdl" else (401, _problem(401, "Unauthorized"))
            self._send(*unauthorized)
        else:
            self._send(*self._route(register, raw))

    def _read(self, raw: bytes) -> Any:
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(raw.decode()))
        # The access machine takes the number as plain text too.
        if self.headers.get("Content-Type", "").startswith("text/plain"):
            return raw.decode().strip()
        return json.loads(raw) if raw else None

    def _misbehaved(self, register: str) -> bool:
        """Do what the control endpoint asked for. True when the request has had its (lack of an) answer."""
        state = self.server.state
        with state.lock:
            seconds = state.slow.get(register, 0.0)
            wrong = [how for how in ("down", "hang", "odd", "garbage") if register in getattr(state, how)]
        if seconds:
            self.server.stopping.wait(seconds)
        if not wrong:
            return False
        match wrong[0]:
            case "down":
                self._send(503, _problem(503, "Service Unavailable"))
            case "hang":
                self.server.stopping.wait(_HANG_SECONDS)
                self.close_connection = True
            case "odd":
                self._send(200, {"hei": ["noe", "annet"]})
            case "garbage":
                self._send_bytes(200, b"<html>\xff", "text/html")
        return True

    def _route(self, register: str, raw: bytes) -> tuple[int, Any]:
        state = self.server.state
        try:
            body = self._read(raw)
        except ValueError:
            return 400, _problem(400, "Bad Request")
        match register, self.command, self.path.split("/")[1:]:
            case "token", "POST", ["api", "v1", "token"]:
                return self._token(body)
            case "krr", "POST", ["krr", "rest", "v1", "personer"]:
                return krr.persons(state, body)
            case "krr", "GET", ["krr", "rest", "v1", "person"]:
                return krr.person(state, self.headers.get("Nav-Personident", ""))
            case "pdl", "POST", ["pdl", "graphql"]:
                return 200, pdl.graphql(state, body)
            case "norg2", "GET", ["norg2", "api", "v1", "enhet", "navkontor", place]:
                return _office(place)
            case "access", "POST", [*_, "ccf", "komplett", nav_ident]:
                return access_machine.single(state, nav_ident, body)
            case "access", "POST", [*_, "bulk", "ccf", nav_ident]:
                return access_machine.bulk(state, nav_ident, body)
        return 404, None

    def _token(self, body: Any) -> tuple[int, Any]:
        provider = body.get("identity_provider") if isinstance(body, dict) else None
        if provider not in ("entra_id", "azuread", "maskinporten"):
            why = "identity_provider must be entra_id or maskinporten"
            return 400, {"error": "invalid_request", "error_description": why}
        if not body.get("target"):
            return 400, {"error": "invalid_target", "error_description": "target is missing"}
        if provider == "maskinporten":
            token = maskinporten.issue(str(body["target"]))
            return 200, {"access_token": token, "token_type": "Bearer", "expires_in": maskinporten.SECONDS - 1}
        token = self.server.state.new_token(str(body["target"]))
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}

    def _own(self, raw: bytes) -> None:
        """What only the stand-in has: its page, its probe, its control."""
        state = self.server.state
        match self.command, self.path:
            case "GET", "/":
                self._send_bytes(200, page.html(state).encode(), "text/html; charset=utf-8")
            case "GET", "/isalive":
                self._send(200, {"status": "ok"})
            case "GET", "/control/state":
                self._send(200, state.described())
            case "DELETE", "/control/state":
                state.reset()
                self._send(200, state.described())
            case "PUT", "/control/state":
                self._send(*_controlled(state, raw))
            case _:
                self._send(404, _problem(404, "Not Found"))

    def _send(self, status: int, answer: Any) -> None:
        kind = "application/problem+json" if status >= 400 else "application/json"
        body = b"" if answer is None else json.dumps(answer, ensure_ascii=False).encode()
        self._send_bytes(status, body, kind)

    def _send_bytes(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


def _problem(status: int, title: str) -> dict[str, Any]:
    return {"title": title, "status": status}


def _controlled(state: State, raw: bytes) -> tuple[int, Any]:
    try:
        state.control(json.loads(raw))
    except (ValueError, TypeError, AttributeError) as wrong:
        return 400, {"error": str(wrong)}
    return 200, state.described()


def _office(place: str) -> tuple[int, Any]:
    for office in OFFICES:
        if office.geographic == place:
            found = {"enhetId": int(office.number), "navn": office.name, "enhetNr": office.number}
            return 200, found | {"status": "Aktiv", "type": "LOKAL", "orgNivaa": "EN"}
    return 404, {"message": "Enheten med nummeret finnes ikke"}
