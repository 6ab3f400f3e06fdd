"""The living page in a real browser: nothing that axe or the CSP objects to, and scripts that keep what was written."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = ("/", "/meetings/new/", "/wrong/", "/my/", "/editor/", "/error/404/", "/error/session_lost/", "/error/500/")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]

pytestmark = pytest.mark.xdist_group("look-browser")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.look.living", str(port)],
        cwd=ROOT,
        env={**os.environ, "NAVMEET_MODE": "test"},
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nb-NO")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_breaks_no_rule_of_access_or_csp_and_fits_320_pixels(address: str, page: Page, path: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address + path)
    assert complaints == []
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate(
        "tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))", tags
    )
    assert found == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_error_summary_has_the_focus_and_its_links_lead_to_the_fields(address: str, page: Page) -> None:
    page.goto(address + "/wrong/")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Velg noe under «Møteform».").click()
    expect(page.locator("#id_format_0")).to_be_focused()


def test_the_counter_says_what_is_left_and_what_is_too_much(address: str, page: Page) -> None:
    page.goto(address + "/meetings/new/")
    limit = page.locator("#id_purpose_limit")
    expect(limit).to_have_text("Du kan skrive inntil 500 tegn.")
    page.locator("#id_purpose").fill("å" * 498 + "\n")
    expect(limit).to_have_text("0 tegn igjen")
    page.locator("#id_purpose").fill("å" * 503)
    expect(limit).to_have_text("3 tegn for mye")


def test_a_form_pressed_twice_is_sent_once_and_can_be_sent_again_after_going_back(address: str, page: Page) -> None:
    sent: list[str] = []

    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
            time.sleep(0.3)
        route.continue_()

    page.route("**/meetings/new/", slowly)
    page.goto(address + "/meetings/new/")
    page.evaluate("const b = document.querySelector('main button'); b.click(); b.click(); b.click();")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    assert len(sent) == 1
    page.go_back()
    page.get_by_role("button", name="Bestill møtet").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    assert len(sent) == 2


@pytest.mark.parametrize(
    ("text", "status", "problem"),
    [
        ("Vi ble enige", "Lagret kl.", ""),
        ("401 borte", "Ikke lagret. Du er logget ut.", "Teksten står fortsatt her"),
        ("409 endret", "Ikke lagret. Referatet er endret av noen andre.", "Teksten din står fortsatt her"),
        ("412 endret", "Ikke lagret. Referatet er endret av noen andre.", "Teksten din står fortsatt her"),
        ("422 nei", "Ikke lagret. Se hva som må rettes.", "Rett det"),
        ("500 nei", "Ikke lagret. Prøv igjen.", ""),
    ],
)
def test_autosave_says_what_became_of_the_text_and_keeps_it(
    address: str, page: Page, text: str, status: str, problem: str
) -> None:
    page.goto(address + "/editor/")
    page.locator("#agreed").press_sequentially(text)
    expect(page.locator("[data-autosave-status]")).to_contain_text(status, timeout=6000)
    expect(page.locator("[data-autosave-problem]")).to_contain_text(problem)
    assert page.locator("#agreed").input_value() == text
    assert page.locator("[name=version]").input_value() == ("2" if status.startswith("Lagret") else "1")


def test_autosave_takes_the_new_token_after_logging_in_elsewhere(address: str, page: Page) -> None:
    tokens: list[str] = []

    def first_logged_out(route: Route) -> None:
        tokens.append(route.request.headers["x-csrftoken"])
        if len(tokens) == 1:
            route.fulfill(status=401, json={})
        else:
            route.continue_()

    page.route("**/autosave/", first_logged_out)
    page.goto(address + "/editor/")
    page.locator("#agreed").press_sequentially("Vi ble enige")
    expect(page.get_by_role("link", name="Logg inn (åpnes i en ny fane)")).to_be_visible(timeout=6000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Lagret kl.", timeout=6000)
    assert len(set(tokens)) == 2
    assert page.get_by_role("link", name="Logg inn (åpnes i en ny fane)").count() == 0


def test_autosave_tries_again_when_the_network_is_back(address: str, page: Page) -> None:
    page.goto(address + "/editor/")
    page.context.set_offline(True)
    page.locator("#agreed").press_sequentially("Skrevet uten nett")
    expect(page.locator("[data-autosave-status]")).to_have_text("Ikke lagret. Prøv igjen.", timeout=6000)
    page.context.set_offline(False)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Lagret kl.", timeout=8000)
