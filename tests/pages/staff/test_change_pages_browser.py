"""Own hours, and the lesser changes of a meeting, in a real browser: every width, by keyboard, twice, and back again.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

import os
from collections.abc import Iterator
from datetime import date, time

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from meetings import details
from meetings.details import Details
from meetings.models import Absence, ClosingDay, Meeting, WorkingHours
from meetings.texts import CitizenTexts
from tests import make
from tests.pages.staff.setting import AMINA, INGRID, JONAS, KARI, actor, person, user
from tests.pages.staff.test_booking_browser import tab_to
from tests.pages.staff.test_browser import ROOT, RULES, browser, logged_in

__all__ = ["browser"]
PICTURES = ROOT / ".build" / "screenshots"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
THURSDAY = date(2027, 1, 21)
# 320 pixels are 1280 enlarged to 400 %.
WIDTHS = (320, 768, 1280)
PICTURED = (360, 768, 1280)
LONG = "arbeidsavklaringspengesøknad" * 3
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]


@pytest.fixture
def page(browser: Browser, client: Client, live_server: LiveServer) -> Iterator[Page]:
    context = logged_in(browser, client, live_server.url)
    opened = context.new_page()
    opened.set_viewport_size({"width": 1280, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    assert complaints == []
    context.close()


@pytest.fixture
def meeting(client: Client) -> Meeting:
    """Told already, with a doctor and a colleague, and a word in it that is wider than a phone."""
    jonas = user(JONAS)
    user(AMINA)
    texts = CitizenTexts(theme=LONG, purpose="Vi ser på planen din.", preparations="")
    booked = make.meeting(
        user(INGRID), person(KARI.number), day=THURSDAY, clock=time(12), staff=(jonas.pk,), texts=texts
    )
    make.told(booked)
    make.partner(booked)
    booked.refresh_from_db()
    return booked


def holds(page: Page, name: str) -> None:
    """At every width: nothing beside the page, nothing that axe finds; and a picture, where one is asked for."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        page.evaluate(AXE)
        found = page.evaluate(
            "tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))", RULES
        )
        assert found == [], (name, width)
    for width in PICTURED if os.environ.get("SCREENSHOTS") else ():
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=PICTURES / f"staff-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def presses(page: Page, name: str) -> None:
    """By keyboard."""
    tab_to(page, page.get_by_role("button", name=name, exact=True).first)
    page.keyboard.press("Enter")


def rehearse(page: Page) -> None:
    presses(page, "Se hva som skjer")
    expect(page.get_by_text("Ingenting er sendt eller lagret ennå.")).to_be_visible()
    expect(page.locator("#follows")).to_be_focused()


def say_absent(page: Page) -> None:
    page.goto("/calendar/")
    page.get_by_label("Fra og med").fill("2027-01-21")
    page.get_by_label("Til og med").fill("2027-01-22")
    page.get_by_label("Ferie eller permisjon").focus()
    page.keyboard.press("Space")
    presses(page, "Lagre fraværet")
    expect(page.get_by_role("heading", name="Møter som må ordnes")).to_be_visible()


def change_meanwhile(meeting: Meeting) -> None:
    """Another has written something else to the citizen since the page was opened."""
    meeting.refresh_from_db()
    by = actor(INGRID)
    details.change_details(
        meeting_id=meeting.pk,
        version=meeting.version,
        details=Details(CitizenTexts(theme="Noe annet", purpose="", preparations=""), "nn", check_identity=True),
        is_correction=False,
        can_be_told=True,
        by=by,
        clearance=make.clearance(meeting.participants.get(role="CITIZEN").person, by),  # type: ignore[arg-type]
        at=make.later(minutes=1),
    )


def test_hours_and_absence_are_kept_by_keyboard_and_refused_at_their_day(page: Page, meeting: Meeting) -> None:
    page.goto("/calendar/")
    holds(page, "calendar-empty")
    for day, written in (("Mandag", "08.00–11.00, 12.00–15.30"), ("Tirsdag", "15.00–08.00"), ("Onsdag", "24.00–25.00")):
        tab_to(page, page.get_by_label(day))
        page.keyboard.type(written)
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_role("link", name="Tirsdag: Arbeidstiden må slutte etter")).to_be_visible()
    expect(page.get_by_role("link", name="Onsdag: Klokka går fra")).to_be_visible()
    expect(page.get_by_label("Mandag")).to_have_value("08.00–11.00, 12.00–15.30")
    holds(page, "calendar-refused")
    for day in ("Tirsdag", "Onsdag"):
        page.get_by_label(day).fill("8-15")
    presses(page, "Lagre uken")
    expect(page.get_by_text("Arbeidstiden er lagret.")).to_be_visible()
    assert WorkingHours.objects.count() == 4


def test_absence_lists_its_meetings_once_and_is_taken_back_once(page: Page, meeting: Meeting) -> None:
    say_absent(page)
    expect(page.get_by_text("fra og med torsdag 21. januar 2027 til og med fredag 22. januar 2027")).to_be_visible()
    expect(page.get_by_role("link", name="Overfør til vikar")).to_be_visible()
    holds(page, "absence-meetings")
    say_absent(page)
    assert Absence.objects.count() == 1
    page.get_by_role("link", name="Arbeidstid og fravær").click()
    page.get_by_label("Dag kontoret er stengt for møter").fill("2027-01-21")
    page.locator("#close-day").click()
    expect(page.get_by_role("heading", name="Møter som må ordnes")).to_be_visible()
    expect(page.get_by_role("link", name="Overfør til vikar")).to_have_count(0)
    holds(page, "closing-meetings")
    page.goto("/calendar/")
    holds(page, "calendar")
    Absence.objects.all().delete()
    page.get_by_role("button", name="Fjern").first.click()
    expect(page.get_by_text("Det er fjernet allerede.")).to_be_visible()
    page.get_by_role("button", name="Fjern").click()
    expect(page.get_by_text("Endringen er lagret.")).to_be_visible()
    assert not ClosingDay.objects.exists()


def test_the_lesser_changes_are_looked_at_by_keyboard_at_every_width(page: Page, meeting: Meeting) -> None:
    at = f"/meetings/{meeting.pk}/"
    page.goto(f"{at}details/")
    page.get_by_label("Hensikt med møtet").fill("Vi ser på noe annet.")
    rehearse(page)
    holds(page, "details-rehearsed")
    page.goto(f"{at}staff/new/")
    page.get_by_label("Eller Nav-identen").fill("Z999999")
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    presses(page, "Legg til")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Vi finner ingen kollega").press("Enter")
    expect(page.get_by_label("Eller Nav-identen")).to_be_focused()
    expect(page.get_by_label("Eller Nav-identen")).to_have_value("Z999999")
    holds(page, "colleague-refused")
    page.goto(at)
    holds(page, "meeting-long-word")
    page.get_by_role("link", name="Ta ut").click()
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    rehearse(page)
    holds(page, "colleague-remove-rehearsed")


def test_on_an_old_version_both_are_read_side_by_side_on_a_phone_too(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/hand-over/")
    page.get_by_label("Kollega ved enheten").select_option(JONAS.nav_ident)
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    page.get_by_label("Beskjed til innbyggeren").fill("Jonas overtar.")
    rehearse(page)
    holds(page, "hand-over-rehearsed")
    change_meanwhile(meeting)
    presses(page, "Overfør møtet")
    expect(page.locator("#stale")).to_be_focused()
    expect(page.get_by_label("Beskjed til innbyggeren")).to_have_value("Jonas overtar.")
    holds(page, "stale")
    page.set_viewport_size({"width": 360, "height": 900})
    now = page.get_by_role("cell", name="Noe annet").bounding_box()
    assert now is not None
    assert now["x"] + now["width"] <= 360
    presses(page, "Overfør møtet")
    expect(page.get_by_text("Møtet er overført.")).to_be_visible()


def test_cancelled_taken_up_again_moved_and_told_now(page: Page, meeting: Meeting) -> None:
    # Else the doctor is news, and goes at once with the meeting that is on after all.
    make.told(meeting)
    at = f"/meetings/{meeting.pk}/"
    page.goto(f"{at}cancel/")
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    presses(page, "Avlys møtet")
    page.get_by_role("link", name="Ta opp igjen").click()
    page.get_by_label("Hvorfor?").select_option("MISTAKE")
    rehearse(page)
    holds(page, "reinstate-rehearsed")
    presses(page, "Ta opp igjen")
    expect(page.get_by_text("Møtet er tatt opp igjen.")).to_be_visible()
    page.goto(f"{at}reinstate/")
    expect(page.get_by_text("Møtet er ikke avlyst.")).to_be_visible()
    page.goto(f"{at}move/")
    page.get_by_label("Klokkeslett").fill("13:30")
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    rehearse(page)
    expect(page.get_by_text("er flyttet til torsdag 21. januar kl. 13.30.").first).to_be_visible()
    page.get_by_role("button", name="Flytt møtet").last.click()
    holds(page, "tell-now")
    presses(page, "Si fra nå")
    expect(page.get_by_text("Endringene blir fortalt nå.")).to_be_visible()
    expect(page.get_by_role("button", name="Si fra nå")).to_have_count(0)
    holds(page, "told-now")
