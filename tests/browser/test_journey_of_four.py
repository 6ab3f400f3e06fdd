"""A meeting with a doctor and an employer, walked by all four, logged in at once, in real browsers."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from navmeet.dev.personas import CITIZENS
from navmeet.dev.servers.house import House
from tests.browser.house import Clock
from tests.browser.people import Caseworker, Citizen, Partner

pytestmark = pytest.mark.xdist_group("house")

ANNE = CITIZENS[6]
THEME = "Tilrettelegging fram mot våren"
TO_EMPLOYER = "Oppgaver som kan tilpasses"


def test_a_meeting_of_four_from_release_to_outcome(house_and_clock: tuple[House, Clock], browser: Browser) -> None:
    house, clock = house_and_clock
    ports = house.ports
    clock.set(clock.now.replace(hour=10, minute=0) + timedelta(days=7 - (clock.now.weekday() - 1) % 7))
    starts = clock.now + timedelta(days=1, hours=4)
    ingrid, anne = Caseworker(browser, ports), Citizen(browser, ports)
    doctor = Partner(browser, ports, "doctor", email="lege@legekontoret.example", phone="+4749000021")
    employer = Partner(browser, ports, "employer", email="leder@bedriften.example", phone="+4749000022")

    # 1. Booked with the doctor, and the employer added; what will be told is rehearsed before it is.
    ingrid.logs_in()
    ingrid.finds(ANNE.number)
    lege = ("Lege Prøvdal", doctor.email, doctor.phone)
    meeting = ingrid.books(starts, theme=THEME, kind="Samarbeidsmøte", doctor=lege)
    ingrid.adds("Arbeidsgiver", name="Leder Testmo", email=employer.email, phone=employer.phone, theme=TO_EMPLOYER)
    ingrid.shot("partners")
    assert doctor.received(doctor.email) == []

    # 2. The citizen is asked, at level high, and says yes to both; only then are they told.
    anne.logs_in_at_ditt_nav(ANNE.given_name)
    anne.sees_when_reloading("svar om du kommer")
    anne.page.get_by_role("link", name=re.compile("svar om du kommer")).first.click()
    link_page = anne.page.url
    anne.page.get_by_role("main").get_by_role("link", name="Logg inn").first.click()
    anne.sees(THEME)
    invitation = anne.page.url
    for name in ("Lege Prøvdal", "Leder Testmo"):
        anne.goes_to(invitation)
        part = anne.page.locator("#partners > div").filter(has_text=name)
        part.get_by_role("link", name=re.compile("Les og svar")).click()
        if "interaction" in anne.page.url:
            anne.presses(ANNE.given_name)
        anne.chooses("Ja, de kan delta")
        anne.shot(f"release-{name.split()[0].lower()}")
        anne.presses("Lagre svaret")
    anne.goes_to(invitation)
    anne.shot("released")

    # 3. Each has a link of their own by e-mail, reads with a code, and sees only what concerns them.
    mail = doctor.waits_for_mail()
    assert ANNE.family_name not in mail["subject"] + mail["body"]
    assert THEME not in mail["subject"] + mail["body"]
    doctor.follows(mail)
    doctor.does_not_see(ANNE.family_name)
    doctor.shot("link")
    doctor.reads_with_a_code()
    doctor.sees(ANNE.family_name)
    doctor.does_not_see(THEME)
    doctor.does_not_see(TO_EMPLOYER)
    doctor.chooses("Jeg kommer")
    doctor.presses("Send svar")
    doctor.sees("Svaret ditt")
    doctor.shot("read")
    doctors_link = doctor.home + re.search(r"(/i/[^/]+/)", doctor.page.url)[1]  # type: ignore[index]
    employer.follows(employer.waits_for_mail())
    employers_link = employer.page.url
    employer.reads_with_a_code()
    employer.sees(TO_EMPLOYER)
    employer.does_not_see(THEME)
    employer.does_not_see("Lege Prøvdal")
    employer.shot("read")

    # 4. Another way: asked for, settled in one step, everybody concerned told once; and back again.
    anne.goes_to(invitation)
    anne.chooses("Jeg vil møte på en annen måte")
    anne.presses("Send svar")
    anne.sees("Møtet gjelder fortsatt til du hører fra oss")
    anne.sees("senest")
    ingrid.opens(meeting)
    ingrid.presses("Bytt møteform")
    ingrid.chooses("Telefonmøte")
    ingrid.page.get_by_label(re.compile("Veilederen ringer|Nav ringer|Vi ringer")).first.check(force=True)
    ingrid.writes("Telefonnummer det skal ringes til", "49000007")
    ingrid.page.get_by_label("Hvorfor?").select_option(index=1)
    ingrid.presses("Se hva som skjer")
    ingrid.sees("Dette skjer")
    ingrid.shot("format-rehearsal")
    ingrid.page.locator('button[name="act"][value="do"]').click()
    ingrid.page.wait_for_url(meeting)
    anne.goes_to(invitation)
    anne.sees("ringer deg")
    anne.shot("by-phone")
    ingrid.presses("Si fra nå")
    doctor.waits_for_mail(at_least=2)
    ingrid.presses("Bytt møteform")
    ingrid.chooses("Videomøte")
    ingrid.page.get_by_label("Hvorfor?").select_option(index=1)
    ingrid.page.locator('button[name="act"][value="do"]').click()
    ingrid.page.wait_for_url(meeting)
    ingrid.presses("Si fra nå")
    doctor.waits_for_mail(at_least=3)

    # 5. The door: all wait, the panel says how sure it is who they are, each is let in, and goes on by
    # themselves. Anne logged in at level high: nobody asks her for identity.
    clock.set(starts - timedelta(minutes=10))
    anne.goes_to(invitation)
    anne.enters_as("Anne")
    doctor.goes_to(doctors_link)
    doctor.enters_as("Lege")
    employer.context.clear_cookies()
    employer.goes_to(employers_link)
    employer.enters_as("Leder")
    employer.shot("waiting")
    ingrid.opens(f"{meeting}door/")
    ingrid.sees("Leder")
    ingrid.shot("panel")
    ingrid.lets_in("Anne")
    room = anne.is_at_the_platform()
    ingrid.lets_in("Lege")
    ingrid.lets_in("Leder")
    assert room != doctor.is_at_the_platform()
    employer.is_at_the_platform()
    ingrid.shot("admitted")
    doctor.goes_to(doctors_link)
    doctor.page.go_back()

    # 6. Ended, and what became of it.
    clock.set(starts + timedelta(minutes=40))
    ingrid.opens(f"{meeting}door/")
    ingrid.page.get_by_text("Avslutt møtet", exact=True).click()
    ingrid.presses("Ja, avslutt møtet")
    anne.goes_to(link_page)
    anne.does_not_see("Gå til venterommet")
    ingrid.opens(f"{meeting}outcome/")
    ingrid.shot("outcome")

    for person in (ingrid, anne, doctor, employer):
        assert person.complaints == [], person.name
