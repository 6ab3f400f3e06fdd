"""A meeting with ten partners, in a real browser: each is folded but for those with something to mend."""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from invitations.messages.default_plan import DEFAULT, set_plan, written
from invitations.models import Message
from meetings.models import Meeting
from tests import make
from tests.invitations.test_undelivered import failed
from tests.pages.staff.setting import INGRID, JONAS, KARI, Clock, actor, person, user
from tests.pages.staff.test_browser import browser
from tests.pages.staff.test_undelivered_browser import looked_at, page

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("staff-browser")]


@pytest.fixture
def meeting(client: Client, clock: Clock) -> Meeting:
    """The third doctor's e-mail did not arrive; all others were reached."""
    booked = make.meeting(user(INGRID), person(KARI.number), type_code="DIALOGUE", day=date(2027, 2, 18))
    for number in range(10):
        wanted = {
            "name": f"Lege Nummer-{number}",
            "organisation": f"Legesenter {number}",
            "email": f"lege{number}@legesenter.example",
            "phone": f"+474100010{number}",
        }
        make.partner(booked, make.doctor(**wanted))
    Message.objects.filter(meeting=booked, occasion="INVITED").update(state="DELIVERED", sent_at=make.NOW)
    third = booked.participants.filter(role="DOCTOR").order_by("added_at", "pk")[2]
    failed(booked, participant=third, occasion="INVITED")
    clock.set(make.later(hours=1))
    return booked


def test_ten_partners_are_folded_and_who_was_not_reached_is_open(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/")
    looked_at(page, "meeting-ten-partners")
    expect(page.locator("details.nm-reader")).to_have_count(11)
    opened = page.locator("details.nm-reader[open]")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("Lege Nummer-2")
    expect(opened).to_contain_text("Ikke nådd")
    folded = page.locator("details.nm-reader", has_text="Lege Nummer-7")
    expect(folded.get_by_role("button", name="Send varselet på nytt")).to_be_hidden()
    folded.locator("summary").first.press("Enter")
    expect(folded.get_by_role("button", name="Send varselet på nytt")).to_be_visible()
    page.get_by_role("link", name="Andre deltakere (10)").click()
    expect(page.get_by_role("heading", name="Andre deltakere")).to_be_in_viewport()
    expect(page.locator("#others ~ ul details[open]")).to_have_count(0)


def test_the_reminders_of_the_office_are_chosen_by_the_keyboard(page: Page, meeting: Meeting) -> None:
    page.goto("/office/reminders/")
    looked_at(page, "office-reminders")
    page.get_by_role("group", name="Telefonmøte").get_by_label("1 time før").press("Space")
    page.get_by_role("button", name="Lagre").press("Enter")
    expect(page.get_by_text("Påminnelsene er lagret")).to_be_visible()
    expect(page.get_by_role("group", name="Telefonmøte").get_by_label("1 time før")).not_to_be_checked()


def test_who_saves_reminders_from_an_older_tab_reads_what_holds_now(page: Page, meeting: Meeting) -> None:
    page.goto("/office/reminders/")
    set_plan(plan={"VIDEO": []}, seen=written(DEFAULT), by=actor(JONAS), at=make.NOW)
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Påminnelsene er endret av noen andre")).to_be_visible()
    looked_at(page, "office-reminders-changed-meanwhile")
    expect(page.get_by_role("group", name="Videomøte").get_by_role("checkbox", checked=True)).to_have_count(0)
    page.get_by_role("group", name="Telefonmøte").get_by_label("1 time før").uncheck()
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Påminnelsene er lagret")).to_be_visible()


def test_the_texts_of_one_are_a_list_that_opens(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/texts/")
    looked_at(page, "texts-folded")
    expect(page.locator("details.nm-fold[open]")).to_have_count(1)
    cancelled = page.locator("details.nm-fold", has_text="Avlysning")
    cancelled.locator("summary").first.press("Enter")
    expect(cancelled.get_by_text("er avlyst").first).to_be_visible()
