"""Asking for another time in a browser: picked, sent, read again and withdrawn; each width, and axe finds nothing."""

import pytest
from playwright.sync_api import expect

from tests.pages.citizen.test_browser import Screen, chromium, screen

__all__ = ["chromium", "screen"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("citizen-browser")]


def test_another_time_is_asked_for_and_taken_back(screen: Screen) -> None:
    screen.log_in()
    page = screen.open(screen.visit.own("wish/time/"))
    screen.holds("wish-time")
    page.get_by_role("button", name="Send ønsket").click()
    expect(page.get_by_role("link", name="Velg et tidspunkt, eller skriv når du kan.")).to_be_visible()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Når kan du?").fill("Helst tidlig.")
    page.get_by_role("button", name="Send ønsket").click()
    expect(page.get_by_text("Dette har du foreslått:")).to_be_visible()
    screen.complaints.clear()  # The browser itself logs the form that was refused.
    screen.holds("wish-sent")
    page.get_by_role("button", name="Trekk tilbake ønsket").click()
    expect(page.get_by_text("Du har trukket tilbake ønsket.")).to_be_visible()


def test_another_way_is_asked_for(screen: Screen) -> None:
    screen.log_in()
    page = screen.open(screen.visit.own("wish/way/"))
    screen.holds("wish-way")
    page.get_by_label("På telefon").check()
    page.get_by_role("button", name="Send ønsket").click()
    expect(page.get_by_text("vi har fått ønsket ditt")).to_be_visible()
    screen.holds("wish-way-sent")
