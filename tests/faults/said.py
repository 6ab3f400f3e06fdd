"""Messages at random, of meetings whose people, places and titles are called anything; and what is found of them.

Each is built by what the sender builds it with, from rows that are in no database, and read by the receiver's own
rules, which share nothing with ours.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from invitations.messages import ditt_nav, emails, notification, sayable, texts, told
from invitations.messages.partner_channel import Mail
from invitations.messages.registers_now import Known
from invitations.messages.texts import sms_to_partners
from invitations.models import Channel, Invitation, Message, Occasion
from meetings.models import Format, Meeting, MeetingType, Participant, PartnerContact, Revision, Role
from navmeet.accounts.models import User
from navmeet.dev import ditt_nav_rules
from navmeet.dev.altinn import checks
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.texts_of_all import told_of

# What broke systems like this one, and what reads as a link, a number, a placeholder or a command.
NASTY: Final = (
    *("Bo.no", "12.mars", "møtet.vi", "nav.no", "https://evil.example/x", "www.nav.no/i/x", "a@b.no"),
    *("Kari 😀", "👩\u200d👧", "{when}", "{0}", "{", "%s", "\x00", "\u202eKari", "\ufeff", "\n", " ", "<b>x</b>"),
    *("Nav", "møte", "null", "None", "12838410047", "22 22 22 22", "55 55 33 33", "Kåre-Øyvind Æsj", "O'Hara", "名字"),
    *("x" * 100, "å" * 160, "é" * 500),
)
PLAIN: Final = "Kari Testperson"
# The nights that have an hour twice, and one hour too few.
NIGHTS: Final = (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC))
FIRST_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES: Final = 10 * 366 * 24 * 60
# One id for all rows: a message of one meeting is the same as of another that differs in names alone.
_ID: Final = UUID(int=7)
PEOPLE: Final = (Role.CITIZEN, Role.DOCTOR, Role.EMPLOYER)


@dataclass(frozen=True)
class Called:
    """What everybody and everything of a meeting is called."""

    citizen: str = PLAIN
    host: str = PLAIN
    partner: str = PLAIN
    organisation: str = PLAIN
    place: str = PLAIN
    title: str = PLAIN
    theme: str = PLAIN


@dataclass(frozen=True)
class Case:
    """One message, and what it is about. `ident` is whose."""

    role: Role
    occasion: Occasion
    step: str
    language: str
    held: Format
    was_held: Format
    starts_at: datetime
    was_at: datetime
    ahead: timedelta
    other_place: bool
    knows: bool
    waits: bool
    is_strictly_protected: bool
    ident: str
    called: Called


@dataclass
class Found:
    """Counts; `first` is a case of each kind of failure. `put_off`: how many have an SMS that waits for the morning."""

    n: int = 0
    put_off: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, Case] = field(default_factory=dict)

    def add(self, what: str, case: Case) -> None:
        self.counts[what] += 1
        self.first.setdefault(what, case)


def at_random(n: int, seed: int = 1) -> Iterator[Case]:
    """The same for the same seed."""
    draw = Random(seed)
    for serial in range(n):
        yield _case(draw, serial)


def look_at(cases: Iterator[Case]) -> Found:
    """Built, read by both rules, and held against the same of a meeting where everything is called something plain."""
    found = Found()
    for case in cases:
        found.n += 1
        try:
            said = _of_citizen(case) if case.role == Role.CITIZEN else _to_partner(case)
            plain = replace(case, called=Called())
            of_plain = _of_citizen(plain) if case.role == Role.CITIZEN else _to_partner(plain)
        except texts.CannotBeSaid:
            found.add("refused by ours", case)
            continue
        found.put_off += "utsettSendingTil" in said.get("eksternVarsling", {})
        if _refused(said):
            found.add("refused by theirs", case)
        if said != of_plain:
            found.add("says what somebody or something is called", case)
        if case.ident in _words(said) or any(len(run) > 4 for run in _digits(_words(said))):
            found.add("has a number", case)
    return found


def _case(draw: Random, serial: int) -> Case:
    role = draw.choice((Role.CITIZEN, *PEOPLE))
    occasion, step = draw.choice(told_of(to_partner=role != Role.CITIZEN))
    held = draw.choice(list(Format))
    starts_at = _moment(draw)
    return Case(
        role=role,
        occasion=occasion,
        step=step,
        language=draw.choice(texts.LANGUAGES),
        held=held,
        was_held=draw.choice((held, *Format)),
        starts_at=starts_at,
        was_at=draw.choice((starts_at, starts_at, _moment(draw))),
        ahead=timedelta(days=draw.choice((0, 1, 7) if occasion == Occasion.REMINDER else (0, 1, 30, 299, 320, 700))),
        other_place=draw.random() < 0.5,
        knows=draw.random() < 0.8,
        waits=draw.random() < 0.3,
        is_strictly_protected=draw.random() < 0.1,
        ident=make.identity_number(serial % 5000),
        called=Called(*(_name(draw) for _ in range(7))),
    )


def _moment(draw: Random) -> datetime:
    if draw.random() < 0.1:
        return draw.choice(NIGHTS) + timedelta(minutes=15 * draw.randrange(12))
    return FIRST_DAY + timedelta(minutes=draw.randrange(MINUTES))


def _name(draw: Random) -> str:
    if draw.random() < 0.6:
        return draw.choice(NASTY)
    ranges = ((32, 127), (160, 0xD800), (0x1F300, 0x1FAFF))
    return "".join(chr(draw.randrange(*draw.choice(ranges))) for _ in range(draw.randrange(1, 40)))


def _of_citizen(case: Case) -> dict[str, Any]:
    """The event, as it goes on the topic."""
    message, facts = _message(case, Channel.DITT_NAV)
    known = Known(case.ident, can_be_told=True, is_deceased=False, is_strictly_protected=case.is_strictly_protected)
    event = notification.build(message, facts, known, message.due_at).event
    read: dict[str, Any] = json.loads(ditt_nav.encode(event))
    return read


def _to_partner(case: Case) -> dict[str, Any]:
    """The orders as they go to Altinn: of an e-mail, and of the SMS that may follow it. The link is whoever's."""
    message, facts = _message(case, Channel.EMAIL)
    mail = emails.build(message, facts).mail
    assert isinstance(mail, Mail)
    words = {"subject": mail.subject, "body": mail.body, "contentType": "Plain"}
    order: dict[str, Any] = {
        "email": {
            "idempotencyId": "1",
            "recipientEmail": {"emailAddress": mail.address, "emailSettings": words},
        }
    }
    if case.occasion in sms_to_partners.OCCASIONS:
        sms = {"sender": "Nav", "body": sayable.of_sms(message, facts).sms}
        phone = {"phoneNumber": "+4749000000", "timeToLiveInSeconds": 3600, "smsSettings": sms}
        order["sms"] = {"idempotencyId": "1", "recipientSms": phone}
    return order


def _refused(said: dict[str, Any]) -> bool:
    if "email" not in said:
        return bool(ditt_nav_rules.refusals(said))
    return bool(checks.email(said["email"]) or ("sms" in said and checks.sms(said["sms"])))


def _words(said: dict[str, Any]) -> str:
    """All that a person reads, and no address."""
    if "email" not in said:
        outside = said.get("eksternVarsling", {})
        told_outside = [value for value in outside.values() if isinstance(value, str)]
        return "\n".join([one["tekst"] for one in said["tekster"]] + told_outside)
    words = said["email"]["recipientEmail"]["emailSettings"]
    sms = said["sms"]["recipientSms"]["smsSettings"]["body"] if "sms" in said else ""
    without_link = "\n".join(line for line in words["body"].splitlines() if not line.startswith("https://"))
    return f"{words['subject']}\n{without_link}\n{sms}"


def _digits(words: str) -> list[str]:
    """Runs of digits, the number to ring aside."""
    left = "".join(sign if sign.isdigit() else " " for sign in words.replace("55 55 33 33", ""))
    return left.split()


def _message(case: Case, channel: Channel) -> tuple[Message, texts.Facts]:
    """As the sender has it in hand, with what it knows of before."""
    meeting, before, now = _meeting(case)
    participant = _participant(case, meeting)
    message = Message(
        id=_ID,
        key=_ID,
        meeting=meeting,
        participant=participant,
        occasion=case.occasion,
        step=case.step,
        about_id=now.pk,
        about_number=now.number,
        channel=channel,
        language=case.language,
        due_at=case.starts_at - case.ahead,
        not_after=meeting.ends_at,
        active_until=meeting.ends_at + timedelta(hours=1),
    )
    was = None
    if case.knows and case.occasion in told.OF_BEFORE:
        earlier = Meeting(starts_at=before.starts_at, ends_at=before.ends_at, format=before.format)
        was = told.picture(participant, earlier, before, [participant])
    revisions = {(meeting.pk, before.number): before, (meeting.pk, now.number): now}
    return message, notification.facts_for(message, revisions, was, waits=case.waits)


def _meeting(case: Case) -> tuple[Meeting, Revision, Revision]:
    called, length = case.called, timedelta(minutes=45)
    names = dict.fromkeys(texts.LANGUAGES, called.title)
    host = User(office="0299")
    host.name = called.host
    meeting = Meeting(
        id=_ID,
        type=MeetingType(code="X", names=names),
        host=host,
        format=case.held,
        starts_at=case.starts_at,
        ends_at=case.starts_at + length,
        revision_number=2,
    )
    before = Revision(id=_ID, meeting=meeting, number=1, format=case.was_held, starts_at=case.was_at)
    now = Revision(id=_ID, meeting=meeting, number=2, format=case.held, starts_at=case.starts_at)
    before.ends_at, now.ends_at = before.starts_at + length, meeting.ends_at
    for one, place in ((before, called.place), (now, called.place + "2" * case.other_place)):
        one.address, one.room, one.directions, one.phone = place, place, place, place
    return meeting, before, now


def _participant(case: Case, meeting: Meeting) -> Participant:
    called = case.called
    participant = Participant(id=_ID, meeting=meeting, role=case.role, language=case.language)
    participant.theme = participant.purpose = participant.preparations = called.theme
    Invitation(id=_ID, participant=participant)
    if case.role == Role.CITIZEN:
        participant.person = Person(id=_ID)
        participant.person.name = called.citizen
        return participant
    contact = PartnerContact(id=_ID, participant=participant)
    contact.name, contact.organisation = called.partner, called.organisation
    contact.email, contact.phone = "lise@legesenter.example", "+4749000000"
    return participant
