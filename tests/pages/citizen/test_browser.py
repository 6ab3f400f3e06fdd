"""The citizen's pages with real data in a real browser: no complaint from axe or the CSP, every width, the keyboard.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import Settings

from invitations.models import Answer
from meetings.models import Format, ParticipantOutcome
from minutes.sharing import share
from minutes.writing import save_draft
from tests import make
from tests.minutes.setting import TEXTS
from tests.pages.citizen.setting import ENDS, STARTS, Visit

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / ".build" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 768, 1280)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("citizen-browser")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's loop makes Django believe that it is asked from asynchronous code; it is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Screen:
    """One person's browser at our server, and what it complained of."""

    def __init__(self, context: BrowserContext, address: str, visit: Visit) -> None:
        self.context, self.address, self.visit = context, address, visit
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def log_in(self, person: Any = None, language: str = "") -> None:
        name = django_settings.SESSION_COOKIE_NAME
        value = self.visit.browser(person, language=language).cookies[name].value
        place = self.address.replace("http:", "https:")
        self.context.add_cookies([{"name": name, "value": value, "url": place, "secure": True}])

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def holds(self, name: str) -> None:
        """No complaint, nothing for axe, nothing wider than the narrowest screen (1280 at 400 %)."""
        page = self.page
        page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        found = page.evaluate(
            "tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))", TAGS
        )
        assert (name, found, self.complaints) == (name, [], [])
        if os.environ.get("SCREENSHOTS"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.screenshot(path=PICTURES / f"citizen-{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 320, "height": 640})
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)
        page.set_viewport_size({"width": 1280, "height": 800})


@pytest.fixture
def screen(visit: Visit, chromium: Browser, live_server: Any, settings: Settings) -> Iterator[Screen]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="nb-NO")
    yield Screen(context, live_server.url.replace("127.0.0.1", "localhost"), visit)
    context.close()


def booked(visit: Visit, held: Format) -> None:
    if held != Format.VIDEO:
        visit.cancel()
        visit.book(held)


@pytest.mark.parametrize("held", list(Format))
def test_an_invitation_before_and_after_the_answer(screen: Screen, held: Format) -> None:
    visit = screen.visit
    booked(visit, held)
    screen.log_in()
    screen.open(visit.own())
    screen.holds(f"invitation-{held.lower()}")
    visit.answers(kind="OTHER_TIME", words="Helst etter lunsj.")
    screen.open(visit.own())
    screen.holds(f"answered-{held.lower()}")


def test_an_invitation_in_nynorsk_and_english(screen: Screen) -> None:
    for language in ("nn", "en"):
        screen.log_in(language=language)
        screen.open(screen.visit.own())
        screen.holds(f"invitation-{language}")


def test_a_summons(screen: Screen) -> None:
    screen.visit.cancel()
    screen.visit.book(type_code="DIALOGUE", day=date(2027, 2, 18), check_identity=True)
    screen.log_in()
    screen.open(screen.visit.own())
    screen.holds("duty")


def test_a_meeting_moved_and_then_cancelled(screen: Screen) -> None:
    visit = screen.visit
    visit.answers()
    visit.move()
    screen.log_in()
    screen.open(visit.own())
    screen.holds("moved")
    visit.cancel()
    screen.open(visit.own())
    screen.holds("cancelled")


def test_no_to_video_and_yes_to_coming(screen: Screen) -> None:
    screen.visit.answers()
    screen.visit.chooses()
    screen.log_in()
    screen.open(screen.visit.own())
    screen.holds("no-to-video")


def test_the_door_is_open_and_then_the_meeting_is_over(screen: Screen) -> None:
    visit = screen.visit
    visit.at(STARTS - timedelta(minutes=5))
    screen.open(visit.link())
    screen.holds("link-open")
    screen.log_in()
    screen.open(visit.own())
    screen.holds("open")
    after = ENDS + timedelta(hours=2)
    visit.at(after)
    screen.log_in()
    screen.open(visit.own())
    screen.holds("over")
    meeting = visit.meeting
    by = make.actor(meeting.host)
    clearance = make.clearance(visit.person, by, after)
    arguments: dict[str, Any] = {"meeting_id": meeting.pk, "by": by, "clearance": clearance, "at": after}
    save_draft(version=0, sections=TEXTS, **arguments)
    share(version=1, can_be_told=True, **arguments)
    screen.open(visit.own())
    screen.holds("over-with-minutes")


@pytest.mark.parametrize("held", list(Format))
def test_the_link_without_login(screen: Screen, held: Format) -> None:
    booked(screen.visit, held)
    screen.open(screen.visit.link())
    screen.page.locator("summary").click()
    screen.holds(f"link-{held.lower()}")


def test_the_link_of_a_cancelled_meeting_an_unknown_link_the_lists_and_the_guidance(screen: Screen) -> None:
    visit = screen.visit
    screen.open("/guidance/")
    screen.holds("guidance")
    screen.log_in()
    screen.open("/my/")
    screen.holds("list")
    visit.cancel()
    screen.open("/my/")
    screen.holds("list-cancelled")
    screen.context.clear_cookies()
    screen.open(visit.link())
    screen.holds("link-cancelled")
    screen.complaints.clear()
    screen.open(visit.link()[:-3] + "/")
    screen.complaints.clear()
    screen.holds("link-unknown")
    screen.log_in(make.citizen("Ola Tom"))
    screen.open("/my/")
    screen.holds("list-empty")


def test_one_can_answer_with_the_keyboard_alone(screen: Screen) -> None:
    screen.log_in()
    page = screen.open(screen.visit.own())
    page.keyboard.press("Tab")
    expect(page.locator(".nm-skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "kind":
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Jeg er bortreist.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Takk, vi har fått svaret ditt.")).to_be_visible()
    given = Answer.objects.get()
    assert (given.kind, given.words) == ("NOT_COMING", "Jeg er bortreist.")
    assert screen.complaints == []


def test_what_is_missing_is_said_in_a_summary_that_has_the_focus_and_leads_to_the_field(screen: Screen) -> None:
    screen.log_in()
    page = screen.open(screen.visit.own())
    page.get_by_role("button", name="Send svar").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    screen.complaints.clear()
    screen.holds("answer-missing")
    page.get_by_role("link", name="Velg noe under «Kommer du?».").click()
    expect(page.locator("[name=kind]").first).to_be_focused()


def test_the_language_can_be_changed_on_the_page_and_stays(screen: Screen) -> None:
    screen.log_in()
    page = screen.open(screen.visit.own())
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Send answer")).to_be_visible()
    screen.open("/my/")
    expect(page.get_by_role("heading", name="Your meetings with Nav")).to_be_visible()


@pytest.mark.parametrize("cookies", ["kept", "gone"])
def test_what_was_written_stands_to_be_read_and_copied_when_the_session_is_lost(screen: Screen, cookies: str) -> None:
    screen.log_in()
    page = screen.open(screen.visit.own())
    page.get_by_label("Jeg trenger et annet tidspunkt").check(force=True)
    page.get_by_label("Beskjed til Nav").fill("Helst etter lunsj.")
    Session.objects.all().delete()
    if cookies == "gone":
        screen.context.clear_cookies()
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_role("heading", name="Du er logget ut, men det du skrev, står her")).to_be_visible()
    expect(page.get_by_label("Beskjed til Nav")).to_be_visible()
    expect(page.get_by_label("Beskjed til Nav")).to_have_value("Helst etter lunsj.")


def test_one_who_did_not_meet_tells_what_happened(screen: Screen) -> None:
    visit = screen.visit
    meeting = visit.meeting
    visit.at(meeting.starts_at + timedelta(minutes=50))
    ParticipantOutcome.objects.create(
        participant=meeting.citizen(), outcome="DID_NOT_MEET", set_at=meeting.starts_at, set_by=meeting.host_id
    )
    screen.log_in()
    page = screen.open(visit.own())
    screen.holds("did-not-meet")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("link", name="Skriv hva som skjedde.")).to_be_visible()
    screen.complaints.clear()
    page.get_by_label("Hva skjedde?").fill("Toget sto.\nJeg ringte.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Takk, vi har fått det du skrev.")).to_be_visible()
    expect(page.get_by_text("Toget sto.")).to_be_visible()
    screen.holds("told-what-happened")
    for language in ("nn", "en"):
        screen.log_in(language=language)
        screen.open(visit.own())
        screen.holds(f"told-what-happened-{language}")
