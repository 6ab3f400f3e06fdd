"""Texts that no receiver would take: found when planned, or as they leave; never sent otherwise, never silent."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from invitations import attendance, repairing
from invitations.messages import min_side_rules, plain
from invitations.messages.log import message_log
from invitations.messages.send import Swept
from invitations.messages.texts import bokmal, to_partners
from invitations.messages.texts.words import Kind, Words
from invitations.models import Because, Message, Occasion
from meetings import booking, changes, details, starting_types
from meetings.models import Format, Meeting, Participant, Reason, Task
from meetings.places import Place
from meetings.texts import CitizenTexts
from navmeet.change import rehearse
from navmeet.dev.ditt_nav_rules import refusals
from navmeet.exceptions import Conflict
from navmeet.pages.staff import words as page_words
from navmeet.people.clearance import Clearance
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.sentences import say, standing
from tests.invitations.messages.test_telling import _move, cancel

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
Patch = pytest.MonkeyPatch
NOW = make.NOW
EMOJI = "😀"
PLAIN = bokmal.WORDS[Kind.PLAIN_INVITED].ditt_nav
# How long the invitation's SMS is but for what is put behind it: "… Hilsen Nav" and the day.
ROOM = 160 - min_side_rules.utf16_length(
    bokmal.WORDS[Kind.INVITED].sms.format(when="torsdag 21. januar kl. 10.00", meeting="", how="")
)


def longer(more: str) -> dict[str, str]:
    return {"sms": bokmal.WORDS[Kind.INVITED].sms + more}


def state(meeting: Meeting, occasion: str = Occasion.INVITED) -> tuple[str, str]:
    message = Message.objects.filter(meeting=meeting, occasion=occasion).exclude(step="PLAIN").latest("pk")
    return message.state, message.why


def tasks(meeting: Meeting) -> list[str]:
    return [page_words.task(one) for one in Task.objects.filter(meeting=meeting, done_at=None).order_by("pk")]


def logged(meeting: Meeting, occasion: str = Occasion.INVITED) -> str:
    return next(line.words for line in message_log(meeting, NOW) if line.occasion == occasion)


# Each is refused by one rule; in the same place one less, or one beside it, is taken.
BAD: dict[str, dict[str, str]] = {
    "161 units": longer("x" * (ROOM + 1)),
    "161 units by an emoji": longer("x" * (ROOM - 1) + EMOJI),
    "a placeholder without a value": longer(" {name}"),
    "a placeholder without a name": longer(" {}"),
    "a brace that is left open": longer(" {when"),
    "a name with a full stop": longer(" Bo.no"),
    "a full stop without a space": {"sms": "Hei! Les om møtet.vi ses {when}."},
    "our own address": {"body": "Logg inn på nav.no. Du har et møte {when}."},
    "a title of 41": {"title": "x" * 41},
    "nothing": {"sms": " "},
    "501 on the page": {"ditt_nav": "x" * 501},
}
GOOD: dict[str, dict[str, str]] = {
    "160 units": longer("x" * ROOM),
    "160 units by an emoji": longer("x" * (ROOM - 2) + EMOJI),
    "a full stop with a space": {"sms": "Hei! Les om møtet. Vi ses {when}."},
    "a title of 40 with an address": {"title": "Bo.no" + "x" * 35},
    "500 on the page": {"ditt_nav": "x" * 500},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_min_side_would_drop_is_never_planned_and_is_a_task_at_once(
    kari: Person, sweep: Sweep, topic: FakeTopic, monkeypatch: Patch, bad: dict[str, str]
) -> None:
    say(monkeypatch, Kind.INVITED, **bad)
    meeting = make.meeting(person=kari)
    assert state(meeting) == ("FAILED", "REFUSED_BY_RULES")
    assert tasks(meeting) == ["Ring innbyggeren og fortell om møtet. Varselet på Min side ble ikke tatt imot."]
    assert logged(meeting) == "Ikke sendt: mottakssystemet tar ikke imot teksten"
    assert sweep(NOW).sent == 1
    assert standing(topic) == [PLAIN]
    assert "eksternVarsling" not in topic.shown()[0]
    # The others are planned, and leave.
    assert state(meeting, Occasion.REMINDER) == ("PLANNED", "")


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_went_bad_after_it_was_planned_fails_as_it_leaves_and_holds_up_nobody(
    kari: Person, sweep: Sweep, topic: FakeTopic, monkeypatch: Patch, bad: dict[str, str]
) -> None:
    other = make.meeting(person=kari)
    sweep(NOW)
    meeting = make.meeting(other.host, kari, day=date(2027, 1, 28))
    cancel(other, NOW)
    say(monkeypatch, Kind.INVITED, **bad)
    swept = sweep(NOW)
    assert (swept.sent, swept.not_sent) == (1, 1)
    assert state(meeting) == ("FAILED", "REFUSED_BY_RULES")
    assert state(other, Occasion.CANCELLED) == ("SENT", "")
    sweep(NOW)
    assert PLAIN in standing(topic)
    assert topic.refused == []
    assert tasks(meeting) == ["Ring innbyggeren og fortell om møtet. Varselet på Min side ble ikke tatt imot."]
    assert logged(meeting) == "Ikke sendt: mottakssystemet tar ikke imot teksten"


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD)
def test_what_is_just_within_the_rules_is_sent(
    kari: Person, sweep: Sweep, topic: FakeTopic, monkeypatch: Patch, good: dict[str, str]
) -> None:
    say(monkeypatch, Kind.INVITED, **good)
    meeting = make.meeting(person=kari)
    sweep(NOW)
    assert state(meeting) == ("SENT", "")
    assert refusals(topic.shown()[0]) == []


def test_an_email_that_would_lead_elsewhere_is_never_planned(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, monkeypatch: Patch
) -> None:
    was = to_partners.BOKMAL[Kind.INVITED]
    bad = Words(title=was.title, body=was.body + " https://navmeet.example/i/x/")
    monkeypatch.setitem(to_partners.BOKMAL, Kind.INVITED, bad)
    meeting = make.meeting(person=kari, type_code="DIALOGUE")
    doctor = make.partner(meeting)

    def told() -> dict[str, tuple[str, str]]:
        found = Message.objects.filter(participant=doctor, occasion=Occasion.INVITED)
        return {one.channel: (one.state, one.why) for one in found}

    assert told() == {"EMAIL": ("FAILED", "REFUSED_BY_RULES"), "SMS": ("PLANNED", "")}
    sweep(NOW)
    # The next channel, at once: no e-mail of it, and an SMS with words of its own.
    assert mailbox.mails == []
    assert told()["SMS"] == ("SENT", "")


@pytest.mark.usefixtures("in_any_language")
def test_a_language_without_words_is_never_sent_in_another_and_the_task_says_what_to_do(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, language="se")
    words = Message.objects.exclude(step="PLAIN")
    assert set(words.values_list("state", "why")) == {("FAILED", "NO_WORDS")}
    what_to_do = (
        "Velg et annet skriftspråk for innbyggeren, så sender vi varselet. Vi har ingen tekst på språket som er valgt, "
        "og bytter ikke av oss selv. Haster det, ring innbyggeren og fortell om møtet."
    )
    assert tasks(meeting)[0] == what_to_do
    assert logged(meeting) == "Ikke sendt: vi har ingen tekst på skriftspråket som er valgt"
    sweep(NOW)
    assert standing(topic) == [PLAIN]
    sweep(make.later(days=11))
    assert len(topic.shown()) == 1


@pytest.mark.usefixtures("in_any_language")
def test_once_another_language_is_chosen_all_of_it_is_sent_and_the_tasks_are_done(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, language="se")
    with pytest.raises(Conflict, match="ingen tekst på skriftspråket"):
        _again(meeting)
    _choose(meeting, "nn")
    assert tasks(meeting) == []
    sweep(NOW)
    [event] = topic.shown()
    assert event["eksternVarsling"]["smsVarslingstekst"].startswith("Hei! Du har fått eit møte")
    found = Message.objects.filter(meeting=meeting).exclude(step="PLAIN")
    assert set(found.values_list("occasion", "state", "language")) == {
        ("INVITED", "SENT", "nn"),
        ("REMINDER", "PLANNED", "nn"),
    }


@pytest.mark.usefixtures("in_any_language")
def test_the_words_take_the_place_of_plain_ones_that_stand_alone(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari, language="se")
    sweep(NOW)
    _choose(meeting, "nn")
    for _ in range(2):
        sweep(NOW)
        assert standing(topic), "at no instant is there nothing"
    (now,) = standing(topic)
    assert now.startswith("Du har fått et videomøte med Nav torsdag 21. januar")


@pytest.mark.usefixtures("in_any_language")
def test_a_move_of_what_was_only_said_in_plain_words_invites(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari, language="se")
    sweep(NOW)
    Participant.objects.filter(pk=meeting.citizen().pk).update(language="nb")
    _move(meeting, NOW)
    for _ in range(2):
        sweep(NOW)
    (now,) = standing(topic)
    assert now.startswith("Du har fått et videomøte med Nav fredag 22. januar")


@pytest.mark.usefixtures("in_any_language")
def test_plain_words_have_told_nobody_when_to_come(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari, language="se")
    sweep(NOW)
    assert Message.objects.get(step="PLAIN").state == "SENT"
    assert not attendance._was_told(meeting.citizen(), meeting, meeting.citizen().invitation)


def test_who_rehearses_a_booking_reads_that_plain_words_are_all(kari: Person, monkeypatch: Patch) -> None:
    say(monkeypatch, Kind.INVITED, sms="Bo.no")
    starting_types.load()
    by = make.actor(make.caseworker())
    values = {"wanted": make.wanted(kari), "can_be_told": True, "by": by, "clearance": make.clearance(kari, by)}
    assert rehearse(booking.book, **values, at=NOW, overrule=make.ANYHOW).lacks.count(plain.PLAIN_ONLY) == 1


@pytest.mark.usefixtures("in_any_language")
def test_what_helps_no_more_is_not_sent_in_the_language_chosen_later(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari, language="se")
    _choose(meeting, "nn", at=meeting.starts_at - timedelta(hours=1, minutes=30))
    states = {one.step: one.state for one in Message.objects.filter(meeting=meeting, occasion="REMINDER")}
    assert states == {"1_DAY": "FAILED", "1_HOUR": "PLANNED"}


def test_a_rehearsal_shows_that_it_cannot_be_said_and_why(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    Participant.objects.filter(pk=meeting.citizen().pk).update(language="se")
    by = make.actor(meeting.host)
    found = rehearse(
        changes.cancel,
        meeting_id=meeting.pk,
        version=meeting.version,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=True,
        by=by,
        clearance=make.clearance(kari, by),
        at=NOW,
    )
    [planned] = found.messages
    assert (planned.falls, planned.texts) == ("NO_WORDS", {})


@pytest.mark.parametrize(
    "name", [f"Kari {EMOJI}{EMOJI}", "Bo.no", "12.mars", "https://nav.no/x", "{when}", "{}", "x" * 90]
)
def test_whatever_people_and_places_are_called_no_text_is_refused_or_names_them(
    kari: Person, sweep: Sweep, topic: FakeTopic, mailbox: FakeMailbox, name: str
) -> None:
    kari.name = name
    kari.save(update_fields=["name"])
    colleague = make.caseworker(name)
    texts = CitizenTexts(theme=name, purpose=name, preparations=name)
    place = Place(address=name, room=name, directions=name)
    meeting = make.meeting(colleague, kari, format=Format.IN_PERSON, place=place, texts=texts, type_code="DIALOGUE")
    make.partner(meeting, make.doctor(name=name, organisation=name))
    sweep(NOW)
    for at in (make.later(days=9), make.later(days=9, hours=23)):
        sweep(at)
    assert {one.state for one in Message.objects.filter(sent_at=None)} <= {"PLANNED"}
    assert len(topic.shown()) >= 2
    for event in topic.shown():
        assert refusals(event) == []
        assert name not in json.dumps(event, ensure_ascii=False)
    assert len(mailbox.mails) >= 1
    assert all(name not in mail.subject + mail.body for mail in mailbox.mails)


def _again(meeting: Meeting) -> None:
    by = make.actor(meeting.host)
    repairing.send_again(
        invitation_id=meeting.citizen().invitation.pk,
        because=Because.ASKED,
        can_be_told=True,
        by=by,
        clearance=Clearance(person_id=meeting.citizen_id(), by=by.known_id, at=NOW),
        at=NOW,
    )


def _choose(meeting: Meeting, language: str, at: datetime = NOW) -> None:
    meeting.refresh_from_db()
    by, now = make.actor(meeting.host), details.as_it_is(meeting)
    details.change_details(
        meeting_id=meeting.pk,
        version=meeting.version,
        details=replace(now, language=language),
        is_correction=True,
        can_be_told=True,
        by=by,
        clearance=Clearance(person_id=meeting.citizen_id(), by=by.known_id, at=at),
        at=at,
    )
