"""The waiting room and the panel in a real browser: they learn within three seconds, by keyboard, at every width.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import Settings

from invitations import admission, entering, lobby
from invitations.models import Invitation, Visit
from invitations.video import health
from meetings import changes
from meetings.models import Role
from navmeet.accounts.actor import Level
from navmeet.dev.video.node import Policy
from navmeet.dev.video.server import Server
from tests.meetings.test_changes import arguments
from tests.pages.door.conftest import Pages

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / ".build" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 768, 1280)
SOON = 3000

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("door-browser")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Screen:
    """One browser at our server, and what it complained of."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def take_session(self, client: Client) -> None:
        name = django_settings.SESSION_COOKIE_NAME
        place = self.address.replace("http:", "https:")
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": place, "secure": True}])

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def holds(self, name: str) -> None:
        page = self.page
        page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        found = page.evaluate(
            "tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))", TAGS
        )
        assert (name, found, self.complaints) == (name, [], [])
        for width in WIDTHS if os.environ.get("SCREENSHOTS") else ():
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=PICTURES / f"door-{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 320, "height": 640})
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
        page.set_viewport_size({"width": 1280, "height": 800})


@pytest.fixture
def open_screen(chromium: Browser, live_server: Any) -> Iterator[Any]:
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Screen:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="nb-NO", **options)
        contexts.append(context)
        return Screen(context, live_server.url.replace("127.0.0.1", "localhost"))

    yield opened
    for context in contexts:
        context.close()


def arrives(screen: Screen, pages: Pages, name: str = "Kari") -> Visit:
    page = screen.open(pages.link())
    page.get_by_label("Fornavnet ditt").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Du er i venterommet")).to_be_visible()
    return Visit.objects.latest("arrived_at")


class Heard(Policy):
    """A policy that asks nobody, and keeps what it would have told."""

    def __init__(self, told: list[str]) -> None:
        super().__init__("", "", "")
        object.__setattr__(self, "told", told)

    def tell(self, event: str, leg: dict[str, Any]) -> None:
        self.__dict__["told"].append(event)


@pytest.fixture
def platform(settings: Settings) -> Iterator[Server]:
    """The video platform's stand-in, on a port of its own, to which our forms may lead."""
    server = Server(0, Policy("", "", ""))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.VIDEO_BASE_URL = f"http://127.0.0.1:{server.server_address[1]}"
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**policy, "form-action": [*policy["form-action"], settings.VIDEO_BASE_URL]}
    }
    yield server
    server.shutdown()
    server.server_close()


def test_one_who_waits_goes_on_by_themselves_within_three_seconds_of_being_let_in(
    pages: Pages, open_screen: Any, platform: Server
) -> None:
    screen = open_screen()
    visit = arrives(screen, pages)
    screen.holds("waiting")
    admission.admit(visit_id=visit.pk, by=pages.world.by, at=pages.now)
    began = time.monotonic()
    expect(screen.page.get_by_role("heading", name="Bli med i videomøtet")).to_be_visible(timeout=SOON)
    assert time.monotonic() - began < SOON / 1000
    assert [join["alias"] for join in platform.joins()] == [f"{visit.alias}@{django_settings.VIDEO_DOMAIN}"]
    screen.page.go_back()
    expect(screen.page.get_by_role("button", name="Gå inn igjen i videomøtet")).to_be_visible()
    screen.page.wait_for_timeout(2500)
    assert len(platform.joins()) == 1, "the back button leads back, and not on again"
    screen.holds("entered")


def test_a_word_a_move_and_a_cancellation_are_shown_and_said_within_three_seconds(
    pages: Pages, open_screen: Any
) -> None:
    screen = open_screen()
    visit = arrives(screen, pages)
    says = screen.page.locator("[data-living-says]")
    admission.send_word(visit_id=visit.pk, words="Jeg er fem minutter forsinket.", by=pages.world.by, at=pages.now)
    expect(screen.page.get_by_text("Jeg er fem minutter forsinket.").last).to_be_visible(timeout=SOON)
    expect(says).to_contain_text("forsinket")
    screen.holds("word")
    screen.page.get_by_role("button", name="Ring meg i stedet").click()
    expect(screen.page.get_by_text("Vi har sagt fra om at du vil bli ringt.")).to_be_visible()
    changes.cancel(**arguments(pages.world.meeting, pages.world.by, at=pages.now))
    expect(screen.page.get_by_role("heading", name="Møtet er avlyst")).to_be_visible(timeout=SOON)
    expect(says).to_contain_text("Møtet er avlyst")
    screen.holds("cancelled")


def test_without_javascript_one_waits_and_goes_on_by_a_button(pages: Pages, open_screen: Any, platform: Server) -> None:
    screen = open_screen(java_script_enabled=False)
    visit = arrives(screen, pages)
    admission.admit(visit_id=visit.pk, by=pages.world.by, at=pages.now)
    screen.page.get_by_role("link", name="Se om noe har skjedd").click()
    screen.page.get_by_role("button", name="Gå til videomøtet").click()
    expect(screen.page.get_by_role("heading", name="Bli med i videomøtet")).to_be_visible()
    assert visit.alias in screen.page.url


def test_the_panel_lives_says_who_comes_and_keeps_what_is_being_written(staff: Pages, open_screen: Any) -> None:
    screen = open_screen()
    staff.world.update(check_identity=True)
    screen.take_session(staff.host())
    page = screen.open(staff.door())
    screen.holds("panel-empty")
    first = staff.world.arrives("Kari")
    expect(page.get_by_role("heading", name="Kari Innbyggeren")).to_be_visible(timeout=SOON)
    expect(page.locator("[data-living-says]")).to_contain_text("Kari venter, innbyggeren. Ukjent: bare lenken.")
    assert page.title().startswith("(1) Slipp inn")
    page.get_by_text("Send en beskjed").click()
    page.get_by_label("Beskjed").fill("Jeg er snart")
    doctor = staff.world.partner(Role.DOCTOR)
    lobby.arrive(invitation_id=doctor.pk, name="Lise", by=staff.world.holder(doctor), at=staff.now)
    expect(page.get_by_role("heading", name="Lise Legen")).to_be_visible(timeout=SOON)
    field = page.get_by_label("Beskjed").first
    expect(field).to_have_value("Jeg er snart")
    expect(field).to_be_focused()
    field.press_sequentially(" klar")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Beskjeden er sendt.")).to_be_visible()
    assert staff.world.reload(first.pk).word == "Jeg er snart klar"
    lobby.want(visit_id=first.pk, wants=Visit.Wants.CALL_INSTEAD, by=staff.world.holder(), at=staff.now)
    expect(page.get_by_role("button", name="Ring i stedet")).to_be_visible(timeout=SOON)
    screen.holds("panel")
    button = page.get_by_role("button", name="Slipp inn", exact=True).first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Deltakeren er sluppet inn.")).to_be_visible()
    expect(page.get_by_role("heading", name="Sluppet inn")).to_be_visible()
    screen.holds("panel-admitted")


def test_where_the_platform_does_not_answer_one_is_told_once_and_asks_to_be_called(
    pages: Pages, open_screen: Any, settings: Settings
) -> None:
    settings.VIDEO_HEALTH_URL = "http://127.0.0.1:9/webapp3/"
    health.forget()
    screen = open_screen()
    visit = arrives(screen, pages)
    admission.admit(visit_id=visit.pk, by=pages.world.by, at=pages.now)
    page = screen.page
    expect(page.get_by_role("alert").get_by_text("Videomøtet svarer ikke akkurat nå")).to_be_visible(timeout=9000)
    # The browser writes down that the page came with a 503, and nothing else.
    assert [said for said in screen.complaints if "503" not in said] == []
    assert len(screen.complaints) == 1, "it does not try by itself again and again"
    screen.complaints.clear()
    screen.holds("down")
    page.get_by_role("alert").get_by_role("button", name="Ring meg i stedet").click()
    expect(page.get_by_text("Vi har sagt fra om at du vil bli ringt.")).to_be_visible()
    visit.refresh_from_db()
    assert (visit.wants, visit.entered_at) == ("CALL_INSTEAD", None)
    health.forget()


def test_the_panel_says_that_the_platform_does_not_answer(staff: Pages, open_screen: Any, settings: Settings) -> None:
    screen = open_screen()
    screen.take_session(staff.host())
    page = screen.open(staff.door())
    expect(page.get_by_text("Videomøtet svarer ikke akkurat nå")).to_have_count(0)
    settings.VIDEO_HEALTH_URL = "http://127.0.0.1:9/webapp3/"
    health.forget()
    expect(page.get_by_role("heading", name="Videomøtet svarer ikke akkurat nå")).to_be_visible(timeout=9000)
    expect(page.get_by_role("button", name="Ring i stedet")).to_have_count(1)
    screen.holds("panel-down")
    health.forget()


def test_the_panel_with_a_stranger_beside_the_citizen_one_who_must_leave_and_papers_to_note(
    staff: Pages, open_screen: Any
) -> None:
    screen, world = open_screen(), staff.world
    world.update(check_identity=True)
    screen.take_session(staff.host())
    partner = world.partner(Role.EMPLOYER)
    arne = lobby.arrive(invitation_id=partner.pk, name="Arne", by=world.holder(partner), at=staff.now)
    admission.admit(visit_id=arne.pk, by=world.by, at=staff.now)
    entering.enter(visit_id=arne.pk, by=world.holder(partner), at=staff.now)
    Invitation.objects.filter(pk=partner.pk).update(closed_at=staff.now)
    stranger = world.arrives("Ola")
    world.arrives("Bjørn", by=world.citizen(Level.HIGH))
    page = screen.open(staff.door())
    expect(page.get_by_role("heading", name="Skal ut av videomøtet")).to_be_visible()
    screen.holds("panel-strangers")
    admission.admit(visit_id=stranger.pk, by=world.by, at=staff.now)
    expect(page.get_by_role("button", name="Slipp inn i stedet for Ola")).to_be_visible(timeout=SOON)
    document, otherwise = page.get_by_label("Hva slags legitimasjon?"), page.get_by_label("Hvordan ellers?")
    expect(document).to_be_hidden()
    expect(otherwise).to_be_hidden()
    page.get_by_role("radio", name="Sikret på en annen måte").check(force=True)
    expect(otherwise).to_be_visible()
    expect(document).to_be_hidden()
    page.get_by_role("radio", name="Viste gyldig legitimasjon").check(force=True)
    expect(document).to_be_visible()
    expect(otherwise).to_be_hidden()
    screen.holds("panel-papers")


def test_who_closes_the_platform_s_tab_has_left_it_and_who_loads_it_again_has_not(
    pages: Pages, open_screen: Any, platform: Server
) -> None:
    told: list[str] = []
    platform.legs.policy = Heard(told)
    screen = open_screen()
    visit = arrives(screen, pages)
    admission.admit(visit_id=visit.pk, by=pages.world.by, at=pages.now)
    page = screen.page
    page.get_by_role("button", name="Bli med").click(timeout=9000)
    expect(page.get_by_text("Du er med i møtet")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Du er med i møtet")).to_be_visible()
    page.wait_for_timeout(300)
    came, left = told.count("participant_connected"), told.count("participant_disconnected")
    assert came - left == 1, told
    page.get_by_role("link", name="Forlat møtet").click()
    expect(page.get_by_role("heading", name="Bli med i videomøtet")).to_be_visible()
    page.wait_for_timeout(300)
    assert told.count("participant_connected") == told.count("participant_disconnected")
