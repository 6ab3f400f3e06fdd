"""The week, the day and free times beside a form in a real browser: every width, by keyboard, enlarged, without script.

With SCREENSHOTS=1 each page is also kept as a picture in `.build/screenshots/`.
"""

import os
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from meetings import changes
from meetings.models import Absence, ClosingDay, Format, Meeting, Reason, WorkingHours
from meetings.places import Place
from tests import make
from tests.pages.staff.setting import ANNE, BJORN, INGRID, JONAS, KARI, OLA, PER, SIGRID, actor, person, user
from tests.pages.staff.test_booking_browser import tab_to
from tests.pages.staff.test_browser import ROOT, RULES, browser, find, logged_in

__all__ = ["browser"]
PICTURES = ROOT / ".build" / "screenshots"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TUESDAY, WEDNESDAY, FRIDAY = date(2027, 1, 12), date(2027, 1, 13), date(2027, 1, 15)
# 320 pixels are 1280 enlarged to 400 %.
WIDTHS = (320, 360, 768, 1280)
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
def plain_page(browser: Browser, client: Client, live_server: LiveServer) -> Iterator[Page]:
    context = logged_in(browser, client, live_server.url, javascript=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def busy_week(client: Client) -> Meeting:
    """Hours, absence, a closing day, and meetings of all kinds; the first of them is a colleague's."""
    ingrid = user(INGRID)
    for weekday in range(5):
        WorkingHours.objects.create(user=ingrid, weekday=weekday, opens=time(8, 30), closes=time(15))
    away = datetime(2027, 1, 14, 11, tzinfo=make.NOW.tzinfo)
    Absence.objects.create(
        user=ingrid,
        starts_at=away,
        ends_at=away + timedelta(hours=6),
        kind=Absence.Kind.AWAY,
        made_at=make.NOW,
        made_by=ingrid.pk,
    )
    ClosingDay.objects.create(office_id=make.OFFICE, date=FRIDAY)
    room = make.room(is_step_free=True, has_hearing_loop=True)
    make.room("Møterom 2", capacity=12)
    first = make.meeting(user(JONAS), person(SIGRID.number), day=WEDNESDAY, clock=time(9), staff=(ingrid.pk,))
    make.meeting(ingrid, person(KARI.number), day=TUESDAY, clock=time(10))
    make.meeting(
        *(ingrid, person(OLA.number)), day=TUESDAY, clock=time(13), format=Format.IN_PERSON,
        place=Place(address="Prøvegata 1", room_id=room.pk), can_be_told=False,
    )  # fmt: skip
    phone = Place(caller="NAV", phone="49000012")
    make.meeting(ingrid, person(PER.number), day=TUESDAY, clock=time(14), format=Format.PHONE, place=phone)
    make.meeting(ingrid, person(ANNE.number), day=WEDNESDAY, clock=time(9, 45), minutes=90)
    make.meeting(user(JONAS), person(BJORN.number), day=TUESDAY, clock=time(10))
    return first


def holds(page: Page, name: str, *widths: int) -> None:
    """At every width: nothing beside the page, nothing that axe finds; and a picture, where one is asked for."""
    for width in widths or WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        page.evaluate(AXE)
        found = page.evaluate(
            "tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))", RULES
        )
        assert found == [], (name, width)
        if os.environ.get("SCREENSHOTS") and width != 320:
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"staff-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def fill_in(page: Page, day: str = "2027-01-21", clock: str = "10:00") -> None:
    page.get_by_label("Møtetype").select_option("FOLLOW_UP")
    page.get_by_label("Dato").fill(day)
    page.get_by_label("Klokkeslett").fill(clock)
    page.get_by_label("Hva møtet handler om").fill("Veien videre")


def beside(page: Page) -> Locator:
    return page.locator("#times")


def boxes(page: Page) -> tuple[FloatRect, FloatRect]:
    """Where what follows stands, and the reason in the form."""
    found = page.locator("#follows").bounding_box(), page.get_by_label("Hvorfor?").bounding_box()
    assert found[0] is not None
    assert found[1] is not None
    return found[0], found[1]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *(("week", "/"), ("week-office", "/?who=office"), ("week-empty", "/?week=2027-W10")),
        *(
            ("day", "/day/2027-01-12/"),
            ("day-office", "/day/2027-01-12/?who=office"),
            ("day-empty", "/day/2027-01-16/"),
        ),
    ],
)
def test_the_week_and_the_day_fit_every_width_and_break_no_rule(
    page: Page, busy_week: Meeting, name: str, path: str
) -> None:
    page.goto(path)
    holds(page, name)


def test_the_grid_is_a_table_where_there_is_room_and_a_list_where_there_is_not(page: Page, busy_week: Meeting) -> None:
    page.goto("/")
    expect(page.get_by_role("table", name="Møter i uke 2, time for time")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Tirsdag 12. januar")).to_be_visible()
    expect(page.get_by_role("rowheader", name="13.00")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 780})
    expect(page.get_by_role("table")).to_have_count(0)
    expect(page.get_by_role("heading", name="tirsdag 12. januar")).to_be_visible()


def test_days_and_weeks_are_gone_through_by_keyboard(page: Page, busy_week: Meeting) -> None:
    page.goto("/")
    tab_to(page, page.get_by_role("link", name="Neste uke"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Uke 3")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Denne uken"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Tirsdag 12. januar", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tirsdag 12. januar 2027")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Forrige dag"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mandag 11. januar 2027")).to_be_visible()


def test_free_times_follow_what_is_chosen_and_one_is_taken_by_keyboard(page: Page, busy_week: Meeting) -> None:
    find(page, KARI.number)
    holds(page, "times-begun")
    expect(beside(page).get_by_text("Velg møtetype.")).to_be_visible()
    page.get_by_label("Møtetype").select_option("FOLLOW_UP")
    expect(beside(page).get_by_text("Velg møtetype.")).to_have_count(0)
    expect(page.get_by_role("button", name="Finn ledige tider")).to_be_hidden()
    page.get_by_label("Hva møtet handler om").fill("Veien videre")
    page.get_by_text("Ta med kolleger").click()
    page.get_by_label(JONAS.name).check(force=True)
    page.get_by_label("Fysisk møte").check(force=True)
    page.get_by_label("Møterom", exact=True).select_option(label="Møterom 2, plass til 12")
    expect(page.get_by_label("Rom", exact=False).and_(page.locator("#id_room"))).to_be_hidden()
    page.get_by_label("Varighet i minutter").fill("60")
    page.get_by_label("Varighet i minutter").blur()
    wanted = page.get_by_role("button", name="Velg onsdag 13. januar kl. 12.30")
    expect(wanted).to_be_visible()
    tab_to(page, wanted)
    page.keyboard.press("Enter")
    expect(page.locator("#suits-heading")).to_be_focused()
    expect(page.get_by_text("Onsdag 13. januar 2027 kl. 12.30–13.30 er ledig.")).to_be_visible()
    expect(page.get_by_label("Dato")).to_have_value("2027-01-13")
    holds(page, "times-taken")
    page.get_by_role("button", name="Se hva som skjer").click()
    expect(page.get_by_text("Ingenting er sendt eller lagret ennå.")).to_be_visible()
    holds(page, "times-rehearsed")
    page.get_by_role("button", name="Bestill møtet").last.click()
    expect(page.get_by_text("Møtet er bestilt.")).to_be_visible()
    meeting = Meeting.objects.get(booked_room__name="Møterom 2")
    assert meeting.participants.filter(role="STAFF").count() == 1


def test_what_speaks_against_stands_at_once_and_is_overruled_with_a_reason(page: Page, busy_week: Meeting) -> None:
    find(page, KARI.number)
    fill_in(page, "2027-01-15")
    page.get_by_label("Dato").blur()
    expect(page.locator("#suits").get_by_text("Enheten holder ikke møter denne dagen.")).to_be_visible()
    expect(page.get_by_role("button", name="Torsdag 14. januar 2027 kl. 11.15")).to_be_visible()
    holds(page, "times-against")
    page.get_by_label("Hvorfor gjør du det likevel?").select_option("URGENT")
    page.get_by_role("button", name="Bestill møtet").last.click()
    expect(page.get_by_text("Møtet er bestilt.")).to_be_visible()
    expect(page.get_by_text("Det haster")).to_be_visible()
    holds(page, "meeting-overruled")


def test_an_occupied_time_is_answered_with_the_nearest_without_javascript(plain_page: Page, busy_week: Meeting) -> None:
    page = plain_page
    find(page, KARI.number)
    fill_in(page, "2027-01-12", "13:15")
    page.get_by_role("button", name="Bestill møtet").last.click()
    expect(page.get_by_text("Ledige tider i nærheten:")).to_be_visible()
    page.get_by_role("button", name="Tirsdag 12. januar 2027 kl. 12.15").click()
    expect(page.get_by_text("Tirsdag 12. januar 2027 kl. 12.15–13.00 er ledig.")).to_be_visible()
    expect(page.get_by_label("Hva møtet handler om")).to_have_value("Veien videre")
    page.get_by_role("button", name="Vis senere dager").click()
    expect(page.get_by_role("heading", name="Ledige tider")).to_be_visible()
    page.get_by_role("button", name="Bestill møtet").last.click()
    expect(page.get_by_text("Møtet er bestilt.")).to_be_visible()


def test_an_occupied_time_says_so_at_every_width(page: Page, busy_week: Meeting) -> None:
    find(page, KARI.number)
    fill_in(page, "2027-01-12", "13:15")
    page.get_by_role("button", name="Bestill møtet").last.click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    holds(page, "times-occupied")


def test_which_of_an_hour_that_comes_twice_is_asked_right_under_the_clock(page: Page, client: Client) -> None:
    meeting = make.meeting(user(INGRID), person(KARI.number))
    page.goto(f"/meetings/{meeting.pk}/move/")
    page.get_by_label("Dato").fill("2027-10-31")
    page.get_by_label("Klokkeslett", exact=True).fill("02:30")
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    which = page.get_by_role("radio", name="Andre gang (normaltid)")
    expect(which).to_be_visible()
    page.get_by_role("button", name="Flytt møtet").click()
    expect(page.get_by_text("kommer to ganger denne dagen")).to_have_count(2)
    holds(page, "move-twice")
    which.check()
    expect(page.get_by_text("kommer to ganger denne dagen")).to_have_count(2)


def test_a_meeting_is_moved_to_a_free_time_after_looking_at_what_follows(page: Page, busy_week: Meeting) -> None:
    meeting = Meeting.objects.get(host=user(INGRID), starts_at=datetime(2027, 1, 12, 9, tzinfo=make.NOW.tzinfo))
    page.goto(f"/meetings/{meeting.pk}/move/")
    holds(page, "move")
    page.get_by_role("button", name="Velg onsdag 13. januar kl. 12.30").click()
    expect(page.get_by_text("Onsdag 13. januar 2027 kl. 12.30–13.15 er ledig.")).to_be_visible()
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    page.get_by_role("button", name="Se hva som skjer").last.click()
    expect(page.get_by_text("Ingenting er sendt eller lagret ennå.")).to_be_visible()
    follows, form = boxes(page)
    assert follows["x"] > form["x"] + form["width"]
    holds(page, "move-rehearsed")
    page.set_viewport_size({"width": 360, "height": 780})
    follows, form = boxes(page)
    assert follows["y"] > form["y"] + form["height"]
    page.get_by_role("button", name="Flytt møtet").click()
    expect(page.get_by_text("Møtet er flyttet.")).to_be_visible()


def test_many_free_times_leave_no_hole_in_the_form_beside_them(page: Page, busy_week: Meeting) -> None:
    meeting = Meeting.objects.earliest("starts_at")
    page.goto(f"/meetings/{meeting.pk}/move/")
    holds(page, "move")
    first, last, rest = (
        page.locator(one).bounding_box()
        for one in (".nm-beside-times__first", ".nm-beside-times__first > :last-child", ".nm-beside-times__rest")
    )
    assert first is not None
    assert last is not None
    assert rest is not None
    assert first["y"] + first["height"] - last["y"] - last["height"] < 50
    assert rest["y"] - first["y"] - first["height"] < 50


def test_what_is_wrong_with_the_clock_is_read_in_a_few_lines(page: Page, busy_week: Meeting) -> None:
    meeting = Meeting.objects.earliest("starts_at")
    page.goto(f"/meetings/{meeting.pk}/move/")
    page.get_by_label("Dato").fill("2027-10-31")
    page.get_by_label("Klokkeslett").fill("02:30")
    page.get_by_label("Hvorfor?").select_option("PRACTICAL")
    page.get_by_role("button", name="Flytt møtet", exact=True).click()
    said = page.locator(".nm-fields .nm-field--error").first.bounding_box()
    assert said is not None
    assert said["width"] > 300


def test_a_meetings_icon_stands_beside_its_time_and_not_alone(page: Page, busy_week: Meeting) -> None:
    page.goto("/")
    for one in page.locator(".nm-block:visible").all():
        icon, clock = one.locator("svg").first.bounding_box(), one.locator("time").bounding_box()
        assert icon is not None
        assert clock is not None
        assert abs((icon["y"] + icon["height"] / 2) - (clock["y"] + clock["height"] / 2)) < 10


def test_the_history_is_a_list_in_order(page: Page, busy_week: Meeting) -> None:
    meeting = Meeting.objects.get(host=user(INGRID), starts_at=datetime(2027, 1, 12, 9, tzinfo=make.NOW.tzinfo))
    by = actor(INGRID)
    citizen = meeting.participants.get(role="CITIZEN").person
    assert citizen is not None
    changes.cancel(
        meeting_id=meeting.pk,
        version=meeting.version,
        why=changes.Why(Reason.STAFF_UNAVAILABLE, "Jeg er syk."),
        can_be_told=True,
        by=by,
        clearance=make.clearance(citizen, by),
        at=make.later(minutes=1),
    )
    page.goto(f"/meetings/{meeting.pk}/")
    steps = page.get_by_role("region", name="Historikk").get_by_role("listitem")
    expect(steps.first).to_contain_text("Bestilt")
    expect(steps.last).to_contain_text("Avlyst")
    expect(steps.last).to_contain_text("Jeg er syk.")
    holds(page, "meeting-history")
