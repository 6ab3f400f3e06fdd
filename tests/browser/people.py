"""The two at their screens: what they press and what they see, in their own words."""

import re
from datetime import datetime
from typing import Any

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

    def books(self, starts: datetime, *, theme: str) -> str:
        """A video meeting with whom they found; the meeting's address."""
        self.page.get_by_label("Møtetype").select_option(label="Dialogmøte")
        self.chooses("Videomøte")
        self.writes("Dato", starts.strftime("%Y-%m-%d"))
        self.writes("Klokkeslett", starts.strftime("%H:%M"))
        self.writes("Varighet i minutter", "45")
        self.writes("Hva møtet handler om", theme)
        self.writes("Hensikt med møtet", "Vi ser på hva som hindrer deg i å jobbe mer.")
        self.writes("Forberedelser", "Ta med planen din.")
        self.page.get_by_label("Innbyggeren må vise gyldig legitimasjon").check(force=True)
        self.shot("booking")
        self.presses("Bestill møtet")
        self.page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}/$"))
        return self.page.url

    def opens(self, address: str) -> None:
        self.goes_to(address)


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
