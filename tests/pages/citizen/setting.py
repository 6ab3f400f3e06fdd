"""One citizen, one meeting, and what their browser gets."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from invitations import links
from invitations.models import Invitation
from meetings import changes
from meetings.changes import Why
from meetings.models import Format, Meeting, Reason
from meetings.places import Place
from navmeet import clock
from navmeet.accounts import sessions
from navmeet.people.models import Person
from tests import make
from tests.meetings.test_changes import arguments, to

STARTS = datetime(2027, 1, 21, 9, 0, tzinfo=UTC)
ENDS = datetime(2027, 1, 21, 9, 45, tzinfo=UTC)
PLACES = {
    Format.VIDEO: Place(),
    Format.PHONE: Place(caller="NAV", phone="99112233"),
    Format.IN_PERSON: Place(address="Møteveien 5, 0002 Prøveby", room="Bjørka", directions="Ring på hos vakten."),
}
# What the bare link must never show, whatever the format.
SECRET = (
    "Veien videre",
    "Vi ser på planen",
    "Ta med planen",
    "Kari",
    "Ingrid",
    "Prøvesen",
    "99112233",
    "99 11 22 33",
    "Møteveien",
    "Bjørka",
    "hos vakten",
    "Oppfølgingssamtale",
)


class Visit:
    """A meeting and its citizen, seen through the pages."""

    def __init__(self, at: Callable[[datetime], None]) -> None:
        self.at = at
        self.person = make.citizen()
        self.meeting = self.book()

    def book(self, held: Format = Format.VIDEO, *, person: Person | None = None, **changed: Any) -> Meeting:
        self.meeting = make.meeting(person=person or self.person, format=held, place=PLACES[held], **changed)
        return self.meeting

    @property
    def invitation(self) -> Invitation:
        return Invitation.objects.get(participant__meeting=self.meeting, participant__person__isnull=False)

    def own(self, rest: str = "") -> str:
        return f"/my/{self.invitation.pk}/{rest}"

    def api(self, rest: str = "") -> str:
        return f"/api/v1/my/invitations/{self.invitation.pk}/{rest}"

    def link(self, rest: str = "") -> str:
        return links.path(self.invitation.pk) + rest

    def move(self) -> None:
        self.meeting = changes.move(**arguments(self.meeting, to=to(), place=None))

    def cancel(self) -> None:
        why = Why(Reason.PRACTICAL, "Jeg er blitt syk.")
        self.meeting = changes.cancel(**arguments(self.meeting, why=why))

    def browser(self, person: Person | None = None, *, language: str = "", careful: bool = False) -> Client:
        """Logged in at this moment as the citizen, or as somebody else."""
        session = SessionStore()
        actor = make.citizen_actor(person or self.person)
        sessions.begin(session, actor, name="Somebody", id_token="", at=clock.now(), language=language)
        session.save()
        client = Client(enforce_csrf_checks=careful)
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
        return client

    def answers(self, client: Client | None = None, **fields: Any) -> Any:
        values = {"kind": "COMING", "words": "", "revision": 1, **fields}
        return (client or self.browser()).post(self.own("answer/"), values)

    def chooses(self, client: Client | None = None, **fields: Any) -> Any:
        values = {"yes": "no", "text_version": "video-1", "language": "nb", **fields}
        return (client or self.browser()).post(self.own("choice/"), values)


def text(answer: Any) -> str:
    """What a person reads on the page."""
    page = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def steady(answer: Any) -> str:
    """The page without what is new each time: tokens against forgery, the nonce, the address that was asked."""
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', r"\1", answer.content.decode())
    return re.sub(r'name="next" value="[^"]*"', 'name="next"', page)
