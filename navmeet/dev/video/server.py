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

# The path and what follows the alias are branding: any slug, with or without "express" or "conference".
ROOM = re.compile(r"/[a-zA-Z0-9_-]+/(?:m|conference)/(?P<alias>[^/]+)(?:/[a-zA-Z0-9_-]+)?/?")
_LOOK = Path(__file__).with_name("look.css").read_bytes()


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; port 0 takes a free one. Raises OSError when the port is taken."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self._joins: list[dict[str, str]] = []
        self._lock = threading.Lock()

    def came(self, alias: str, query: dict[str, str]) -> None:
        """Remember that somebody followed a link to a room, or pressed the button there."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        visit = {"alias": alias, "at": at, "name": query.get("name", ""), "role": query.get("role", "")}
        with self._lock:
            self._joins.append(visit | {"step": "joined" if query.get("join") == "1" else "opened"})

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
            case "/api/joins":
                self._send(200, json.dumps({"joins": self.server.joins()}).encode(), "application/json")
            case "/isalive":
                self._send(200, b"ok", "text/plain")
            case path if room := ROOM.fullmatch(path):
                self._room(unquote(room["alias"]), query, path)
            case _:
                self._page(404, pages.missing())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses carry names."""

    def _room(self, alias: str, query: dict[str, str], path: str) -> None:
        self.server.came(alias, query)
        name, role = query.get("name", ""), query.get("role", "")
        if alias.partition("@")[0] == "test":
            self._page(200, pages.test_call(path))
        elif query.get("join") == "1":
            kept = {key: value for key, value in query.items() if key != "join"}
            self._page(200, pages.joined(alias, name, role, f"{path}?{urlencode(kept)}"))
        else:
            self._page(200, pages.join(alias, name, role, path))

    def _page(self, status: int, html: str) -> None:
        self._send(status, html.encode(), "text/html; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; "
            "base-uri 'none'",
        )
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
