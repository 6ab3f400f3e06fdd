"""One house and one browser for all journeys of a run."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from navmeet.dev.servers.house import House
from navmeet.dev.servers.running import ROOT
from tests.browser.house import Clock, running

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def house_and_clock() -> Iterator[tuple[House, Clock]]:
    # Not below pytest's own temporary folder, which PostgreSQL's user may not enter.
    folder = ROOT / ".build" / "journey"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with running(folder) as both:
        yield both


# Ended with its module: one process can hold one of Playwright's loops at a time.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's own loop would make Django refuse the database to this thread.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
