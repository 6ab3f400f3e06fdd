"""Both surfaces with somebody logged in, the access machine and the contact register answering over real HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from pytest_django import Settings

from navmeet.accounts import sessions
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.dev import personas
from navmeet.dev.registers import RunningRegisters
from tests import make
from tests.minutes.setting import AFTER, Held, join
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]


@dataclass
class World(Held):
    """A held meeting, seen from outside."""

    registers: RunningRegisters
    at: Callable[[datetime], None]
    client_of: Callable[[Actor, str], Client]
    colleague: Actor
    bystander: Actor
    stranger: Actor

    def staff(self, by: Actor | None = None) -> Client:
        return self.client_of(by or self.by, "staff")

    def citizen(self, by: Actor | None = None) -> Client:
        return self.client_of(by or self.reader, "citizen")


@pytest.fixture
def at(settings: Settings, tmp_path: Path) -> Callable[[datetime], None]:
    """What time it is."""
    settings.CLOCK_FILE = str(tmp_path / "clock")

    def set_to(moment: datetime) -> None:
        (tmp_path / "clock").write_text(moment.isoformat(), encoding="ascii")

    set_to(AFTER)
    return set_to


@pytest.fixture
def client_of(settings: Settings, at: Callable[[datetime], None]) -> Callable[[Actor, str], Client]:
    """A browser of somebody logged in. The process serves the surface that was asked for last."""

    def log_in(by: Actor, surface: str) -> Client:
        settings.SURFACE, settings.ROOT_URLCONF = surface, f"navmeet.urls.{surface}"
        session = SessionStore()
        sessions.begin(session, by, name="Somebody", id_token="", at=AFTER)
        session.save()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
        return client

    return log_in


@pytest.fixture
def world(
    db: None,
    registers: RunningRegisters,
    at: Callable[[datetime], None],
    client_of: Callable[[Actor, str], Client],
) -> World:
    """Ingrid and Jonas have met Kari; the bystander is of their office; the stranger belongs to another."""
    make.office()
    ingrid, jonas = [_user(persona) for persona in personas.CASEWORKERS[:2]]
    kari = personas.CITIZENS[0]
    person = make.citizen(kari.name, number=kari.number)
    meeting = make.meeting(ingrid, person)
    return World(
        meeting=meeting,
        user=ingrid,
        by=make.actor(ingrid),
        person=person,
        registers=registers,
        at=at,
        client_of=client_of,
        colleague=join(meeting, jonas),
        bystander=make.actor(_user(personas.CASEWORKERS[2])),
        stranger=make.actor(make.caseworker(office_number="0301")),
    )


def _user(persona: personas.Caseworker) -> User:
    user = User(nav_ident=persona.nav_ident, office=persona.office, is_caseworker=True, last_login_at=make.NOW)
    user.name = persona.name
    user.save()
    return user
