"""The HTTP side: the address forms of contracts/video.md § 2.1, and the list of who came."""

import json
import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from navmeet.dev.video import pages
from navmeet.dev.video.legs import Leg, Legs, new_name
from navmeet.dev.video.node import Answer, Policy

# The path and what follows the alias are branding: any slug, with or without "express" or "conference".
ROOM = re.compile(r"/[a-zA-Z0-9_-]+/(?:m|conference)/(?P<alias>[^/]+)(?:/[a-zA-Z0-9_-]+)?/?")
LEAVING = re.compile(r"/leave/(?P<page>[0-9a-zA-Z-]{1,64})/(?P<loads>[0-9]{1,6})")
_LOOK = Path(__file__).with_name("look.css").read_bytes()
_LEAVE = Path(__file__).with_name("leave.js").read_bytes()


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; port 0 takes a free one. Raises OSError when the port is taken."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, port: int, policy: Policy | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.policy = policy or Policy.from_environment()
        self.legs = Legs(self.policy)
        self._joins: list[dict[str, str]] = []
        self._lock = threading.Lock()

    def came(self, alias: str, answer: Answer, *, joined: bool) -> None:
        """Remember that somebody followed a link to a room, was refused there, or pressed the button."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        visit = {"alias": alias, "at": at, "name": answer.name, "role": answer.role, "conference": answer.conference}
        step = "refused" if answer.refused else "joined" if joined else "opened"
        with self._lock:
            self._joins.append(visit | {"step": step})

    def joins(self) -> list[dict[str, str]]:
        """All visits, the first first."""
        with self._lock:
            return list(self._joins)


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """All there is."""
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        match address.path:
            case "/":
                self._page(200, pages.front(len(self.server.joins())))
            case "/look.css":
                self._send(200, _LOOK, "text/css; charset=utf-8")
            case "/leave.js":
                self._send(200, _LEAVE, "text/javascript; charset=utf-8")
            case "/api/joins":
                self._send(200, json.dumps({"joins": self.server.joins()}).encode(), "application/json")
            case "/isalive":
                self._send(200, b"ok", "text/plain")
            case path if room := ROOM.fullmatch(path):
                self._room(unquote(room["alias"]), query, path)
            case _:
                self._page(404, pages.missing())

    def do_POST(self) -> None:
        """A page that says it is gone."""
        self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 10_000))
        if leaving := LEAVING.fullmatch(urlsplit(self.path).path):
            self.server.legs.leave(leaving["page"], int(leaving["loads"]))
        self._send(204, b"", "text/plain")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses carry names."""

    def _room(self, alias: str, query: dict[str, str], path: str) -> None:
        if alias.partition("@")[0] == "test":
            self._page(200, pages.test_call(path))
            return
        page, is_joining = query.get("leg") or new_name(), query.get("join") == "1"
        if "leave" in query:
            self.server.legs.leave(page)
        leg = self.server.legs.again(page) if is_joining else None
        if leg is not None:
            self._inside(alias, leg, page, query, path)
            return
        connection = new_name()
        answer = self._asked(alias, query, connection)
        self.server.came(alias, answer, joined=is_joining)
        if answer.refused:
            self._page(403, pages.refused(answer.refused))
        elif is_joining:
            self._inside(alias, self.server.legs.enter(page, alias, answer, connection), page, query, path)
        else:
            self._page(200, pages.join(alias, answer.name, answer.role, path, query.get("pin", ""), page))

    def _inside(self, alias: str, leg: Leg, page: str, query: dict[str, str], path: str) -> None:
        kept = {key: value for key, value in query.items() if key not in {"join", "leave"}}
        away = f"{path}?{urlencode(kept | {'leg': page, 'leave': '1'})}"
        told = leg.answer
        leaves = f"/leave/{page}/{leg.loads}"
        self._page(200, pages.joined(alias, told.name, told.role, away, leaves=leaves, waits=told.waits_for_host))

    def _asked(self, alias: str, query: dict[str, str], connection: str) -> Answer:
        """What the meeting's owner says, or, where nobody is to be asked, what the address says."""
        if self.server.policy.url:
            return self.server.policy.ask(alias, query, connection)
        return Answer(name=query.get("name", ""), role=query.get("role", ""))

    def _page(self, status: int, html: str) -> None:
        self._send(status, html.encode(), "text/html; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        )
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
