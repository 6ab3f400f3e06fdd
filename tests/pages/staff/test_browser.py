"""The caseworker's pages in a real browser: by keyboard, on a phone, without JavaScript, and axe finds nothing."""

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from shutil import which

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from invitations.models import Answer, Invitation
from meetings import changes
from meetings.models import Format, Meeting, Reason
from meetings.places import Place
from tests import make
from tests.pages.staff.setting import INGRID, KARI, OLA, SIGRID, actor, person, user

ROOT = Path(__file__).resolve().parents[3]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TUESDAY = date(2027, 1, 12)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]


@pytest.fixture
def meetings(client: Client) -> list[Meeting]:
    """One answered, one for a letter, one cancelled."""
    kari, ola, sigrid = (person(one.number) for one in (KARI, OLA, SIGRID))
    first = make.meeting(user(INGRID), kari, day=TUESDAY)
    Answer.objects.create(
        invitation=Invitation.objects.get(participant__meeting=first),
        revision_number=1,
        kind=Answer.Kind.OTHER_TIME,
        is_known=True,
        given_at=make.NOW,
    )
    place = Place(address="Testkaia 1, 0000 Fjordvik", room="Møterom 3")
    second = make.meeting(
        user(INGRID), ola, day=TUESDAY, clock=time(13), format=Format.IN_PERSON, place=place, can_be_told=False
    )
    third = make.meeting(user(INGRID), sigrid, day=TUESDAY, clock=time(15))
    by = actor(INGRID)
    changes.cancel(
        meeting_id=third.pk,
        version=1,
        why=changes.Why(Reason.STAFF_UNAVAILABLE, "Jeg er syk."),
        can_be_told=True,
        by=by,
        clearance=make.clearance(sigrid, by),
        at=make.NOW,
    )
    return [first, second, third]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright runs a loop in this thread, which Django would take for asynchronous code of ours.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        yield opened
        opened.close()


def logged_in(browser: Browser, client: Client, address: str, *, javascript: bool = True) -> BrowserContext:
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 780}, locale="nb-NO", java_script_enabled=javascript
    )
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    where = address.replace("http:", "https:", 1)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": where, "secure": True}])
    return context


@pytest.fixture
def page(browser: Browser, client: Client, live_server: LiveServer) -> Iterator[Page]:
    context = logged_in(browser, client, live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(browser: Browser, client: Client, live_server: LiveServer) -> Iterator[Page]:
    context = logged_in(browser, client, live_server.url, javascript=False)
    yield context.new_page()
    context.close()


def check(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))", RULES
    )
    assert found == []


def find(page: Page, number: str) -> None:
    page.goto("/meetings/new/")
    page.get_by_label("Fødselsnummer eller d-nummer").fill(number)
    page.get_by_role("button", name="Finn innbyggeren").click()
    page.wait_for_url("**/meetings/new/details/?c=*")


def test_every_page_fits_a_phone_and_breaks_no_rule(page: Page, meetings: list[Meeting]) -> None:
    first, second, third = (f"/meetings/{one.pk}/" for one in meetings)
    for path in ("/", "/?who=office", "/meetings/new/", first, second, third, f"{first}move/", f"{second}move/"):
        page.goto(path)
        check(page)
    page.goto(f"{first}cancel/")
    page.get_by_label("Hvorfor?").select_option("MISTAKE")
    page.get_by_role("button", name="Se hva som skjer").click()
    expect(page.get_by_text("Sendes med en gang på Min side")).to_be_visible()
    check(page)
    find(page, OLA.number)
    page.get_by_role("button", name="Bestill møtet").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    check(page)


@pytest.mark.parametrize("which_page", ["page", "plain_page"])
def test_a_meeting_is_booked_by_keyboard_with_and_without_javascript(
    request: pytest.FixtureRequest, which_page: str
) -> None:
    page: Page = request.getfixturevalue(which_page)
    find(page, KARI.number)
    expect(page.get_by_label("Telefonnummer")).to_be_hidden()
    page.get_by_label("Møtetype").select_option("FOLLOW_UP")
    page.get_by_label("Videomøte").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Telefonnummer")).to_be_visible()
    page.get_by_label("Dato").fill("2027-01-14")
    page.get_by_label("Klokkeslett").fill("13:00")
    page.get_by_label("Hva møtet handler om").fill("Veien videre")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Møtet er bestilt.")).to_be_visible()
    assert Meeting.objects.get().format == Format.PHONE
    assert KARI.number not in page.url


def test_moving_is_looked_at_and_done_without_javascript(plain_page: Page, meetings: list[Meeting]) -> None:
    plain_page.goto(f"/meetings/{meetings[0].pk}/move/")
    plain_page.get_by_label("Klokkeslett").fill("14:00")
    plain_page.get_by_label("Hvorfor?").select_option("CITIZEN_ASKED")
    plain_page.get_by_role("button", name="Se hva som skjer").click()
    expect(plain_page.get_by_text("Ingenting er sendt eller lagret ennå.")).to_be_visible()
    plain_page.get_by_role("button", name="Flytt møtet").click()
    expect(plain_page.get_by_text("Møtet er flyttet.")).to_be_visible()


def test_the_booking_form_is_reloaded_and_gone_back_to_without_a_question(page: Page) -> None:
    find(page, KARI.number)
    page.reload()
    expect(page.get_by_role("heading", name="Bestill møte med Kari Testdal")).to_be_visible()
    page.goto("/")
    page.go_back()
    expect(page.get_by_role("heading", name="Bestill møte med Kari Testdal")).to_be_visible()


@pytest.mark.parametrize("cookies", ["kept", "gone"])
def test_what_was_typed_stands_to_be_read_and_copied_when_the_session_is_lost(page: Page, cookies: str) -> None:
    find(page, KARI.number)
    page.get_by_label("Møtetype").select_option("FOLLOW_UP")
    page.get_by_label("Dato").fill("2027-01-14")
    page.get_by_label("Klokkeslett").fill("13:00")
    page.get_by_label("Hva møtet handler om").fill("Veien videre")
    page.get_by_label("Hensikt med møtet").fill("Vi ser på planen.")
    Session.objects.all().delete()
    if cookies == "gone":
        page.context.clear_cookies()
    page.get_by_role("button", name="Bestill møtet").click()
    expect(page.get_by_role("heading", name="Du er logget ut, men det du skrev, står her")).to_be_visible()
    for label, typed in (
        ("Hva møtet handler om", "Veien videre"),
        ("Hensikt", "Vi ser på planen."),
        ("Dato", "2027-01-14"),
    ):
        field = page.get_by_label(label)
        expect(field).to_be_visible()
        expect(field).to_have_value(typed)
    check(page)
