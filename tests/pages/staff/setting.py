"""Caseworkers of the personas, logged in at the staff surface, and the citizens the registers know."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.test import Client

from navmeet.accounts import sessions
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.models import User
from navmeet.dev.personas import CASEWORKERS, CITIZENS, Caseworker
from navmeet.people.models import Person, Protection
from tests import make

INGRID, JONAS, AMINA = CASEWORKERS
KARI, OLA, SIGRID, JOHN, TURID, PER, ANNE, BJORN = CITIZENS


class Clock:
    """What time it is for the pages."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(make.NOW)

    def set(self, moment: datetime) -> None:
        self.file.write_text(moment.isoformat(), encoding="ascii")


def user(who: Caseworker, office: str = make.OFFICE) -> User:
    make.office(office)
    found = User.objects.filter(nav_ident=who.nav_ident).first()
    if found is None:
        found = User(nav_ident=who.nav_ident, office=office, is_caseworker=True, last_login_at=make.NOW)
        found.name = who.name
        found.save()
    return found


def actor(who: Caseworker, office: str = make.OFFICE, kind: ActorKind = ActorKind.CASEWORKER) -> Actor:
    return Actor(
        kind=kind,
        id=user(who, office).pk,
        office=office,
        groups=frozenset(who.groups),
        nav_ident=who.nav_ident,
    )


def log_in(by: Actor, name: str, at: datetime = make.NOW) -> Client:
    client = Client()
    session = client.session
    sessions.begin(session, by, name=name, id_token="none", at=at)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def person(number: str) -> Person:
    """The persona with this number, as ours."""
    who = next(one for one in CITIZENS if one.number == number)
    return make.citizen(who.name, number=number, protection=Protection(who.protection))
