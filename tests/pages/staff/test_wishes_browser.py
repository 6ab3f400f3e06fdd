"""Settling a wish and the adviser's pages in a real browser, without JavaScript, on a phone and a wide screen.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

import os
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from invitations.models import Answer, Message
from meetings.models import Meeting
from navmeet.accounts.actor import ActorKind
from navmeet.dev.personas import ADVISERS
from tests import make
from tests.pages.staff.setting import INGRID, KARI, actor, log_in, person, user
from tests.pages.staff.test_browser import ROOT, browser, check, logged_in
from tests.pages.staff.test_wishes import asks, page_of

__all__ = ["browser"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]
PICTURES = ROOT / ".build" / "screenshots"


@pytest.fixture
def meeting(client: Client) -> Meeting:
    return make.meeting(user(INGRID), person(KARI.number))


@pytest.fixture
def page(browser: Browser, client: Client, live_server: LiveServer) -> Iterator[Page]:
    context = logged_in(browser, client, live_server.url)
    yield context.new_page()
    context.close()


def looked_at(page: Page, name: str) -> None:
    check(page)
    if os.environ.get("SCREENSHOTS"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=PICTURES / f"staff-{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 780})


def test_a_wish_is_seen_and_settled_by_a_press(page: Page, meeting: Meeting) -> None:
    wish = asks(meeting)
    page.goto(f"/meetings/{meeting.pk}/")
    looked_at(page, "meeting-with-wish")
    page.goto(page_of(meeting, wish))
    looked_at(page, "wish")
    page.get_by_role("button", name="Flytt møtet hit").first.click()
    expect(page.get_by_text("Møtet er flyttet.")).to_be_visible()


def test_a_wish_for_another_way_is_answered_with_a_sentence(page: Page, meeting: Meeting) -> None:
    wish = asks(meeting, Answer.Kind.OTHER_FORMAT)
    page.goto(page_of(meeting, wish))
    looked_at(page, "wish-format")
    page.get_by_label("Hvorfor møtet gjelder som det er").fill("Legen kan bare delta på video.")
    page.get_by_role("button", name="Se hva som skjer").click()
    looked_at(page, "wish-answered")
    page.get_by_role("button", name="Send svaret").click()
    expect(page.get_by_text("Svaret er lagret")).to_be_visible()


def test_the_adviser_finds_who_rings_and_keeps_what_they_say(
    browser: Browser, client: Client, live_server: LiveServer, meeting: Meeting
) -> None:
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    context = logged_in(browser, adviser, live_server.url, javascript=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Fødselsnummer eller d-nummer").fill(KARI.number)
    page.get_by_role("button", name="Finn møtene").click()
    page.get_by_role("link", name="torsdag 21. januar 2027").click()
    page.get_by_role("link", name="Registrer svar eller ønske").click()
    page.get_by_label("Kan ikke komme").check()
    page.locator("#id_how_0").check()
    page.get_by_role("button", name="Lagre svaret").click()
    expect(page.get_by_text("Det er lagret.")).to_be_visible()
    context.close()


def test_the_advisers_pages_fit_a_phone_and_break_no_rule(
    browser: Browser, client: Client, live_server: LiveServer, meeting: Meeting
) -> None:
    asks(meeting)
    Message.objects.filter(meeting=meeting, occasion="REMINDER").update(state="VOID", why="MOVED")
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    context = logged_in(browser, adviser, live_server.url)
    page, citizen = context.new_page(), meeting.citizen()
    for name, path in (
        ("advising", "/advising/"),
        ("advising-person", f"/advising/people/{citizen.person_id}/"),
        ("advising-meeting", f"/advising/{citizen.invitation.pk}/"),
        ("record", f"/invitations/{citizen.invitation.pk}/answer/"),
    ):
        page.goto(path)
        looked_at(page, name)
    context.close()
