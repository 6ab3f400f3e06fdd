"""What partners are told: on a basis only, what concerns them only, each once, and what follows when that ends."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings as django_settings

from invitations import bases, links, releases
from invitations.messages import delivered
from invitations.messages.altinn_feed import Delivery
from invitations.messages.log import message_log
from invitations.messages.outcomes import Refused, Throttled, Unavailable
from invitations.messages.send import Swept
from invitations.models import Consent, Invitation, Message, MessageState, Occasion, Why
from meetings import changes, formats, people
from meetings.contacts import CitizenContact
from meetings.models import Format, Meeting, Participant, Reason, Task
from meetings.places import Place
from meetings.times import slot
from navmeet.accounts.actor import Level
from navmeet.change import rehearse
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_telling import cancel

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW = make.NOW
START = datetime(2027, 1, 21, 9, 0, tzinfo=UTC)


def by_law(kari: Person, *partners: Any, **more: Any) -> Meeting:
    """A meeting of a type by which the law says who takes part."""
    meeting = make.meeting(person=kari, type_code="DIALOGUE", **more)
    for one in partners or (make.doctor(),):
        make.partner(meeting, one)
    return meeting


def by_release(kari: Person, **more: Any) -> tuple[Meeting, Participant]:
    meeting = make.meeting(person=kari, **more)
    return meeting, make.partner(meeting)


def say(meeting: Meeting, partner: Participant, said_yes: bool, at: datetime = NOW, **more: Any) -> Consent:
    return releases.answer_release(**_said(meeting, partner, said_yes, at, **more))


def withdraw(meeting: Meeting, partner: Participant, at: datetime) -> None:
    say(meeting, partner, False, at)


def _said(meeting: Meeting, partner: Participant, said_yes: bool, at: datetime, **more: Any) -> dict[str, Any]:
    person = meeting.citizen().person
    assert person is not None
    values = {
        "invitation_id": meeting.citizen().invitation.pk,
        "recipient_id": partner.pk,
        "said_yes": said_yes,
        "text_version": "partner-1",
        "language": "nb",
        "by": make.citizen_actor(person, Level.HIGH),
        "at": at,
    }
    return values | more


def told(partner: Participant) -> list[tuple[str, str, str, str]]:
    rows = Message.objects.filter(participant=partner).order_by("planned_at", "id")
    return [(row.occasion, row.step, row.state, row.why) for row in rows]


def invitation(partner: Participant) -> Invitation:
    return Invitation.objects.get(participant=partner)


def change(meeting: Meeting, partner: Participant, at: datetime = NOW, **what: Any) -> None:
    meeting.refresh_from_db()
    by = make.actor(meeting.host)
    people.change_partner(
        meeting_id=meeting.pk,
        participant_id=partner.pk,
        version=meeting.version,
        partner=make.doctor(**what),
        citizen_contact=CitizenContact(),
        why=changes.Why(Reason.PRACTICAL),
        by=by,
        clearance=make.clearance(meeting.citizen().person, by, at),  # type: ignore[arg-type]
        at=at,
    )


def to_format(meeting: Meeting, to: Format, at: datetime = NOW, place: Place | None = None) -> None:
    meeting.refresh_from_db()
    by = make.actor(meeting.host)
    formats.change_format(
        meeting_id=meeting.pk,
        version=meeting.version,
        to=to,
        place=place or Place(caller="NAV", phone="55553333"),
        why=changes.Why(Reason.CITIZEN_ASKED),
        safety_measures=frozenset(),
        can_be_told=True,
        by=by,
        clearance=make.clearance(meeting.citizen().person, by, at),  # type: ignore[arg-type]
        at=at,
    )


INVITED = ("INVITED", "ONCE", "PLANNED", "")


def test_by_law_a_partner_is_told_at_once_in_an_email_with_their_link_and_nothing_of_anybody(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari, make.doctor(), make.employer(language="nn"))
    assert sweep(NOW).sent == 3
    doctor, employer = sorted(mailbox.mails, key=lambda mail: mail.address, reverse=True)
    partner = Participant.objects.get(meeting=meeting, role="DOCTOR")
    assert doctor.address == "lise@legesenter.example"
    assert links.address(partner.invitation.pk) in doctor.body
    assert "torsdag 21. januar kl. 10.00" in doctor.body
    assert "Helsing" in employer.body or "helsing" in employer.body
    for mail in mailbox.mails:
        for secret in (kari.name, CITIZENS[0].number, "Lise", "Arne", "legesenter", "Veien videre", meeting.host.name):
            assert secret not in mail.subject + mail.body
    row = Message.objects.get(participant=partner, occasion=Occasion.INVITED)
    kept = json.loads(row.text_sent or "")
    assert (row.state, row.shipment) == ("SENT", f"shipment-{row.key}")
    assert "{lenke}" in kept["body"]
    assert links.sign(partner.invitation.pk) not in (row.text_sent or "")
    assert doctor.key == row.key
    assert doctor.reference == str(row.pk)


def test_a_partner_has_a_reminder_the_day_before_and_an_hour_before_what_they_dial_into(kari: Person) -> None:
    meeting = by_law(kari, make.doctor(way_in=Format.PHONE, part_offset=20, part_minutes=10), day=date(2027, 2, 18))
    partner = Participant.objects.get(meeting=meeting, role="DOCTOR")
    start = meeting.starts_at + timedelta(minutes=20)
    due = Message.objects.filter(participant=partner).order_by("due_at").values_list("step", "due_at", "not_after")
    assert [(step, at) for step, at, _ in due] == [
        ("ONCE", NOW),
        ("1_DAY", start - timedelta(days=1)),
        ("1_HOUR", start - timedelta(hours=1)),
    ]
    assert due[0][2] == start + timedelta(minutes=10)


def test_their_own_part_and_way_in_stand_in_the_words(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    by_law(kari, make.doctor(way_in=Format.PHONE, part_offset=20, part_minutes=10))
    sweep(NOW)
    assert "et telefonmøte torsdag 21. januar kl. 10.20" in mailbox.mails[0].body


def test_by_release_nothing_is_planned_before_the_yes_and_then_it_is(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, partner = by_release(kari)
    sweep(NOW)
    assert told(partner) == []
    assert mailbox.mails == []
    assert invitation(partner).closed_at is not None
    kept = say(meeting, partner, True)
    assert "Lise Legesen (Prøveby legesenter)" in kept.text_shown
    assert invitation(partner).closed_at is None
    assert told(partner)[0] == INVITED
    sweep(NOW)
    assert len(mailbox.mails) == 1


def test_the_rehearsal_of_adding_says_what_is_waited_for_and_what_would_be_told(kari: Person) -> None:
    for code, planned, lacks in (("FOLLOW_UP", 0, 1), ("DIALOGUE", 3, 0)):
        meeting = make.meeting(person=kari, type_code=code, day=date(2027, 1, 20 + planned))
        by = make.actor(meeting.host)
        follows = rehearse(
            people.add_partner,
            meeting_id=meeting.pk,
            version=meeting.version,
            partner=make.doctor(),
            citizen_contact=CitizenContact(),
            why=changes.Why(Reason.PRACTICAL),
            can_be_told=True,
            by=by,
            clearance=make.clearance(kari, by),
            at=NOW,
        )
        assert (len(follows.messages), len(follows.lacks)) == (planned, lacks)
        assert not Message.objects.filter(participant__role="DOCTOR").exists()


def test_a_no_before_anything_left_voids_all_and_tells_nobody(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting, partner = by_release(kari)
    say(meeting, partner, True)
    say(meeting, partner, False, make.later(seconds=1))
    assert {(state, why) for _, _, state, why in told(partner)} == {("VOID", "NO_BASIS")}
    assert invitation(partner).closed_at == make.later(seconds=1)
    assert Task.objects.get(meeting=meeting, kind=Task.Kind.NO_TO_PARTNER).done_at is None
    sweep(make.later(minutes=1))
    assert mailbox.mails == []


def test_a_withdrawal_after_they_were_told_is_told_without_a_reason_and_once(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, partner = by_release(kari)
    say(meeting, partner, True)
    sweep(NOW)
    say(meeting, partner, False, make.later(minutes=1))
    say(meeting, partner, False, make.later(minutes=2))
    sweep(make.later(minutes=3))
    sweep(START - timedelta(days=1))
    assert mailbox.subjects() == ["Invitasjon til møte med Nav", "Du skal ikke delta i møtet med Nav"]
    assert "/i/" not in mailbox.mails[1].body


def test_given_again_they_are_invited_again(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting, partner = by_release(kari)
    for number, said_yes in enumerate((True, False, True, False, True)):
        say(meeting, partner, said_yes, make.later(minutes=number))
        sweep(make.later(minutes=number))
    said = " ".join(subject.split()[0] for subject in mailbox.subjects())
    assert said == "Invitasjon Du Invitasjon Du Invitasjon"
    assert invitation(partner).closed_at is None
    assert not Task.objects.filter(meeting=meeting, kind=Task.Kind.NO_TO_PARTNER, done_at=None).exists()
    reminders = Message.objects.filter(participant=partner, occasion="REMINDER", state="PLANNED")
    assert reminders.count() == 2


def test_a_withdrawal_while_the_email_is_in_hand_keeps_it_here_or_says_that_it_left(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, partner = by_release(kari)
    say(meeting, partner, True)
    mailbox.while_sending = partial(withdraw, meeting, partner, make.later(seconds=5))
    assert sweep(NOW).overtaken == 1
    mailbox.while_sending = lambda: None
    row = Message.objects.get(participant=partner, occasion=Occasion.INVITED)
    assert (row.state, row.why, row.sent_at) == ("SENT", "NO_BASIS", NOW)
    said = [line.words for line in message_log(meeting) if line.occasion == "INVITED" and line.role == "DOCTOR"]
    assert said == ["Sendt som e-post, men det er ikke grunnlag for å fortelle deltakeren om møtet i det samme"]
    sweep(make.later(minutes=1))
    assert mailbox.subjects() == ["Invitasjon til møte med Nav", "Du skal ikke delta i møtet med Nav"]


def test_withdrawn_while_the_registers_answer_nothing_leaves(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, topic: FakeTopic
) -> None:
    meeting, partner = by_release(kari)
    say(meeting, partner, True)
    topic.while_sending = partial(withdraw, meeting, partner, make.later(seconds=5))
    sweep(NOW)
    assert mailbox.mails == []
    assert told(partner)[0] == ("INVITED", "ONCE", "VOID", "NO_BASIS")


def test_the_rehearsal_of_a_withdrawal_is_what_then_happens(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting, partner = by_release(kari)
    say(meeting, partner, True)
    sweep(NOW)
    at = make.later(minutes=1)
    follows = rehearse(releases.answer_release, **_said(meeting, partner, False, at))
    assert follows.voided == 2
    say(meeting, partner, False, at)
    sweep(at)
    assert [mailbox.mails[-1].body] == [one.texts["body"] for one in follows.messages]
    assert Message.objects.filter(participant=partner, state="VOID").count() == follows.voided


def test_a_change_of_format_tells_those_whom_it_concerns_once_and_others_not_at_all(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, topic: FakeTopic
) -> None:
    meeting = by_law(kari, make.doctor(way_in=Format.PHONE), make.employer())
    sweep(NOW)
    mailbox.mails.clear()
    to_format(meeting, Format.PHONE, make.later(minutes=1))
    sweep(make.later(minutes=11))
    assert [(mail.address, mail.subject) for mail in mailbox.mails] == [
        ("arne@bedriften.example", "Du deltar i møtet med Nav på en annen måte")
    ]
    assert topic.shown()[-1]["type"] == "oppgave"
    assert "blir på telefon" in topic.shown()[-1]["tekster"][0]["tekst"]
    # The doctor's reminder, planned before, is as true as it was, and leaves.
    swept = sweep(START - timedelta(days=1))
    assert {mail.address for mail in mailbox.mails[1:]} == {"lise@legesenter.example", "arne@bedriften.example"}
    assert swept.sent == 3


def test_moved_all_are_told_in_the_rehearsals_words_and_by_law_too(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    meeting.refresh_from_db()
    by = make.actor(meeting.host)
    arguments: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "version": meeting.version,
        "to": slot(day=date(2027, 2, 22), clock=time(10), minutes=45, fold=None, at=NOW),
        "place": None,
        "why": changes.Why(Reason.PRACTICAL),
        "can_be_told": True,
        "by": by,
        "clearance": make.clearance(kari, by),
        "at": NOW,
    }
    follows = rehearse(changes.move, **arguments)
    changes.move(**arguments)
    sweep(make.later(minutes=10))
    planned = next(one for one in follows.messages if one.channel == "EMAIL" and one.occasion == "MOVED")
    partner = Participant.objects.get(meeting=meeting, role="DOCTOR")
    link = links.address(partner.invitation.pk)
    assert mailbox.mails[-1].body == planned.texts["body"].replace("{lenke}", link)
    assert mailbox.mails[-1].subject == planned.texts["title"] == "Møtet med Nav er flyttet"


def test_cancelled_who_was_told_is_told_and_who_was_not_is_not(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    late = make.partner(meeting, make.employer(), at=make.later(seconds=1))
    meeting.refresh_from_db()
    cancel(meeting, make.later(seconds=2))
    sweep(make.later(seconds=3))
    assert mailbox.subjects() == ["Invitasjon til møte med Nav", "Møtet med Nav er avlyst"]
    assert {state for _, _, state, _ in told(late)} == {"VOID"}


def test_another_address_gets_the_invitation_texts_tell_nobody_and_another_name_is_asked_about(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, partner = by_release(kari)
    say(meeting, partner, True)
    sweep(NOW)
    change(meeting, partner, make.later(minutes=1), theme="Om jobben")
    sweep(make.later(minutes=1))
    assert len(mailbox.mails) == 1
    change(meeting, partner, make.later(minutes=2), theme="Om jobben", email="ny@legesenter.example")
    sweep(make.later(minutes=2))
    assert [mail.address for mail in mailbox.mails] == ["lise@legesenter.example", "ny@legesenter.example"]
    change(meeting, partner, make.later(minutes=3), name="Ola Annenlege", email="ola@legesenter.example")
    sweep(make.later(minutes=3))
    # That they are to come no more goes where it was said that they were, and never to whom nobody asked about.
    assert (mailbox.mails[-1].address, mailbox.subjects()[-1][:14]) == ("ny@legesenter.example", "Du skal ikke d")
    partner.refresh_from_db()
    assert not bases.has_basis(Participant.objects.get(pk=partner.pk))
    seen = releases.partners_of(meeting.citizen().invitation, "nb")
    assert [(one.name, one.release) for one in seen] == [("Ola Annenlege", "NONE")]


def test_their_own_way_in_and_part_tell_them_alone(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, topic: FakeTopic
) -> None:
    meeting = by_law(kari, make.doctor(), make.employer())
    partner = Participant.objects.get(meeting=meeting, role="DOCTOR")
    sweep(NOW)
    shown = len(topic.shown())
    change(meeting, partner, make.later(minutes=1), way_in=Format.PHONE)
    sweep(make.later(minutes=11))
    change(meeting, partner, make.later(minutes=12), way_in=Format.PHONE, part_offset=10, part_minutes=10)
    sweep(make.later(minutes=22))
    assert [(mail.address[:4], mail.subject) for mail in mailbox.mails[2:]] == [
        ("lise", "Du deltar i møtet med Nav på en annen måte"),
        ("lise", "Møtet med Nav er endret"),
    ]
    assert "kl. 10.10" in mailbox.mails[-1].body
    assert len(topic.shown()) == shown


def test_added_after_the_citizen_was_told_they_are_told_too(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    make.partner(meeting, at=make.later(minutes=1))
    sweep(make.later(minutes=11))
    assert topic.shown()[-1]["type"] == "beskjed"
    assert "hvem som deltar" in topic.shown()[-1]["tekster"][0]["tekst"]
    assert "Lise" not in json.dumps(topic.shown()[-1])
    assert len(topic.active()) == 2


def test_taken_out_they_are_told_and_come_in_no_more(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    meeting.refresh_from_db()
    partner = Participant.objects.get(meeting=meeting, role="DOCTOR")
    by = make.actor(meeting.host)
    people.remove_partner(
        meeting_id=meeting.pk,
        participant_id=partner.pk,
        version=meeting.version,
        why=changes.Why(Reason.PRACTICAL),
        by=by,
        clearance=make.clearance(kari, by),
        at=NOW,
    )
    sweep(make.later(minutes=1))
    assert mailbox.subjects()[-1] == "Du skal ikke delta i møtet med Nav"
    assert invitation(partner).closed_at is not None


@pytest.mark.parametrize(
    ("outcome", "state", "attempts", "follows"),
    [
        (Refused("status_422:NOT-00001"), "FAILED", 0, 1),
        (Throttled("status_429", 120), "PLANNED", 0, 0),
        (Unavailable("not_begun"), "PLANNED", 0, 0),
        (Unavailable("too_slow"), "PLANNED", 1, 0),
    ],
)
def test_what_did_not_get_through_is_settled_by_its_cause(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, outcome: Any, state: str, attempts: int, follows: int
) -> None:
    meeting = by_law(kari)
    mailbox.outcome = outcome
    sweep(NOW)
    row = Message.objects.get(meeting=meeting, channel="EMAIL", occasion="INVITED")
    assert (row.state, row.attempts) == (state, attempts)
    assert (row.not_before is not None) == (state == "PLANNED")
    if isinstance(outcome, Throttled):
        assert row.not_before is not None
        assert row.not_before >= make.later(seconds=120)
    assert Message.objects.filter(meeting=meeting, channel="SMS").count() == follows
    assert not Task.objects.filter(meeting=meeting, kind=Task.Kind.NOT_REACHED).exists()


def _delivery(row: Message, status: str, sequence: int = 1) -> Delivery:
    return Delivery(
        sequence=sequence,
        shipment_id="x",
        reference=str(row.pk),
        channel="EMAIL",
        status=status,
        is_final=True,
        is_delivered=status == "Email_Delivered",
        at=NOW,
    )


def test_the_feed_moves_what_was_sent_whenever_it_comes(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = by_law(kari, make.doctor(), make.employer())
    rows = list(Message.objects.filter(meeting=meeting, channel="EMAIL", occasion="INVITED").order_by("id"))
    # Before the sender has written that it sent.
    assert delivered.keep([_delivery(rows[0], "Email_Delivered")], NOW) == 1
    assert delivered.keep([_delivery(rows[0], "Email_Delivered")], NOW) == 1
    sweep(NOW)
    delivered.keep([_delivery(rows[1], "Email_Failed_Bounced", 2)], NOW)
    states = dict(Message.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == ["DELIVERED", "FAILED"]
    assert Message.objects.get(meeting=meeting, channel="SMS").participant_id == rows[1].participant_id
    # Of others, of codes, and of nobody: no concern of ours.
    strange = Delivery(sequence=3, shipment_id="x", reference="code", channel="SMS", status="SMS_Delivered",
                       is_final=True, is_delivered=True, at=None)  # fmt: skip
    assert delivered.keep([strange], NOW) == 0


def test_what_a_dead_sender_had_sent_is_told_by_the_feed_and_put_right(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, partner = by_release(kari)
    say(meeting, partner, True)
    row = Message.objects.get(participant=partner, occasion="INVITED")
    # As a sender leaves it that dies after the platform took it, before writing that down.
    Message.objects.filter(pk=row.pk).update(state="VOID", why="NO_BASIS", attempts=1, settled_at=NOW)
    Invitation.objects.filter(participant=partner).update(closed_at=NOW)
    delivered.keep([_delivery(row, "Email_Delivered")], make.later(minutes=1))
    row.refresh_from_db()
    assert (row.state, row.why) == (MessageState.DELIVERED, Why.NO_BASIS)
    assert Message.objects.filter(participant=partner, occasion="REMOVED", state="PLANNED").count() == 1


def test_protected_after_booking_closes_by_itself_when_the_sender_learns_it(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, registers: RunningRegisters, topic: FakeTopic
) -> None:
    meeting = by_law(kari)
    registers.set_person(CITIZENS[0].number, protection="STRENGT_FORTROLIG")
    sweep(NOW)
    assert mailbox.mails == []
    partner = Participant.objects.get(meeting=meeting, role="DOCTOR")
    assert {(state, why) for _, _, state, why in told(partner)} == {("VOID", "PROTECTED")}
    assert invitation(partner).closed_at is not None
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.PROTECTED).count() == 1
    # The citizen is told, on Ditt NAV alone.
    assert [("eksternVarsling" in event) for event in topic.shown()] == [False]


def test_protected_by_whoever_learned_it_access_is_closed_in_the_same_moment_and_seen_to_by_the_sweep(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    partner = Participant.objects.get(meeting=meeting, role="DOCTOR")
    Person.objects.filter(pk=kari.pk).update(protection=Protection.STRICTLY_CONFIDENTIAL)
    assert not Invitation.objects.open().filter(participant=partner).exists()
    assert Invitation.objects.open().filter(participant=meeting.citizen()).exists()
    sweep(make.later(minutes=1))
    assert invitation(partner).closed_at == make.later(minutes=1)
    assert mailbox.subjects() == ["Invitasjon til møte med Nav"]
    sweep(make.later(minutes=2))
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.PROTECTED).count() == 1


def test_who_books_for_a_protected_person_has_decided_who_takes_part(
    sweep: Sweep, mailbox: FakeMailbox, registers: RunningRegisters
) -> None:
    one = next(citizen for citizen in CITIZENS if citizen.protection == "STRENGT_FORTROLIG")
    person = make.citizen(one.name, number=one.number, protection=Protection.STRICTLY_CONFIDENTIAL)
    meeting = make.meeting(person=person, type_code="DIALOGUE")
    make.partner(meeting)
    sweep(NOW)
    assert len(mailbox.mails) == 1
    assert not Task.objects.filter(meeting=meeting, kind=Task.Kind.PROTECTED).exists()


def test_the_log_names_partners_and_says_what_each_was_told(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    lines = [line for line in message_log(meeting) if line.role == "DOCTOR"]
    assert [(line.name, line.occasion_words, line.words) for line in lines] == [
        ("Lise Legesen", "Invitasjon", "Sendt som e-post"),
        ("Lise Legesen", "Påminnelse, 1 dag før", "Sendes onsdag 20. januar kl. 10.00 på e-post"),
        ("Lise Legesen", "Påminnelse, 1 time før", "Sendes torsdag 21. januar kl. 09.00 på e-post"),
    ]
    assert "{lenke}" in lines[0].text["body"]
    assert django_settings.PUBLIC_BASE_URL not in json.dumps(dict(lines[0].text))
