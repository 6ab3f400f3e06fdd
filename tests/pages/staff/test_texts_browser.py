"""The page of what may come to be sent, in a real browser: found from the meeting, at every width."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from meetings.models import Meeting
from tests import make
from tests.pages.staff.setting import INGRID, KARI, person, user
from tests.pages.staff.test_browser import browser
from tests.pages.staff.test_change_pages_browser import holds, page

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]


@pytest.fixture
def meeting(client: Client) -> Meeting:
    booked = make.meeting(user(INGRID), person(KARI.number), type_code="DIALOGUE")
    make.partner(booked)
    return booked


def test_it_is_found_from_the_meeting_and_shows_each_who_is_told(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/")
    page.get_by_role("link", name="Se hva som kan bli sendt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hva som kan bli sendt")
    holds(page, "texts-citizen")
    cancelled = page.locator("details.nm-fold", has_text="Engelsk: Avlysning")
    english = cancelled.locator("details", has=page.get_by_text("Engelsk: Avlysning", exact=True))
    expect(english).to_be_hidden()
    cancelled.locator("summary").first.press("Enter")
    expect(english.get_by_text("has been cancelled").first).to_be_hidden()
    english.locator("summary").press("Enter")
    expect(english.get_by_text("has been cancelled").first).to_be_visible()
    page.get_by_role("link", name="Legen, Lise Legesen").click()
    expect(page.get_by_role("heading", name="Legen, Lise Legesen")).to_be_visible()
    expect(page.get_by_text("[lenke til møtet]").first).to_be_visible()
    holds(page, "texts-doctor")
    page.get_by_role("link", name="Møtet", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(" med ")
