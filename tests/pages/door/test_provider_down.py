"""The video platform is off, slow or failing: people are told, may ask to be rung, and lose nothing by it."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings

from invitations import admission
from invitations.models import Visit
from invitations.video import health
from meetings.models import Format, Task
from tests.pages.citizen.setting import text
from tests.pages.door.conftest import Pages

NOT_ANSWERING = "Videomøtet svarer ikke akkurat nå"


class Platform:
    """A real server at a port: what it answers, and how fast, can be told."""

    def __init__(self) -> None:
        self.status, self.seconds, self.asked = 200, 0.0, 0
        platform = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                platform.asked += 1
                time.sleep(platform.seconds)
                self.send_response(platform.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/webapp3/"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    found = Platform()
    settings.VIDEO_HEALTH_URL = found.url
    health.forget()
    yield found
    health.forget()
    found.stop()


def down(platform: Platform, how: str, settings: Settings) -> None:
    if how == "off":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.VIDEO_HEALTH_URL = f"http://127.0.0.1:{free.getsockname()[1]}/webapp3/"
    elif how == "slow":
        platform.seconds = health.WITHIN_SECONDS + 1
    else:
        platform.status = int(how)
    health.forget()


def admitted(pages: Pages) -> Visit:
    visit = Visit.objects.get()
    return admission.admit(visit_id=visit.pk, by=pages.world.by, at=pages.now)


@pytest.mark.parametrize("how", ["off", "500", "503", "slow"])
def test_at_the_click_one_is_told_and_has_not_gone_on(
    pages: Pages, platform: Platform, settings: Settings, how: str
) -> None:
    client = pages.waits("Kari")
    visit = admitted(pages)
    down(platform, how, settings)
    began = time.monotonic()
    answer = client.post(pages.link("wait/"), {"act": "go"})
    assert time.monotonic() - began < health.WITHIN_SECONDS + 2
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    page = answer.content.decode()
    assert NOT_ANSWERING in page
    assert page.count('value="call"') == 1, "here, and not in its usual place too"
    assert "data-go-on" not in page, "the page does not send itself on again and again"
    visit.refresh_from_db()
    assert (visit.state, visit.entered_at) == ("ADMITTED", None)


def test_when_it_answers_again_the_same_admission_leads_on(
    pages: Pages, platform: Platform, settings: Settings
) -> None:
    client = pages.waits("Kari")
    visit = admitted(pages)
    down(platform, "500", settings)
    client.post(pages.link("wait/"), {"act": "go"})
    platform.status = 200
    assert client.post(pages.link("wait/"), {"act": "go"}).status_code == 503, "asked at most each ten seconds"
    assert platform.asked == 1
    health.forget()
    gone = client.post(pages.link("wait/"), {"act": "go"})
    assert gone.status_code == 302
    assert visit.alias in gone["Location"]


def test_nobody_is_shut_out_by_what_we_see_from_here(pages: Pages, platform: Platform, settings: Settings) -> None:
    client = pages.waits("Kari")
    visit = admitted(pages)
    down(platform, "500", settings)
    gone = client.post(pages.link("wait/"), {"act": "go-anyway"})
    assert gone.status_code == 302
    assert visit.alias in gone["Location"]


@pytest.mark.parametrize("status", [200, 301, 404])
def test_a_page_that_is_not_there_is_an_answer_all_the_same(
    pages: Pages, platform: Platform, settings: Settings, status: int
) -> None:
    client = pages.waits("Kari")
    admitted(pages)
    down(platform, str(status), settings)
    assert client.post(pages.link("wait/"), {"act": "go"}).status_code == 302


def test_call_me_instead_is_one_click_and_the_host_s_answer_is_one_more(
    pages: Pages, platform: Platform, settings: Settings, surface: object, registers: object
) -> None:
    client = pages.waits("Kari")
    admitted(pages)
    down(platform, "off", settings)
    client.post(pages.link("wait/"), {"act": "go"})
    client.post(pages.link("wait/"), {"act": "call"})
    assert Task.objects.get(kind=Task.Kind.CALL_INSTEAD, done_at=None).meeting == pages.world.meeting
    surface("staff")  # type: ignore[operator]
    host = pages.host()
    panel = host.get(pages.door()).content.decode()
    assert NOT_ANSWERING in panel
    assert "Vil bli ringt i stedet" in panel
    assert panel.count("door/phone/") == 1
    assert host.post(pages.door("phone/")).status_code == 302
    pages.world.meeting.refresh_from_db()
    assert pages.world.meeting.format == Format.PHONE
    surface("citizen")  # type: ignore[operator]
    assert "Møtet er blitt et telefonmøte" in text(client.get(pages.link("wait/")))


def test_the_panel_learns_it_and_unlearns_it_by_itself(
    pages: Pages, platform: Platform, settings: Settings, surface: object, registers: object
) -> None:
    surface("staff")  # type: ignore[operator]
    host = pages.host()
    page = host.get(pages.door()).content.decode()
    assert NOT_ANSWERING not in page
    mark = page.partition('data-mark="')[2].partition('"')[0]
    assert host.get(pages.door("part/"), headers={"If-None-Match": mark}).status_code == 304
    down(platform, "503", settings)
    changed = host.get(pages.door("part/"), headers={"If-None-Match": mark})
    assert (changed.status_code, NOT_ANSWERING in changed.content.decode()) == (200, True)
    assert changed.content.decode().count("door/phone/") == 1, "one click turns it into a call"
    platform.status = 200
    health.forget()
    again = host.get(pages.door("part/"), headers={"If-None-Match": f"{mark}-down"})
    assert (again.status_code, NOT_ANSWERING in again.content.decode()) == (200, False)


def test_the_host_too_is_told_and_may_all_the_same(
    pages: Pages, platform: Platform, settings: Settings, surface: object, registers: object
) -> None:
    surface("staff")  # type: ignore[operator]
    host = pages.host()
    down(platform, "500", settings)
    enter = f"/meetings/{pages.world.meeting.pk}/enter/"
    assert host.post(enter)["Location"] == pages.door()
    assert "Videomøtet svarer ikke akkurat nå" in text(host.get(pages.door()))
    assert host.post(enter, {"anyway": "yes"})["Location"].startswith(settings.VIDEO_BASE_URL)


def test_where_it_is_not_to_be_asked_it_is_not(pages: Pages, platform: Platform, settings: Settings) -> None:
    settings.VIDEO_HEALTH_URL = ""
    platform.status = 500
    assert health.is_answering()
    assert platform.asked == 0
    settings.VIDEO_HEALTH_URL = "http://[not an address"
    assert not health.is_answering()
