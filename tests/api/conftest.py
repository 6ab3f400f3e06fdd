"""The API as callers meet it: both surfaces, people logged in, the registers answering over real HTTP."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from invitations.models import Invitation
from meetings import starting_types
from meetings.models import Meeting
from navmeet import clock
from navmeet.accounts import sessions
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.models import User
from navmeet.dev import personas
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]


@dataclass
class World:
    """Ingrid (0299) has booked Kari; Jonas is her colleague; the stranger is of another office; Ola another citizen."""

    meeting: Meeting
    invitation: Invitation
    person: Person
    actors: dict[str, Actor]
    set_clock: Callable[[datetime], None]
    client_of: Callable[[Actor], Client]

    def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """As `who`; a body is sent as JSON, a string or bytes as they are."""
        content = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        client = self.client_of(self.actors[who])
        return client.generic(method, path, content, content_type="application/json", headers=headers, secure=True)


@pytest.fixture
def set_clock(settings: Settings, tmp_path: Path) -> Callable[[datetime], None]:
    settings.CLOCK_FILE = str(tmp_path / "clock")

    def set_to(moment: datetime) -> None:
        (tmp_path / "clock").write_text(moment.isoformat(), encoding="ascii")

    set_to(make.NOW)
    return set_to


@pytest.fixture
def client_of(settings: Settings) -> Iterator[Callable[[Actor], Client]]:
    """A client of somebody logged in; the process serves the surface of whoever asked last."""

    clients: dict[tuple[Actor, datetime], Client] = {}

    def log_in(by: Actor) -> Client:
        surface = "citizen" if by.kind == ActorKind.CITIZEN else "staff"
        if surface != settings.SURFACE or f"navmeet.urls.{surface}" != settings.ROOT_URLCONF:
            settings.SURFACE, settings.ROOT_URLCONF = surface, f"navmeet.urls.{surface}"
            clear_url_caches()
        key = (by, clock.now())
        if key not in clients:
            clients[key] = _logged_in(by, clock.now())
        return clients[key]

    yield log_in
    clear_url_caches()


def _logged_in(by: Actor, at: datetime) -> Client:
    session = SessionStore()
    sessions.begin(session, by, name="Somebody", id_token="", at=at)
    session.save()
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def _user(who: personas.Caseworker, office: str) -> User:
    make.office(office)
    user = User(nav_ident=who.nav_ident, office=office, is_caseworker=True, last_login_at=make.NOW)
    user.name = who.name
    user.save()
    return user


@pytest.fixture
def world(
    db: None,
    registers: RunningRegisters,
    set_clock: Callable[[datetime], None],
    client_of: Callable[[Actor], Client],
) -> World:
    ingrid, jonas, amina = personas.CASEWORKERS
    kari, ola = personas.CITIZENS[:2]
    starting_types.load()
    host = _user(ingrid, make.OFFICE)
    person = make.citizen(kari.name, number=kari.number)
    other = make.citizen(ola.name, number=ola.number)
    meeting = make.meeting(host, person)
    adviser = make.actor(_user(personas.ADVISERS[0], "4100"))
    return World(
        meeting=meeting,
        invitation=Invitation.objects.get(participant__meeting=meeting),
        person=person,
        actors={
            "host": make.actor(host),
            "colleague": make.actor(_user(jonas, make.OFFICE)),
            "stranger": make.actor(_user(amina, "0301")),
            "adviser": Actor(kind=ActorKind.ADVISER, id=adviser.id, office=adviser.office, nav_ident=adviser.nav_ident),
            "citizen": make.citizen_actor(person, Level.HIGH),
            "citizen, substantial": make.citizen_actor(person, Level.SUBSTANTIAL),
            "other citizen": make.citizen_actor(other, Level.HIGH),
        },
        set_clock=set_clock,
        client_of=client_of,
    )
