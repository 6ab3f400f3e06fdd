"""A partner's pages in a real browser: no complaint from axe or the CSP, every width, by keyboard, without JavaScript.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from invitations.models import Answer, Invitation
from meetings.models import Format
from tests.pages.citizen.setting import STARTS
from tests.pages.citizen.test_browser import Screen, chromium
from tests.pages.partner.setting import DOCTOR, Partnership, forget_asking

__all__ = ["chromium"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("citizen-browser")]
TOMORROW = STARTS.date() + timedelta(days=1)


@pytest.fixture
def screen(visit: Partnership, chromium: Browser, live_server: Any, settings: Settings) -> Iterator[Screen]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="nb-NO")
    yield Screen(context, live_server.url.replace("127.0.0.1", "localhost"), visit)  # type: ignore[arg-type]
    context.close()


def theirs(screen: Screen) -> Partnership:
    return screen.visit  # type: ignore[return-value]


def types_the_code(screen: Screen) -> None:
    page = screen.open(theirs(screen).link())
    page.get_by_role("button", name="Send meg en kode").click()
    page.get_by_label("Koden fra SMS-en").fill(theirs(screen).phones.code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Invitasjon til møte med Nav")).to_be_visible()


def test_from_the_link_to_the_answer(screen: Screen) -> None:
    page = screen.open(theirs(screen).link())
    screen.holds("partner-link")
    page.get_by_role("button", name="Send meg en kode").click()
    expect(page.get_by_text("som slutter på 12.")).to_be_visible()
    screen.holds("partner-code")
    page.get_by_label("Koden fra SMS-en").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    screen.complaints.clear()  # the answer's own 400
    screen.holds("partner-code-wrong")
    page.get_by_label("Koden fra SMS-en").fill(theirs(screen).phones.code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Om møtet")).to_be_visible()
    screen.holds("partner-invitation")
    page.get_by_label("Jeg trenger et annet tidspunkt").check(force=True)
    page.get_by_label("Beskjed til Nav").fill("Jeg har vakt til klokken 12.")
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_text("Takk, vi har fått svaret ditt.")).to_be_visible()
    screen.holds("partner-answered")
    page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("heading", name="Du er logget ut")).to_be_visible()
    assert Answer.objects.get().kind == Answer.Kind.OTHER_TIME


@pytest.mark.parametrize("held", [Format.PHONE, Format.IN_PERSON])
def test_other_formats_and_a_part_of_the_time(screen: Screen, held: Format) -> None:
    visit = theirs(screen)
    visit.book(held, partner=replace(DOCTOR, part_offset=10, part_minutes=10), day=TOMORROW)
    screen.open(visit.link())
    screen.holds(f"partner-link-{held.lower()}")
    types_the_code(screen)
    screen.holds(f"partner-invitation-{held.lower()}")


def test_at_the_door_closed_and_without_a_new_code(screen: Screen) -> None:
    visit = theirs(screen)
    page = screen.open(visit.link())
    page.get_by_role("button", name="Send meg en kode").click()
    page.get_by_role("button", name="Send en ny kode").click()
    expect(page.get_by_text("Vi har nettopp sendt en kode.")).to_be_visible()
    screen.complaints.clear()  # the answer's own 429
    screen.holds("partner-code-too-soon")
    visit.at(STARTS - timedelta(minutes=10))
    screen.open(visit.link())
    screen.holds("partner-link-open")
    forget_asking(visit.invitation)
    types_the_code(screen)
    screen.holds("partner-invitation-open")
    Invitation.objects.filter(pk=visit.invitation.pk).update(closed_at=STARTS)
    screen.open(visit.link("read/"))
    screen.complaints.clear()  # the answer's own 404
    screen.holds("partner-closed")


def test_without_javascript_and_in_english(visit: Partnership, chromium: Browser, live_server: Any) -> None:
    visit.book(partner=replace(DOCTOR, language="en"), day=TOMORROW)
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(live_server.url.replace("127.0.0.1", "localhost") + visit.link())
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The code from the text message").fill(visit.phones.code())
    page.get_by_role("button", name="Read the invitation").click()
    expect(page.get_by_role("heading", name="Invitation to a meeting with Nav")).to_be_visible()
    page.get_by_label("I am coming").check(force=True)
    page.get_by_role("button", name="Send").first.click()
    expect(page.get_by_text("Your answer").first).to_be_visible()
    context.close()
