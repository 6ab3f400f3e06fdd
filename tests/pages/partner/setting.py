"""One doctor, one meeting, and what their browser gets; codes are read where they are sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from invitations import bases, links
from invitations.invite import invite
from invitations.messages.outcomes import Accepted, Sent
from invitations.models import Consent, Invitation, PartnerCode
from meetings import partners as asked_for
from meetings.models import Format, Meeting, Participant, Role
from meetings.partners import PartnerInput
from tests import make
from tests.pages.citizen.setting import PLACES

PHONE = "+4749000012"
DOCTOR = PartnerInput(
    role=Role.DOCTOR,
    name="Lise Legesen",
    organisation="Fjordvik legesenter",
    email="lise@legesenter.example",
    phone=PHONE,
    theme="Tilrettelegging",
    purpose="Vi trenger din vurdering.",
    preparations="Ta med en oppdatert plan.",
)
EMPLOYER = PartnerInput(
    role=Role.EMPLOYER,
    name="Arne Sjefsen",
    organisation="Fjordvik fisk",
    email="arne@fisk.example",
    phone="+4749000034",
    theme="Arbeidsoppgavene framover",
)
# Nothing of this is ever a partner's to read, whoever they are.
OTHERS = ("Veien videre", "Vi ser på planen", "Ta med planen", "99112233", "99 11 22 33", "Oppfølgingssamtale")


@dataclass
class Phones:
    """What was sent by SMS, and what the platform says to the next."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    answer: Sent = field(default_factory=lambda: Accepted("order", "shipment"))

    def send(self, key: UUID, phone: str, body: str, time_to_live: int) -> Sent:
        self.sent.append((phone, body))
        return self.answer

    def code(self) -> str:
        """The newest."""
        found = re.search(r"\b\d{6}\b", self.sent[-1][1])
        assert found
        return found[0]


def add(meeting: Meeting, partner: PartnerInput, *, released: bool = True) -> Participant:
    """The partner as a participant of the meeting with an invitation; released by the citizen unless told otherwise."""
    participant = asked_for.store(meeting, partner, at=make.NOW)
    invite(participant, make.NOW)
    if released:
        release(participant, said_yes=True)
    return participant


def release(participant: Participant, *, said_yes: bool, at: datetime = make.NOW) -> None:
    citizen = participant.meeting.citizen()
    kept = Consent(
        person=citizen.person,
        meeting=participant.meeting,
        purpose=Consent.Purpose.PARTNER_TAKES_PART,
        recipient=participant,
        said_yes=said_yes,
        text_version="partner-1",
        text_language="nb",
        given=Consent.Given.PAGE,
        given_by=participant.meeting.citizen_id(),
        given_at=at,
    )
    kept.text_shown = f"Kan {bases.who(participant.contact)} delta i møtet?"
    kept.save()


class Partnership:
    """A meeting, its doctor, and what is seen through the pages."""

    def __init__(self, at: Callable[[datetime], None], phones: Phones) -> None:
        self.at, self.phones = at, phones
        self.person = make.citizen()
        self.book()

    def book(self, held: Format = Format.VIDEO, partner: PartnerInput = DOCTOR, **changed: Any) -> Invitation:
        place = changed.pop("place", PLACES[held])
        person = changed.pop("person", self.person)
        self.meeting = make.meeting(person=person, format=held, place=place, **changed)
        self.participant = add(self.meeting, partner)
        self.invitation = Invitation.objects.get(participant=self.participant)
        return self.invitation

    def link(self, rest: str = "") -> str:
        return links.path(self.invitation.pk) + rest

    def ask(self, client: Client | None = None) -> Any:
        return (client or Client()).post(self.link("code/"))

    def type(self, client: Client, code: str) -> Any:
        return client.post(self.link("code/check/"), {"code": code})

    def reader(self) -> Client:
        """A browser in which the code has been typed."""
        client = Client()
        self.ask(client)
        answer = self.type(client, self.phones.code())
        assert answer.status_code == 302, answer.content.decode()
        return client

    def answers(self, client: Client, **fields: Any) -> Any:
        values = {"kind": "COMING", "words": "", "revision": 1, **fields}
        return client.post(self.link("read/answer/"), values)


def session_key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def forget_asking(invitation: Invitation) -> None:
    """As if the last code was asked for long ago."""
    PartnerCode.objects.filter(invitation=invitation).update(sent_at=None, sent_count=0)


def plain(answer: Any) -> str:
    """A whole page as one line of words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
