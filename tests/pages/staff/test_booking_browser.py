"""Partners on the booking form in a real browser: by keyboard, at every width, with and without JavaScript, and axe.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from meetings.models import Meeting, PartnerContact
from tests.pages.staff.setting import KARI
from tests.pages.staff.test_browser import browser, check, find, page, plain_page
from tests.pages.staff.test_partners_browser import holds

__all__ = ["browser", "page", "plain_page"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]


def begin(page: Page) -> None:
    find(page, KARI.number)
    page.get_by_label("Møtetype").select_option("DIALOGUE")
    page.get_by_label("Dato").fill("2027-02-11")
    page.get_by_label("Klokkeslett").fill("13:00")
    page.get_by_label("Hva møtet handler om").fill("Veien videre")


def partner(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Deltaker {number}")


def tab_to(page: Page, target: Locator) -> None:
    """As somebody does who has no mouse. Fails where the keyboard does not lead there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError("the keyboard does not lead there")


@pytest.mark.parametrize("which_page", ["page", "plain_page"])
def test_a_doctor_and_an_employer_are_booked_by_keyboard(request: pytest.FixtureRequest, which_page: str) -> None:
    page: Page = request.getfixturevalue(which_page)
    begin(page)
    tab_to(page, page.get_by_role("button", name="Legg til lege eller arbeidsgiver"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Deltaker 1")).to_be_focused()
    expect(page.get_by_label("Hva møtet handler om").first).to_have_value("Veien videre")
    doctor = partner(page, 1)
    tab_to(page, doctor.get_by_role("button", name="Ta bort deltaker 1"))
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(doctor.get_by_label("Lege", exact=True)).to_be_checked()
    expect(doctor.get_by_text("skal ikke få vite noe om helse")).to_be_hidden()
    for text in ("Lise Legesen", "", "lise@legesenter.example", "49 00 00 12"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    tab_to(page, page.get_by_role("button", name="Legg til lege eller arbeidsgiver"))
    page.keyboard.press("Space")
    employer = partner(page, 2)
    expect(page.get_by_role("heading", name="Deltaker 2")).to_be_focused()
    expect(employer.get_by_text("skal ikke få vite noe om helse")).to_be_visible()
    employer.get_by_label("Arbeidsgiver", exact=True).check(force=True)
    employer.get_by_label("Navn").fill("Arne Sjefsen")
    employer.get_by_label("E-postadresse").fill("arne@fisk.example")
    employer.get_by_label("Mobilnummer").fill("49 00 00 34")
    employer.get_by_label("Navn").press("Enter")
    expect(page.get_by_text("Møtet er bestilt.")).to_be_visible()
    assert set(Meeting.objects.get().participants.values_list("role", flat=True)) == {
        *("HOST", "CITIZEN", "DOCTOR", "EMPLOYER")
    }


def test_every_step_fits_a_phone_and_breaks_no_rule(page: Page) -> None:
    begin(page)
    holds(page, "booking")
    page.get_by_role("button", name="Legg til lege eller arbeidsgiver").click()
    holds(page, "booking-one-more")
    doctor = partner(page, 1)
    doctor.get_by_label("Lege", exact=True).check(force=True)
    doctor.get_by_label("Navn").fill("Lise Legesen")
    doctor.get_by_label("Arbeidssted").fill("Fjordvik legesenter")
    doctor.get_by_label("E-postadresse").fill("lise@legesenter.example")
    doctor.get_by_label("Mobilnummer").fill("49 00 00 12")
    doctor.get_by_label("På telefon").check(force=True)
    doctor.get_by_label("Kommer inn etter").fill("10")
    doctor.get_by_label("Deltar i (minutter)").fill("10")
    doctor.get_by_label("Hva møtet handler om").fill("Tilrettelegging")
    page.get_by_role("button", name="Legg til lege eller arbeidsgiver").click()
    employer = partner(page, 2)
    employer.get_by_label("Arbeidsgiver", exact=True).check(force=True)
    employer.get_by_label("Mobilnummer").fill("22 33 44 55")
    page.get_by_role("button", name="Bestill møtet").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    holds(page, "booking-errors")
    page.get_by_role("link", name="Deltaker 2: Skriv navnet.").click()
    expect(employer.get_by_label("Navn")).to_be_focused()
    page.keyboard.type("Arne Sjefsen")
    employer.get_by_label("E-postadresse").fill("arne@fisk.example")
    employer.get_by_label("Mobilnummer").fill("49 00 00 34")
    employer.get_by_label("Hva møtet handler om").fill("Arbeidsoppgavene framover")
    page.get_by_role("button", name="Se hva som skjer").click()
    expect(page.get_by_text("Invitasjon til arbeidsgiveren Arne Sjefsen", exact=True)).to_be_visible()
    holds(page, "booking-rehearsed")
    page.get_by_label("Møtetype").select_option("FOLLOW_UP")
    page.get_by_role("button", name="Se hva som skjer").click()
    expect(page.get_by_text("når innbyggeren har sagt ja", exact=False).first).to_be_visible()
    holds(page, "booking-rehearsed-waits")
    page.get_by_role("button", name="Ta bort deltaker 1").click()
    expect(page.get_by_role("heading", name="Andre deltakere")).to_be_focused()
    expect(partner(page, 1).get_by_label("Navn")).to_have_value("Arne Sjefsen")
    expect(partner(page, 2)).to_have_count(0)
    page.get_by_role("button", name="Bestill møtet").click()
    expect(page.get_by_text("Møtet er bestilt.")).to_be_visible()
    assert PartnerContact.objects.get().name == "Arne Sjefsen"


def test_a_lost_session_shows_partners_and_choices_in_words(page: Page) -> None:
    begin(page)
    page.get_by_role("button", name="Legg til lege eller arbeidsgiver").click()
    partner(page, 1).get_by_label("Lege", exact=True).check(force=True)
    partner(page, 1).get_by_label("Navn").fill("Lise Legesen")
    page.get_by_label("Innbyggeren må vise gyldig legitimasjon").check(force=True)
    Session.objects.all().delete()
    page.get_by_role("button", name="Bestill møtet").click()
    expect(page.get_by_label("Deltaker 1: Navn")).to_have_value("Lise Legesen")
    expect(page.get_by_label("Møtetype").locator("option:checked")).to_have_text("Dialogmøte")
    expect(page.get_by_label("Deltaker 1: Hvem er det?").locator("option:checked")).to_have_text("Lege")
    expect(page.get_by_label("Innbyggeren må vise gyldig legitimasjon")).to_be_checked()
    check(page)
    holds(page, "booking-lost")
