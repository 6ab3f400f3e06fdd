"""The two at their screens: what they press and what they see, in their own words."""

import re
from datetime import datetime
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect

from navmeet.dev.servers.environment import Ports
from tests.browser.house import SCREENSHOTS

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE = 30_000


class Person:
    """One browser of one person. Every page they open must be free of errors in the console."""

    def __init__(self, browser: Browser, viewport: Any, name: str) -> None:
        self.name = name
        self.context: BrowserContext = browser.new_context(viewport=viewport, locale="nb-NO", accept_downloads=True)
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self._shots = 0

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def goes_to(self, address: str) -> None:
        self.page.goto(address)

    def presses(self, text: str, *, exact: bool = False) -> None:
        """A button or a link that says this."""
        name = text if exact else re.compile(re.escape(text))
        found = self.page.get_by_role("button", name=name, exact=exact).or_(
            self.page.get_by_role("link", name=name, exact=exact)
        )
        found.first.click()

    def chooses(self, text: str) -> None:
        self.page.get_by_role("radio", name=text, exact=True).check(force=True)

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE)

    def does_not_see(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text, timeout=PATIENCE)

    def sees_when_reloading(self, text: str, *, times: int = 40) -> None:
        """What arrives by another road: look again until it is there."""
        for _ in range(times):
            if text in self.page.locator("body").inner_text():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        self.sees(text)

    def shot(self, what: str) -> None:
        """A picture to be looked at, in .build/screenshots."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self._shots += 1
        self.page.screenshot(path=SCREENSHOTS / f"{self.name}-{self._shots:02d}-{what}.png", full_page=True)

    def enters_as(self, name: str) -> None:
        """From a page whose door is open, into the waiting room."""
        self.writes("Fornavnet ditt", name)
        self.presses("Gå til venterommet")
        self.sees("slipper deg inn")

    def is_at_the_platform(self) -> str:
        """The room's address, once the page has gone on by itself."""
        self.page.wait_for_url(re.compile(r"/webapp3/m/"), timeout=PATIENCE)
        return self.page.url.split("?")[0]


class Caseworker(Person):
    def __init__(self, browser: Browser, ports: Ports) -> None:
        super().__init__(browser, DESK, "caseworker")
        self.home = ports.staff_url

    def logs_in(self, name: str = "Ingrid") -> None:
        self.goes_to(f"{self.home}/")
        self.presses(name)
        self.sees("Møtene dine")

    def finds(self, number: str) -> None:
        self.goes_to(f"{self.home}/meetings/new/")
        self.writes("Fødselsnummer eller d-nummer", number)
        self.presses("Finn innbyggeren")

    def books(
        self, starts: datetime, *, theme: str, kind: str = "Dialogmøte", doctor: tuple[str, str, str] | None = None
    ) -> str:
        """A video meeting with whom they found; the meeting's address. `doctor`: name, e-mail, number."""
        self.page.get_by_label("Møtetype").select_option(label=kind)
        self.chooses("Videomøte")
        self.writes("Dato", starts.strftime("%Y-%m-%d"))
        self.writes("Klokkeslett", starts.strftime("%H:%M"))
        self.writes("Varighet i minutter", "45")
        self.writes("Hva møtet handler om", theme)
        self.writes("Hensikt med møtet", "Vi ser på hva som hindrer deg i å jobbe mer.")
        self.writes("Forberedelser", "Ta med planen din.")
        self.page.get_by_label("Innbyggeren må vise gyldig legitimasjon").check(force=True)
        if doctor is not None:
            self._brings(*doctor)
        self.shot("booking")
        self.presses("Bestill møtet")
        self.page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}/$"))
        return self.page.url

    def _brings(self, name: str, email: str, phone: str) -> None:
        """On the booking form itself; looked at before it is made."""
        self.presses("Legg til lege eller arbeidsgiver")
        there = self.page.get_by_role("group", name="Deltaker 1")
        there.get_by_role("radio", name="Lege", exact=True).check(force=True)
        for label, text in (("Navn", name), ("E-postadresse", email), ("Mobilnummer", phone)):
            there.get_by_label(label).fill(text)
        self.presses("Se hva som skjer")
        self.sees("Sendes på e-post når innbyggeren har sagt ja")
        self.shot("booking-rehearsed")

    def opens(self, address: str) -> None:
        self.goes_to(address)

    def adds(self, role: str, *, name: str, email: str, phone: str, theme: str = "") -> None:
        """A partner, from the meeting's page; looked at before it is done."""
        self.presses("Legg til lege eller arbeidsgiver")
        self.chooses(role)
        self.writes("Navn", name)
        self.writes("E-postadresse", email)
        self.writes("Mobilnummer", phone)
        if theme:
            self.writes("Hva møtet handler om", theme)
        self.page.get_by_label("Hvorfor?").select_option(index=1)
        self.presses("Se hva som skjer")
        self.sees("Dette skjer")
        self.shot(f"adds-{role.lower()}")
        self.presses("Legg til", exact=True)
        self.sees("Deltakeren er lagt til")

    def lets_in(self, name: str) -> None:
        """From the panel, whoever gave this name."""
        row = self.page.get_by_role("article").filter(has_text=name)
        row.get_by_role("button", name="Slipp inn", exact=True).click()
        expect(self.page.get_by_role("region", name="Sluppet inn")).to_contain_text(name, timeout=PATIENCE)


class Citizen(Person):
    def __init__(self, browser: Browser, ports: Ports) -> None:
        super().__init__(browser, PHONE, "citizen")
        self.home = ports.citizen_url
        self.ditt_nav = ports.stand_in_url("ditt_nav")

    def logs_in_at_ditt_nav(self, given_name: str) -> None:
        self.goes_to(f"{self.ditt_nav}/login")
        self.presses(given_name)
        self.sees("Varsler")

    def looks_at_ditt_nav(self) -> None:
        self.goes_to(f"{self.ditt_nav}/")


class Partner(Person):
    """A doctor or an employer: an inbox and a phone at the stand-in for Altinn, and no login at Nav."""

    def __init__(self, browser: Browser, ports: Ports, name: str, *, email: str, phone: str) -> None:
        super().__init__(browser, DESK, name)
        self.home = ports.citizen_url
        self._sent = ports.stand_in_url("altinn") + "/api/sent"
        self.email, self.phone = email, phone

    def received(self, to: str) -> list[dict[str, Any]]:
        return [one for one in httpx.get(self._sent, trust_env=False).json()["sent"] if one["to"] == to]

    def waits_for_mail(self, *, at_least: int = 1) -> dict[str, Any]:
        """The newest e-mail, once there are so many."""
        for _ in range(60):
            mails = self.received(self.email)
            if len(mails) >= at_least:
                return mails[-1]
            self.page.wait_for_timeout(1000)
        raise AssertionError(f"{self.name} got {len(self.received(self.email))} e-mails")

    def follows(self, mail: dict[str, Any]) -> None:
        """The link as it was sent, opened on this machine."""
        link = re.search(r"https://navmeet\.nav\.no(/i/[^\s]+/)", mail["body"])
        assert link is not None
        self.goes_to(self.home + link[1])

    def reads_with_a_code(self) -> None:
        self.presses("Send meg en kode")
        self.sees("Skriv koden")
        code = re.search(r"\b\d{6}\b", self.received(self.phone)[-1]["body"])
        assert code is not None
        self.page.get_by_role("textbox").first.fill(code[0])
        self.presses("Les invitasjonen")
        self.sees("Hvem du møter fra Nav")
