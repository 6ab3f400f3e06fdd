"""The stand-in for the video platform: the addresses that we send people to lead to a page there."""

import threading
from collections.abc import Iterator

import httpx
import pytest

from navmeet.dev.video.server import Server


@pytest.fixture
def platform() -> Iterator[httpx.Client]:
    server = Server(0)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_address[1]}", trust_env=False) as client:
        yield client
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "path",
    [
        "/webapp3/m/abc123@video.nav.no/express",
        "/webapp2/m/abc123%40video.nav.no/express",
        "/nav/m/abc123@video.nav.no",
    ],
)
def test_a_link_to_a_room_opens_it_with_the_name_filled_in(platform: httpx.Client, path: str) -> None:
    page = platform.get(path, params={"name": "Kari", "role": "guest"})
    assert page.status_code == 200
    assert "abc123@video.nav.no" in page.text
    assert 'value="Kari"' in page.text
    assert "stand-in" in page.text
    assert "set-cookie" not in page.headers


def test_each_visit_is_listed_with_room_and_time(platform: httpx.Client) -> None:
    platform.get("/webapp3/m/first@video.nav.no/express?name=Kari&role=guest")
    platform.get("/webapp3/m/first@video.nav.no/express?name=Kari&role=guest&join=1")
    joins = platform.get("/api/joins").json()["joins"]
    assert [(join["alias"], join["name"], join["role"], join["step"]) for join in joins] == [
        ("first@video.nav.no", "Kari", "guest", "opened"),
        ("first@video.nav.no", "Kari", "guest", "joined"),
    ]
    assert all(join["at"] for join in joins)


def test_the_test_call_has_a_page_of_its_own(platform: httpx.Client) -> None:
    assert "Testsamtale" in platform.get("/webapp3/m/test@video.nav.no/express").text


def test_what_is_no_room_is_not_found_and_not_listed(platform: httpx.Client) -> None:
    assert platform.get("/webapp3/m/").status_code == 404
    assert platform.get("/api/joins").json() == {"joins": []}


def test_a_name_cannot_become_markup(platform: httpx.Client) -> None:
    page = platform.get("/webapp3/m/a@video.nav.no/express", params={"name": '"><script>', "role": "<b>"})
    assert "<script>" not in page.text
    assert "<b>" not in page.text
