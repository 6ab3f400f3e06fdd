"""The HTTP side: Altinn's addresses with tokens and checks, the page of what was sent, and control over faults."""

import json
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from navmeet.dev import maskinporten
from navmeet.dev.altinn import checks, delivery, pages
from navmeet.dev.altinn.faults import Fault, Faults
from navmeet.dev.altinn.kept import Kept, Shipment
from navmeet.dev.ditt_nav.ledger import Ledger

NOTIFICATIONS = "/notifications/api/v1"
EXCHANGE = "/authentication/api/v1/exchange/maskinporten"
SCOPE = "altinn:serviceowner/notifications.create"
MOST_BYTES = 1_000_000
# Altinn's own live half an hour.
TOKEN_SECONDS = 1800
_LOOK = Path(__file__).with_name("look.css").read_bytes()
_HTML = "text/html; charset=utf-8"
_PROBLEM = "application/problem+json"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; port 0 takes a free one. Raises OSError when the port is taken.

    `mailbox` is the file of the mail server's stand-in, whose mails are shown on the same page.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, port: int, folder: Path, citizen_base: str) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.kept = Kept(Ledger(folder))
        self.mailbox = folder / "mailbox.jsonl"
        self.citizen_base = citizen_base
        self.faults = Faults()
        # New at every start: tokens of before are worth nothing, and are had anew.
        self.signed_with = secrets.token_bytes()
        self.stopping = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    # Head and body in one packet; in two, each answer would wait 40 ms for the other side's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Every method goes the same way."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            # Where a connection is closed with words unread, the other side may never read the answer.
            self.rfile.read(min(int(length), 4 * MOST_BYTES) if length.isdecimal() else 0)
            self.close_connection = True
            return self._send(_problem(413, "Payload Too Large"))
        raw = self.rfile.read(int(length))
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        if not address.path.startswith((NOTIFICATIONS, EXCHANGE)):
            return self._send(self._own(address.path, query, raw))
        fault = self.server.faults.next_for(_part(address.path))
        answer = self._wrong(fault) if fault else None
        if answer is None and not self.close_connection:
            answer = self._right(address.path, query, raw, fault)
        if fault and fault.how == "cut_off_after":
            self.close_connection = True
        elif answer is not None:
            self._send(answer)
        return None

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what is sent to people is not logged, not even here."""

    def _wrong(self, fault: Fault) -> Answer | None:
        """What the fault answers instead of the platform, if it does."""
        match fault.how:
            case "status":
                wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
                return _problem(fault.status, "As asked for", headers=wait)
            case "garbage":
                return Answer(200, b"<html>\xff", "text/html")
            case "slow":
                self.server.stopping.wait(fault.seconds)
            case "cut_off_before":
                self.close_connection = True
        return None

    def _right(self, path: str, query: dict[str, str], raw: bytes, fault: Fault | None) -> Answer:
        if path == EXCHANGE:
            return self._exchanged()
        claims = maskinporten.claims_of(self._token(), key=self.server.signed_with)
        if claims is None:
            return _problem(401, "Unauthorized")
        if SCOPE not in str(claims["scope"]).split():
            return _problem(403, "Forbidden")
        match self.command, path.removeprefix(NOTIFICATIONS).split("/")[1:]:
            case "POST", ["future", "orders", "instant", "sms" | "email" as what]:
                return self._ordered(what, raw, fails=fault is not None and fault.how == "fails_at_provider")
            case "GET", ["future", "shipment", "feed"]:
                return self._feed(query)
            case "GET", ["future", "shipment", shipment_id]:
                return self._shipment(shipment_id)
        return _problem(404, "Not Found")

    def _exchanged(self) -> Answer:
        theirs = maskinporten.claims_of(self._token())
        if self.command != "GET" or theirs is None:
            return _problem(401, "Unauthorized")
        ours = maskinporten.issue(theirs["scope"], seconds=TOKEN_SECONDS, key=self.server.signed_with)
        return Answer(200, ours.encode(), "text/plain; charset=utf-8")

    def _ordered(self, what: str, raw: bytes, *, fails: bool) -> Answer:
        if self.headers.get_content_type() != "application/json":
            return _problem(415, "Unsupported Media Type")
        try:
            order = json.loads(raw)
        except (ValueError, RecursionError):
            return _invalid({"$": ["The JSON value could not be converted."]})
        errors = (checks.sms if what == "sms" else checks.email)(order)
        if errors:
            return _invalid(errors)
        address = order["recipientSms"]["phoneNumber"] if what == "sms" else order["recipientEmail"]["emailAddress"]
        if delivery.has_no_contact(address):
            return _problem(422, "Missing contact information for recipient(s)", code="NOT-00001")
        shipment, is_new = self.server.kept.order(what, order, fails_at_provider=fails)
        if fails and is_new:
            # As theirs does: the order stays registered, and the same key again is answered as if all were well.
            return _problem(500, "Sending Failed")
        return _json(201 if is_new else 200, _taken(shipment))

    def _feed(self, query: dict[str, str]) -> Answer:
        after, most = query.get("seq", "0"), query.get("pageSize", "50")
        if not (after.isdecimal() and most.isdecimal() and 1 <= int(most) <= 500):
            return _invalid({"seq": ["Sequence number cannot be less than 0."]})
        return _json(200, self.server.kept.since(int(after), int(most)))

    def _shipment(self, shipment_id: str) -> Answer:
        with self.server.kept.lock:
            told = [entry for entry in self.server.kept.feed if entry["shipmentId"] == shipment_id]
        return _json(200, told[-1]) if told else _problem(404, "Not Found")

    def _token(self) -> str:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def _own(self, path: str, query: dict[str, str], raw: bytes) -> Answer:
        """What only the stand-in has: its pages, what was sent as JSON, its control."""
        kept = self.server.kept
        match self.command, path:
            case "GET", "/":
                return _page(pages.everybody(kept, self.server.mailbox))
            case "GET", "/inbox":
                page = pages.inbox(kept, self.server.mailbox, query.get("of", ""), self.server.citizen_base)
                return _page(page) if page else Answer(404, pages.missing().encode(), _HTML)
            case "GET", "/look.css":
                return Answer(200, _LOOK, "text/css; charset=utf-8")
            case "GET", "/isalive":
                return _json(200, {"status": "ok"})
            case "GET", "/api/sent":
                return _json(200, {"sent": pages.as_json(kept)})
            case "GET" | "PUT" | "DELETE", "/control/faults":
                return self._controlled(raw)
        return Answer(404, pages.missing().encode(), _HTML)

    def _controlled(self, raw: bytes) -> Answer:
        try:
            if self.command == "PUT":
                self.server.faults.replace(json.loads(raw))
            elif self.command == "DELETE":
                self.server.faults.replace([])
        except (ValueError, RecursionError) as wrong:
            return _json(400, {"error": str(wrong)})
        return _json(200, self.server.faults.described())

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {**_HEADERS, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()


def _part(path: str) -> str:
    if path.startswith(EXCHANGE):
        return "exchange"
    return "feed" if "/shipment/" in path else "orders"


def _taken(shipment: Shipment) -> dict[str, Any]:
    entry = shipment.entry
    notification = {"shipmentId": entry["shipment_id"], "sendersReference": entry["reference"]}
    return {"notificationOrderId": entry["order_id"], "notification": notification}


def _json(status: int, value: Any) -> Answer:
    return Answer(status, json.dumps(value).encode())


def _page(html: str) -> Answer:
    return Answer(200, html.encode(), _HTML)


def _invalid(errors: checks.Errors) -> Answer:
    return _problem(400, "One or more validation errors occurred.", code="STD-00000", errors=errors)


def _problem(status: int, title: str, *, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    told = {"type": "https://tools.ietf.org/html/rfc9110#section-15.5", "title": title, "status": status, **more}
    return Answer(status, json.dumps(told).encode(), _PROBLEM, headers or {})
