"""The door's pages at either surface, at a time when the door is open."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from invitations import links
from navmeet.accounts import sessions
from navmeet.accounts.actor import Actor
from navmeet.dev.registers import RunningRegisters
from tests.invitations.door.conftest import World
from tests.pages.staff.setting import INGRID, KARI, person, user
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]


class Pages:
    """A world, and browsers in it."""

    def __init__(self, world: World, at: Callable[[datetime], None]) -> None:
        self.world, self.at = world, at
        self.now = world.at
        at(world.at)

    def link(self, rest: str = "") -> str:
        return links.path(self.world.invitation.pk) + rest

    def door(self, rest: str = "") -> str:
        return f"/meetings/{self.world.meeting.pk}/door/{rest}"

    def log_in(self, by: Actor, name: str) -> Client:
        session, client = SessionStore(), Client()
        sessions.begin(session, by, name=name, id_token="", at=self.now)
        session.save()
        client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key or ""
        return client

    def host(self) -> Client:
        return self.log_in(self.world.by, INGRID.name)

    def waits(self, name: str = "Kari") -> Client:
        """A browser with the bare link, in the waiting room."""
        client = Client()
        assert client.post(self.link("enter/"), {"name": name}).status_code == 302
        return client


@pytest.fixture
def at(settings: Settings, tmp_path: Path) -> Callable[[datetime], None]:
    settings.CLOCK_FILE = str(tmp_path / "clock")

    def set_to(moment: datetime) -> None:
        (tmp_path / "clock").write_text(moment.isoformat(), encoding="ascii")

    return set_to


@pytest.fixture
def surface(settings: Settings) -> Iterator[Callable[[str], None]]:
    def choose(name: str) -> None:
        settings.SURFACE, settings.ROOT_URLCONF = name, f"navmeet.urls.{name}"
        clear_url_caches()

    choose("citizen")
    yield choose
    clear_url_caches()


@pytest.fixture
def pages(db: None, at: Callable[[datetime], None], surface: Callable[[str], None]) -> Pages:
    return Pages(world(), at)


@pytest.fixture
def staff(
    db: None, at: Callable[[datetime], None], surface: Callable[[str], None], registers: RunningRegisters
) -> Pages:
    """The same at the staff surface, with the registers there."""
    surface("staff")
    return Pages(world(), at)


def world() -> World:
    from tests import make

    host, citizen = user(INGRID), person(KARI.number)
    return World(host=host, person=citizen, meeting=make.meeting(host, citizen))
