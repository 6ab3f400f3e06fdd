"""A meeting from booking to minutes, walked by the two it concerns, logged in at once, in real browsers."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import vobject
from playwright.sync_api import Browser

from invitations.messages import quiet
from navmeet.dev.personas import CITIZENS
from navmeet.dev.servers.house import House
from tests.browser.house import Clock
from tests.browser.people import Caseworker, Citizen

pytestmark = pytest.mark.xdist_group("house")

BJORN = CITIZENS[7]
THEME = "Veien tilbake til arbeid"


def test_a_meeting_from_booking_to_minutes(
    house_and_clock: tuple[House, Clock], browser: Browser, tmp_path: Path
) -> None:
    house, clock = house_and_clock
    ingrid, bjorn = Caseworker(browser, house.ports), Citizen(browser, house.ports)
    # A dialogue meeting, called three weeks ahead: on an ordinary day, and the day after too.
    starts = clock.now + timedelta(days=22, hours=4)
    while quiet.is_quiet(starts) or quiet.is_quiet(starts + timedelta(days=1)):
        starts += timedelta(days=7)

    # 1–2. Logs in, sees the week, books.
    ingrid.logs_in()
    ingrid.shot("week")
    ingrid.finds("12345678901")
    ingrid.sees("Sjekk at nummeret er skrevet riktig")
    ingrid.finds(BJORN.number)
    ingrid.sees(BJORN.name)
    meeting = ingrid.books(starts, theme=THEME)
    assert BJORN.number not in meeting
    ingrid.shot("booked")

    # 3. The citizen is told on Ditt NAV, and follows the link.
    bjorn.logs_in_at_ditt_nav(BJORN.given_name)
    bjorn.sees_when_reloading("svar om du kommer")
    bjorn.does_not_see(THEME)
    link = bjorn.page.get_by_text("https://navmeet.nav.no/i/").first.inner_text()
    bjorn.shot("ditt-nav")
    bjorn.page.get_by_role("link", name=re.compile("svar om du kommer")).first.click()

    # 5. The bare link shows the least.
    bjorn.sees("Logg inn for å se hva møtet handler om")
    bjorn.does_not_see(THEME)
    bjorn.does_not_see("Ingrid")
    bjorn.shot("link")
    link_page = bjorn.page.url

    # 4. Logs in, reads, answers, changes the answer, chooses, takes the calendar entry.
    bjorn.page.get_by_role("main").get_by_role("link", name="Logg inn").first.click()
    bjorn.sees(THEME)
    bjorn.sees("Du har plikt til å komme")
    bjorn.sees("Ingrid Solberg-Test")
    invitation = bjorn.page.url
    bjorn.shot("invitation")
    bjorn.chooses("Jeg trenger et annet tidspunkt")
    bjorn.presses("Send svar")
    bjorn.sees("Møtet gjelder fortsatt til du hører fra oss")
    bjorn.page.get_by_text("Endre svaret").click()
    bjorn.chooses("Jeg kommer")
    bjorn.presses("Send svar")
    bjorn.sees("vi har fått svaret ditt")
    bjorn.chooses("Nei, jeg vil ikke møte på video")
    bjorn.presses("Lagre valget")
    bjorn.sees("Du har sagt nei til video")
    bjorn.shot("answered")
    with bjorn.page.expect_download() as download:
        bjorn.page.get_by_role("link", name=re.compile("kalenderen")).click()
    download.value.save_as(tmp_path / "first.ics")
    first = vobject.readOne((tmp_path / "first.ics").read_text(encoding="utf-8")).vevent
    assert first.sequence.value == "0"

    # The task on Ditt NAV is replaced by a quiet notice with the same link; the caseworker sees all of it.
    bjorn.looks_at_ditt_nav()
    ingrid.opens(meeting)
    ingrid.sees_when_reloading("SMS")
    ingrid.sees("Kommer")
    ingrid.sees("vil ikke møte på video")
    ingrid.shot("meeting")

    # 7. Moves it: rehearsed first, told once, the same link true again.
    ingrid.presses("Flytt")
    moved_to = starts + timedelta(days=1)
    ingrid.page.get_by_label("Hvorfor?").select_option(index=2)
    ingrid.writes("Beskjed til innbyggeren", "Jeg må i et annet møte.")
    ingrid.writes("Dato", moved_to.strftime("%Y-%m-%d"))
    ingrid.presses("Se hva som skjer")
    ingrid.sees("Påminnelse")
    ingrid.sees("ti minutter etter endringen, eller når du trykker «Si fra nå»")
    ingrid.shot("rehearsal")
    ingrid.page.get_by_role("button", name="Flytt møtet").click()
    ingrid.page.wait_for_url(meeting)
    # The page behind the link is true at once; told it is when she says so.
    bjorn.goes_to(invitation)
    bjorn.sees("Møtet er endret")
    ingrid.presses("Si fra nå")
    ingrid.sees("Endringene blir fortalt nå.")
    bjorn.looks_at_ditt_nav()
    bjorn.sees_when_reloading("flyttet")
    assert bjorn.page.get_by_text(link).count() >= 1
    bjorn.shot("ditt-nav-moved")
    bjorn.goes_to(invitation)
    bjorn.sees("Møtet er endret")
    bjorn.sees("Jeg må i et annet møte.")
    bjorn.shot("moved")
    with bjorn.page.expect_download() as download:
        bjorn.page.get_by_role("link", name=re.compile("kalenderen")).click()
    download.value.save_as(tmp_path / "second.ics")
    second = vobject.readOne((tmp_path / "second.ics").read_text(encoding="utf-8")).vevent
    assert second.uid.value == first.uid.value
    assert second.sequence.value == "1"

    # 6. The reminder an hour before, by the clock.
    clock.set(moved_to - timedelta(minutes=59))
    bjorn.looks_at_ditt_nav()
    bjorn.sees_when_reloading("Møtet ditt med Nav starter")
    bjorn.shot("ditt-nav-reminder")

    # 5. Within the window the link goes on to the video platform.
    clock.set(moved_to - timedelta(minutes=10))
    bjorn.context.clear_cookies(name="__Host-citizen")
    bjorn.goes_to(link_page)
    bjorn.shot("link-open")
    bjorn.enters_as("Bjørn")
    bjorn.shot("waiting")
    # Her session here ran out with the days; the issuer still knows her.
    ingrid.opens(f"{meeting}door/")
    ingrid.shot("panel")
    ingrid.lets_in("Bjørn")
    room = bjorn.is_at_the_platform()
    # He came with the bare link, and the meeting asks who he is: seen by the host alone, and noted.
    ingrid.chooses("Viste gyldig legitimasjon")
    ingrid.page.get_by_label("Hva slags legitimasjon?").select_option(index=1)
    ingrid.presses("Noter", exact=True)
    ingrid.sees("Identitet notert")
    ingrid.shot("identity")
    assert re.search(r"/m/[a-z0-9-]{20,}@", room)
    bjorn.shot("video")

    # 8. Minutes: written, saved as they are typed, shared, read at level high.
    clock.set(moved_to + timedelta(minutes=50))
    ingrid.opens(meeting)
    ingrid.presses("Referat")
    ingrid.writes("Dette ble vi enige om", "Du begynner i halv stilling fra mandag.")
    ingrid.sees(re.compile(r"Lagret kl\. \d\d\.\d\d"))
    ingrid.shot("minutes")
    bjorn.goes_to(f"{invitation}minutes/1/")
    bjorn.does_not_see("halv stilling")
    ingrid.presses("Se over og del")
    ingrid.sees("Du begynner i halv stilling fra mandag.")
    ingrid.shot("share")
    ingrid.presses("Del med innbyggeren")
    ingrid.sees("Ikke lest")
    bjorn.looks_at_ditt_nav()
    bjorn.sees_when_reloading("Logg inn på høyt nivå")
    bjorn.shot("ditt-nav-minutes")
    bjorn.goes_to(invitation)
    bjorn.presses("Les referatet")
    if "interaction" in bjorn.page.url:
        bjorn.presses(BJORN.given_name)
    bjorn.shot("minutes-list")
    if not bjorn.page.get_by_text("halv stilling").count():
        bjorn.page.get_by_role("main").get_by_role("link", name=re.compile("eferat")).last.click()
    bjorn.sees("Du begynner i halv stilling fra mandag.")
    bjorn.shot("minutes")
    ingrid.opens(f"{meeting}minutes/")
    ingrid.sees("Lest av innbyggeren")
    ingrid.shot("read")

    # Log-out ends the session here and at the issuer.
    ingrid.presses("Logg ut")
    ingrid.page.wait_for_url("**/logged-out/")
    ingrid.goes_to(ingrid.home)
    ingrid.sees("Hvem vil du logge inn som?")

    assert ingrid.complaints == []
    assert bjorn.complaints == []
