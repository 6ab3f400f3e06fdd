"""The HTTP side: one thread a connection, a table of addresses, a cookie with a random name for a session."""

import hmac
import json
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from navmeet.dev.ditt_nav import everything, pages
from navmeet.dev.ditt_nav.kept import Kept
from navmeet.dev.ditt_nav.login import Login, LoginFailed, Person
from navmeet.dev.ditt_nav.reading import ended

SESSION = "min-side-session"
BROWSER = "min-side-browser"
MOST_BYTES = 10_000
_LOOK = Path(__file__).with_name("look.css").read_bytes()
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `cookies` maps a name to its value, an empty one takes the cookie away."""

    status: int = 200
    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    location: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; port 0 takes a free one. Raises OSError when the port is taken."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, port: int, kept: Kept, citizen_base: str) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.kept = kept
        self.citizen_base = citizen_base
        self.site = f"http://127.0.0.1:{self.server_address[1]}"
        self.login = Login(self.site)


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """A page, a style, or an answer for a program."""
        self._send(self._got())

    def do_POST(self) -> None:
        """The one form there is: taking a beskjed away."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            return self._send(_page(413, pages.failure("Skjemaet er for stort.")))
        form = dict(parse_qsl(self.rfile.read(int(length)).decode(errors="replace")))
        if self.path != "/beskjed/inaktiver":
            return self._send(_page(404, pages.failure("Siden finnes ikke.")))
        return self._send(self._dismissed(form))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses here carry codes."""

    def _got(self) -> Answer:
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        kept = self.server.kept
        if not address.path.startswith("/api/") and self.headers.get("Host") != self.server.site.removeprefix(
            "http://"
        ):
            # The issuer calls back to this address only, and the cookie must be there then.
            return Answer(302, location=f"{self.server.site}{address.path}")
        match address.path:
            case "/":
                person = self._person()
                return _page(200, pages.mine(kept, person, self.server.citizen_base) if person else pages.front())
            case "/alt":
                return _page(200, everything.html(kept, _number(query.get("before"))))
            case "/look.css":
                return Answer(body=_LOOK, type="text/css; charset=utf-8")
            case "/api/events":
                found = everything.as_json(kept, _number(query.get("after")) or 0)
                return Answer(body=json.dumps(found, ensure_ascii=True).encode(), type="application/json")
            case "/isalive":
                return Answer(body=b"ok", type="text/plain")
            case "/login" | "/callback" | "/logout":
                return self._login(address.path, query)
        return _page(404, pages.failure("Siden finnes ikke."))

    def _login(self, path: str, query: dict[str, str]) -> Answer:
        login = self.server.login
        if path == "/logout":
            return Answer(302, location=login.end(self._cookie(SESSION)), cookies={SESSION: ""})
        try:
            if path == "/callback":
                session = login.finish(self._cookie(BROWSER), query)
                return Answer(302, location="/", cookies={SESSION: session, BROWSER: ""})
            browser = secrets.token_urlsafe(24)
            away = login.begin(browser, query.get("level", "substantial"))
        except LoginFailed as failed:
            return _page(400 if path == "/callback" else 503, pages.failure(str(failed)))
        return Answer(302, location=away, cookies={BROWSER: browser})

    def _dismissed(self, form: dict[str, str]) -> Answer:
        person = self._person()
        if person is None:
            return Answer(303, location="/")
        if not hmac.compare_digest(form.get("form_key", "").encode(), person.form_key.encode()):
            return _page(403, pages.failure("Skjemaet hører ikke til denne innloggingen."))
        kept = self.server.kept
        with kept.locked():
            notice = kept.notices.get(form.get("varselId", ""))
            if notice is None or notice.event["ident"] != person.ident or notice.kind != "beskjed":
                return _page(404, pages.failure("Beskjeden finnes ikke."))
            if notice.ended is None:
                kept.record(ended(notice.event, "bruker"))
        return Answer(303, location="/")

    def _person(self) -> Person | None:
        return self.server.login.person(self._cookie(SESSION))

    def _cookie(self, name: str) -> str:
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if answer.location is not None:
            self.send_header("Location", answer.location)
        for name, value in answer.cookies.items():
            age = "" if value else "; Max-Age=0"
            self.send_header("Set-Cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}")
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()


def _page(status: int, html: str) -> Answer:
    return Answer(status, html.encode())


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
