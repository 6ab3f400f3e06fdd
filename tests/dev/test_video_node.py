"""The stand-in asks as a node of the platform would, and lets in whom the answer lets in."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from navmeet.dev.video.node import Policy
from navmeet.dev.video.server import Server

CONFERENCE = {
    "status": "success",
    "action": "continue",
    "result": {"service_type": "conference", "name": "nav-1", "service_tag": "t", "pin": "49302811",
               "allow_guests": True, "locked": True, "crypto_mode": "on"},
}  # fmt: skip
GUEST = {
    "status": "success",
    "action": "continue",
    "result": {"preauthenticated_role": "guest", "remote_display_name": "Kari", "bypass_lock": True},
}
REJECT = {"status": "success", "action": "reject", "result": {"reject_reason": "Videomøtet åpner kl. 09.45."}}
ROOM = "/webapp3/m/d-1@video.nav.no/express"


class Owner(ThreadingHTTPServer):
    """Answers what the test says, and keeps what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Owner)
        self.answers: dict[str, Any] = {"configuration": CONFERENCE, "properties": GUEST}
        self.status = 200
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []
        self.told: list[tuple[str, dict[str, Any]]] = []


class _Owner(BaseHTTPRequestHandler):
    server: Owner

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        what = address.path.rsplit("/", 1)[-1]
        self.server.asked.append((address.path, parse_qs(address.query), self.headers["Authorization"]))
        body = json.dumps(self.server.answers[what]).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.told.append((self.path, told))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[[Any], Any]]:
    servers: list[Any] = []

    def begin(server: Any) -> Any:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        return server

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def owner(serve: Callable[[Any], Any]) -> Owner:
    found: Owner = serve(Owner())
    return found


@pytest.fixture
def platform(serve: Callable[[Any], Any], owner: Owner) -> Iterator[httpx.Client]:
    policy = Policy(f"http://127.0.0.1:{owner.server_address[1]}", "pexip", "secret")
    server = serve(Server(0, policy))
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_address[1]}", trust_env=False) as client:
        yield client


def test_a_guest_comes_in_under_the_name_that_the_meeting_s_owner_says(platform: httpx.Client, owner: Owner) -> None:
    page = platform.get(ROOM, params={"role": "guest", "join": "1"})
    assert "Du er med i møtet" in page.text
    assert "Kari" in page.text
    assert [path.rsplit("/", 1)[-1] for path, *_ in owner.asked] == ["configuration", "properties", "properties"]
    assert [asked["participant_type"] for _, asked, _ in owner.asked[1:]] == [["api"], ["standard"]]


def test_the_questions_are_as_a_node_asks_them(platform: httpx.Client, owner: Owner) -> None:
    platform.get(ROOM)
    _, asked, authorization = owner.asked[0]
    assert asked["local_alias"] == ["d-1@video.nav.no"]
    assert asked["registered"] == ["False"]
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"pexip:secret"


@pytest.mark.parametrize("who", ["configuration", "properties"])
def test_a_refusal_is_shown_with_its_reason(platform: httpx.Client, owner: Owner, who: str) -> None:
    owner.answers[who] = REJECT
    page = platform.get(ROOM, params={"join": "1"})
    assert page.status_code == 403
    assert "Videomøtet åpner kl. 09.45." in page.text
    assert platform.get("/api/joins").json()["joins"][0]["step"] == "refused"


@pytest.mark.parametrize("status", [301, 401, 404, 500, 503])
def test_whatever_is_no_answer_lets_nobody_in(platform: httpx.Client, owner: Owner, status: int) -> None:
    owner.status = status
    assert platform.get(ROOM, params={"join": "1"}).status_code == 403


@pytest.mark.parametrize("answer", [{}, [], {"status": "success", "action": "continue"}, {"result": {"name": "x"}}])
def test_an_answer_that_is_not_whole_lets_nobody_in(platform: httpx.Client, owner: Owner, answer: Any) -> None:
    owner.answers["configuration"] = answer
    assert platform.get(ROOM, params={"join": "1"}).status_code == 403


def test_an_owner_that_is_down_lets_nobody_in(serve: Callable[[Any], Any]) -> None:
    server = serve(Server(0, Policy("http://127.0.0.1:1", "pexip", "secret")))
    answer = httpx.get(f"http://127.0.0.1:{server.server_address[1]}{ROOM}?join=1", trust_env=False)
    assert answer.status_code == 403


def test_the_pin_makes_a_host_and_a_guest_waits_at_the_lock_unless_let_past_it(
    platform: httpx.Client, owner: Owner
) -> None:
    owner.answers["properties"] = {"status": "success", "action": "continue", "result": {}}
    assert "Venter på verten" in platform.get(ROOM, params={"join": "1"}).text
    assert "Venter på verten" in platform.get(ROOM, params={"join": "1", "pin": "00000000"}).text
    assert "vert" in platform.get(ROOM, params={"join": "1", "pin": "49302811"}).text
    assert platform.get("/api/joins").json()["joins"][-1]["role"] == "host"


def test_who_comes_and_goes_is_told_and_a_page_loaded_again_is_the_same_one_in_there(
    platform: httpx.Client, owner: Owner
) -> None:
    platform.get(ROOM, params={"role": "guest", "leg": "one"})
    assert owner.told == [], "looking is not coming"
    for _ in range(2):
        platform.get(ROOM, params={"role": "guest", "join": "1", "leg": "one"})
    assert platform.post("/leave/one/1").status_code == 204
    assert [told["event"] for _, told in owner.told] == ["participant_connected"], (
        "the page before the last says goodbye"
    )
    platform.post("/leave/one/2")
    platform.post("/leave/one/2")
    assert [told["event"] for _, told in owner.told] == ["participant_connected", "participant_disconnected"]
    (path, came), (_, left) = owner.told
    assert path == "/events/v1/video"
    assert came["data"]["uuid"] == left["data"]["uuid"]
    assert came["data"]["destination_alias"] == "d-1@video.nav.no"
    asked = [asked["participant_uuid"] for _, asked, _ in owner.asked if asked.get("participant_type") == ["standard"]]
    assert [came["data"]["uuid"]] in asked


def test_the_way_out_of_the_page_is_told_too(platform: httpx.Client, owner: Owner) -> None:
    platform.get(ROOM, params={"join": "1", "leg": "one"})
    platform.get(ROOM, params={"leg": "one", "leave": "1"})
    assert [told["event"] for _, told in owner.told] == ["participant_connected", "participant_disconnected"]
