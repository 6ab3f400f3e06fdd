"""Repairing what did not arrive, in a real browser, on a phone, a tablet and a wide screen, by the keyboard alone.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

import os
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from invitations.models import Message
from meetings.models import Participant
from navmeet.people.models import Person
from tests import make
from tests.invitations.test_undelivered import failed
from tests.pages.staff.setting import INGRID, KARI, OLA, Clock, person, user
from tests.pages.staff.test_browser import ROOT, browser, check, logged_in
from tests.pages.staff.test_tried_again import tried_again
from tests.pages.staff.test_undelivered import LIST, doctor_whose_email_bounced

__all__ = ["browser"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]
PICTURES = ROOT / ".build" / "screenshots"


@pytest.fixture
def doctor(client: Client, clock: Clock) -> Participant:
    """A doctor's e-mail bounced, a citizen's SMS did not arrive, another is reserved."""
    bounced = doctor_whose_email_bounced(person(KARI.number), clock)
    ola = person(OLA.number)
    failed(make.meeting(user(INGRID), ola))
    Person.objects.filter(pk=ola.pk).update(is_reserved=True)
    make.meeting(user(INGRID), Person.objects.get(pk=ola.pk), day=date(2027, 1, 28), can_be_told=False)
    return bounced


@pytest.fixture
def page(browser: Browser, client: Client, live_server: LiveServer) -> Iterator[Page]:
    context = logged_in(browser, client, live_server.url)
    yield context.new_page()
    context.close()


def looked_at(page: Page, name: str) -> None:
    check(page)
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if os.environ.get("SCREENSHOTS"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"staff-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 780})


def test_the_list_is_read_and_repaired_by_the_keyboard(page: Page, doctor: Participant) -> None:
    page.goto(LIST)
    looked_at(page, "undelivered")
    order = [one.inner_text() for one in page.locator("main :is(h1, h2, h3)").all()]
    assert order[0] == "Varsler som ikke kom fram"
    button = page.get_by_role("button", name=re.compile("Jeg har ringt.*Invitasjon til innbyggeren.*Ola"))
    button.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Det er lagret at du har ringt")).to_be_visible()


def test_an_address_is_corrected_on_the_meeting_itself(page: Page, doctor: Participant) -> None:
    page.goto(f"/meetings/{doctor.meeting_id}/")
    page.get_by_text("Rett e-post eller mobilnummer, og send på nytt").click()
    looked_at(page, "meeting-undelivered")
    page.get_by_label("E-postadresse").fill("lise@")
    page.get_by_role("button", name="Lagre og send på nytt").click()
    expect(page.get_by_role("heading", name="Rett e-post eller mobilnummer")).to_be_visible()
    looked_at(page, "correct-contact")
    page.get_by_label("E-postadresse").fill("lise@riktig.example")
    page.get_by_role("button", name="Lagre og send på nytt").click()
    expect(page.get_by_text("Varselet sendes nå.")).to_be_visible()
    expect(page.get_by_text("Sendt på nytt, venter på svar")).to_be_visible()
    looked_at(page, "meeting-sent-again")
    assert Message.objects.filter(participant=doctor, again_because="CORRECTED").exists()


def test_what_the_house_tries_again_is_read_before_what_can_be_done(page: Page, clock: Clock) -> None:
    again = tried_again(person(KARI.number), clock, "Email_Failed_TransientError")
    for address, name in ((LIST, "undelivered"), (f"/meetings/{again.meeting_id}/", "meeting")):
        page.goto(address)
        expect(page.get_by_text("Vi prøver igjen kl. 11.03 på e-post")).to_be_visible()
        looked_at(page, f"{name}-tried-again")
