"""What became of a meeting, in a real browser: by keyboard, on a phone, without JavaScript, and axe finds nothing."""

import os
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from invitations import what_happened
from meetings.models import CallAttempt, Meeting, ParticipantOutcome
from tests import make
from tests.pages.staff.setting import INGRID, KARI, Clock, actor, log_in, person, user
from tests.pages.staff.test_browser import browser, check, page, plain_page

__all__ = ["browser", "page", "plain_page"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]


@pytest.fixture
def begun(client: Client, clock: Clock) -> Meeting:
    """With Kari and a doctor, 20 minutes ago; the caseworker is logged in now."""
    meeting = make.meeting(user(INGRID), person(KARI.number), day=date(2027, 1, 12))
    make.partner(meeting)
    now = meeting.starts_at + timedelta(minutes=20)
    clock.set(now)
    again = log_in(actor(INGRID), INGRID.name, now)
    client.cookies[settings.SESSION_COOKIE_NAME] = again.cookies[settings.SESSION_COOKIE_NAME].value
    return meeting


def test_the_page_fits_a_phone_and_breaks_no_rule_also_with_a_refusal(begun: Meeting, page: Page) -> None:
    page.goto(f"/meetings/{begun.pk}/")
    check(page)
    page.get_by_role("link", name="Hva ble det av møtet?").click()
    check(page)
    kari = page.get_by_role("region", name=KARI.name)
    kari.get_by_role("radio", name="Møtte ikke").check()
    kari.get_by_role("button", name="Lagre").click()
    refused = page.get_by_role("link", name="Prøv å ringe deltakeren først, og noter at du har prøvd.")
    expect(refused).to_be_visible()
    check(page)
    refused.click()
    expect(kari.get_by_role("radio").first).to_be_focused()


def test_everything_is_done_by_keyboard(begun: Meeting, page: Page) -> None:
    page.goto(f"/meetings/{begun.pk}/outcome/")
    kari = page.get_by_role("region", name=KARI.name)
    call = kari.get_by_role("button", name="Jeg prøvde å ringe")
    for _ in range(20):
        page.keyboard.press("Tab")
        if call.evaluate("it => it === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Notert: Du prøvde å ringe innbyggeren kl. 10.20.")).to_be_visible()
    kari.get_by_role("radio", name="Møtte", exact=True).focus()
    for key in ("ArrowDown", "ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("Lagret: innbyggeren meldte fra.")).to_be_visible()
    assert CallAttempt.objects.count() == 1
    assert ParticipantOutcome.objects.get().outcome == "EXCUSED"


def test_without_javascript_it_works_the_same(begun: Meeting, plain_page: Page) -> None:
    plain_page.goto(f"/meetings/{begun.pk}/outcome/")
    plain_page.get_by_role("region", name="Lise Legesen").get_by_role("radio", name="Tekniske problemer").check()
    plain_page.get_by_role("region", name="Lise Legesen").get_by_role("button", name="Lagre").click()
    expect(plain_page.get_by_text("Lagret: legen hadde tekniske problemer.")).to_be_visible()
    plain_page.get_by_role("radio", name="Møtet ble holdt").check()
    plain_page.get_by_role("region", name="Møtet").get_by_role("button", name="Lagre").click()
    expect(plain_page.get_by_text("Møtet ble holdt. Det er lagret.")).to_be_visible()
    begun.refresh_from_db()
    assert begun.status == "HELD"


def test_what_the_citizen_tells_and_a_correction_fit_a_phone_and_break_no_rule(begun: Meeting, page: Page) -> None:
    ParticipantOutcome.objects.create(
        participant=begun.citizen(), outcome="DID_NOT_MEET", set_at=begun.starts_at, set_by=begun.host_id
    )
    Meeting.objects.filter(pk=begun.pk).update(status="NOT_HELD")
    page.goto(f"/meetings/{begun.pk}/outcome/")
    expect(page.get_by_text("har ikke fått svar ennå")).to_be_visible()
    check(page)
    who = begun.citizen().person
    assert who is not None
    what_happened.give_account(
        invitation_id=begun.citizen().invitation.pk,
        words="Toget sto.",
        by=make.citizen_actor(who),
        at=begun.starts_at + timedelta(minutes=19),
    )
    page.goto(f"/meetings/{begun.pk}/outcome/")
    page.get_by_text("Rett om møtet ble holdt").click()
    check(page)
    if os.environ.get("SCREENSHOTS"):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.screenshot(path=".build/screenshots/staff-outcome-account.png", full_page=True)
    held = page.get_by_role("region", name="Møtet", exact=True)
    held.get_by_role("radio", name="Møtet ble holdt").check()
    held.get_by_role("radio", name="Det ble notert ved en feil").check()
    held.get_by_role("button", name="Rett").click()
    expect(page.get_by_text("Møtet ble holdt. Det er rettet.")).to_be_visible()
    page.goto(f"/meetings/{begun.pk}/")
    expect(page.get_by_text("Rettet til holdt")).to_be_visible()
