"""The pages of partners and of another format in a real browser: every width, axe, by keyboard, without JavaScript.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from invitations import answers, partners
from invitations.models import Answer
from meetings.models import Meeting
from tests import make
from tests.pages.partner.setting import DOCTOR, EMPLOYER, add
from tests.pages.staff.setting import INGRID, KARI, person, user
from tests.pages.staff.test_browser import ROOT, browser, check, logged_in

__all__ = ["browser"]
PICTURES = ROOT / ".build" / "screenshots"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]


@pytest.fixture
def meeting(client: Client) -> Meeting:
    """With a doctor who has answered, by phone for ten minutes, and an employer whom the citizen has not released."""
    meeting = make.meeting(user(INGRID), person(KARI.number))
    doctor = add(meeting, replace(DOCTOR, way_in="PHONE", part_offset=10, part_minutes=10))
    add(meeting, EMPLOYER, released=False)
    answers.answer(
        invitation_id=doctor.invitation.pk,
        revision_number=1,
        kind=Answer.Kind.OTHER_TIME,
        words="Jeg har vakt til klokken 12.",
        by=partners.reader(doctor.invitation.pk),
        at=make.NOW,
    )
    return meeting


@pytest.fixture
def page(browser: Browser, client: Client, live_server: LiveServer) -> Iterator[Page]:
    context = logged_in(browser, client, live_server.url)
    yield context.new_page()
    context.close()


def holds(page: Page, name: str) -> None:
    check(page)
    if os.environ.get("SCREENSHOTS"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for width in (360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=PICTURES / f"staff-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 780})


def test_every_page_of_a_partner_fits_a_phone_and_breaks_no_rule(page: Page, meeting: Meeting) -> None:
    here = f"/meetings/{meeting.pk}/"
    page.goto(here)
    holds(page, "meeting-with-partners")
    doctor = meeting.participants.get(role="DOCTOR").pk
    employer = meeting.participants.get(role="EMPLOYER").pk
    for name, path in (
        ("partner-change", f"partners/{employer}/"),
        ("partner-release", f"partners/{employer}/release/"),
        ("partner-remove", f"partners/{doctor}/remove/"),
        ("partner-way-in", f"partners/{doctor}/way-in/"),
        ("format", "format/"),
    ):
        page.goto(here + path)
        holds(page, name)


def test_a_partner_is_added_after_looking_at_what_happens(page: Page, client: Client) -> None:
    meeting = make.meeting(user(INGRID), person(KARI.number))
    page.goto(f"/meetings/{meeting.pk}/")
    page.get_by_role("link", name="Legg til lege eller arbeidsgiver").click()
    page.get_by_role("button", name="Legg til").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    holds(page, "partner-new-errors")
    expect(page.get_by_text("Arbeidsgiveren skal ikke få vite noe om helse")).to_be_visible()
    page.get_by_label("Lege", exact=True).check(force=True)
    expect(page.get_by_text("Arbeidsgiveren skal ikke få vite noe om helse")).to_be_hidden()
    page.get_by_label("Navn").fill("Lise Legesen")
    page.get_by_label("E-postadresse").fill("lise@legesenter.example")
    page.get_by_label("Mobilnummer").fill("49 00 00 12")
    page.get_by_label("Hva møtet handler om").fill("Tilrettelegging")
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    page.get_by_role("button", name="Se hva som skjer").click()
    expect(page.get_by_text("Ingenting er sendt eller lagret ennå.")).to_be_visible()
    expect(page.get_by_text("Legen får vite om møtet når innbyggeren har sagt ja")).to_be_visible()
    holds(page, "partner-new-rehearsed")
    page.get_by_role("button", name="Legg til").click()
    expect(page.get_by_text("Deltakeren er lagt til.")).to_be_visible()
    expect(page.get_by_text("Venter på innbyggeren")).to_be_visible()


def test_a_format_is_changed_without_javascript(
    browser: Browser, client: Client, live_server: LiveServer, meeting: Meeting
) -> None:
    make.told(meeting)
    context = logged_in(browser, client, live_server.url, javascript=False)
    page = context.new_page()
    page.goto(f"/meetings/{meeting.pk}/format/")
    page.get_by_label("Telefonmøte").check(force=True)
    page.get_by_label("Telefonnummer det skal ringes til").fill("99112233")
    page.get_by_label("Hvorfor?").select_option("CITIZEN_ASKED")
    page.get_by_role("button", name="Se hva som skjer").click()
    expect(page.get_by_text("Endring av møteform til innbyggeren").first).to_be_visible()
    page.get_by_role("button", name="Bytt til telefon").click()
    expect(page.get_by_text("Møtet er nå et telefonmøte.")).to_be_visible()
    context.close()
