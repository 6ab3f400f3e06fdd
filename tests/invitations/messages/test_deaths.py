"""When the citizen has died: nothing to them, "cancelled" and no reason to others, a quiet task, and no absence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from invitations import attendance, deaths, door
from invitations.attendance import NotTheirFault
from invitations.messages.send import Swept
from invitations.models import Invitation, Message, MessageState
from meetings import reinstating
from meetings.events import NoShowClaimed
from meetings.models import Meeting, Occupancy, Outcome, Participant, ParticipantOutcome, Status, Task
from navmeet.accounts.actor import Actor
from navmeet.dev.personas import CASEWORKERS, CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.exceptions import Invalid
from navmeet.outbox.models import OutboxEvent
from navmeet.pages.staff import words
from navmeet.people import meet
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_partners import by_law, by_release, told
from tests.invitations.messages.test_still_true import reinstate
from tests.invitations.messages.test_telling import cancel

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW = make.NOW
DAY_BEFORE = datetime.fromisoformat("2027-01-20T09:00:00+00:00")
MINUTE = timedelta(minutes=1)


def dies(person: Person, registers: RunningRegisters) -> None:
    registers.set_person(person.identities.get(is_current=True).number, deceased="2027-01-12")


def known_dead(person: Person, at: datetime = NOW) -> None:
    Person.objects.filter(pk=person.pk).update(deceased_known_at=at)


def partner_of(meeting: Meeting) -> Participant:
    return Participant.objects.get(meeting=meeting, role="DOCTOR")


def test_partners_get_the_same_words_as_in_any_other_cancellation(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, registers: RunningRegisters
) -> None:
    someone = make.citizen(CITIZENS[2].name, number=CITIZENS[2].number)
    ordinary = by_law(someone, make.doctor(email="another@lege.example", phone="+4741000009"))
    by_law(kari)
    sweep(NOW)
    assert mailbox.subjects() == ["Invitasjon til møte med Nav"] * 2
    ordinary.refresh_from_db()
    cancel(ordinary, DAY_BEFORE)
    dies(kari, registers)
    sweep(DAY_BEFORE)
    sweep(DAY_BEFORE + MINUTE)
    assert mailbox.subjects()[2:] == ["Møtet med Nav er avlyst"] * 2
    bodies = {mail.body.partition("http")[0] for mail in mailbox.mails[2:]}
    assert len(bodies) == 1, "nobody can tell by the words why it is cancelled"


def test_the_meeting_is_called_off_by_the_house_itself_and_the_office_has_one_quiet_task(
    kari: Person, sweep: Sweep, topic: FakeTopic, mailbox: FakeMailbox, registers: RunningRegisters
) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    Task.objects.create(meeting=meeting, kind="CALL", about="INVITED:1", made_at=NOW, due_at=NOW)
    shown = [event["varselId"] for event in topic.shown()]
    dies(kari, registers)
    sweep(DAY_BEFORE)
    sweep(DAY_BEFORE + MINUTE)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancelled_by, meeting.cancelled_at) == ("CANCELLED", None, DAY_BEFORE)
    assert not Occupancy.objects.filter(meeting=meeting).exists()
    assert [(one.kind, one.about) for one in Task.objects.filter(meeting=meeting, done_at=None)] == [
        ("DECEASED", "called_off")
    ]
    assert "registrert død" in words.task(Task.objects.get(meeting=meeting, kind="DECEASED"))
    assert [event["varselId"] for event in topic.shown()] == shown, "nothing more goes to the one who died"
    assert set(topic.taken_back()) >= set(shown), "what is on Ditt NAV would be reminded of by SMS"
    theirs = Message.objects.filter(participant=meeting.citizen()).exclude(state="SENT")
    assert {(one.state, one.why) for one in theirs} == {("VOID", "DECEASED")}
    event = OutboxEvent.objects.filter(meeting_id=meeting.pk).latest("position")
    assert event.name == "meeting.cancelled"
    assert "eceased" not in str(event.body)


def test_seeing_to_it_twice_is_seeing_to_it_once(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    known_dead(kari)
    for minutes in (1, 2, 3):
        sweep(make.later(minutes=minutes))
    assert deaths.see_to(person_id=kari.pk, by=Actor.system("death"), at=make.later(minutes=4)) == 0
    meeting.refresh_from_db()
    assert meeting.sequence == 1
    assert mailbox.subjects() == ["Invitasjon til møte med Nav", "Møtet med Nav er avlyst"]


def test_a_partner_who_was_told_nothing_is_told_nothing(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, registers: RunningRegisters
) -> None:
    meeting, partner = by_release(kari)
    dies(kari, registers)
    sweep(NOW)
    sweep(NOW + MINUTE)
    meeting.refresh_from_db()
    assert (meeting.status, mailbox.mails, told(partner)) == ("CANCELLED", [], [])


def test_what_a_sender_has_in_hand_when_it_learns_it_does_not_leave(
    kari: Person, sweep: Sweep, topic: FakeTopic, mailbox: FakeMailbox, registers: RunningRegisters
) -> None:
    meeting = by_law(kari)
    dies(kari, registers)
    sweep(NOW)
    assert (topic.shown(), mailbox.mails) == ([], [])
    assert set(Message.objects.filter(meeting=meeting).values_list("state", flat=True)) == {MessageState.VOID}
    sweep(NOW + MINUTE)
    assert mailbox.mails == [], "who never heard of the meeting does not hear that it is off"


def test_the_door_closes_and_says_no_more_than_that_the_meeting_is_cancelled(kari: Person, sweep: Sweep) -> None:
    meeting = by_law(kari)
    at = meeting.starts_at - 5 * MINUTE
    invitations = Invitation.objects.select_related("participant__meeting").filter(participant__meeting=meeting)
    assert {door.may_come_in(one, at) for one in invitations} == {door.Decision.OPEN}
    known_dead(kari)
    sweep(NOW)
    invitations = invitations.all()
    assert {door.may_come_in(one, at) for one in invitations} == {door.Decision.CANCELLED}


def test_a_door_that_is_still_open_after_the_end_closes_too(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    after = meeting.ends_at + 5 * MINUTE
    known_dead(kari)
    sweep(after)
    meeting.refresh_from_db()
    assert meeting.status == Status.SCHEDULED, "whether it was held is for people to say"
    found = Invitation.objects.select_related("participant__meeting").get(participant__meeting=meeting)
    assert door.may_come_in(found, after) == door.Decision.CLOSED


def test_nobody_is_noted_as_absent_once_it_is_known(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    known_dead(kari)
    with pytest.raises(NotTheirFault) as refused:
        attendance.on_no_show_claimed(
            NoShowClaimed(meeting_id=meeting.pk, participant_id=meeting.citizen().pk, at=meeting.ends_at)
        )
    assert "registrert død" in refused.value.message


def test_an_absence_noted_before_it_was_known_becomes_a_task(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    Message.objects.filter(meeting=meeting).update(state="SENT", sent_at=NOW)
    ParticipantOutcome.objects.create(
        participant=meeting.citizen(), outcome=Outcome.DID_NOT_MEET, set_at=meeting.ends_at, set_by=meeting.host_id
    )
    Meeting.objects.filter(pk=meeting.pk).update(status=Status.NOT_HELD)
    known_dead(kari)
    sweep(meeting.ends_at + timedelta(days=2))
    task = Task.objects.get(meeting=meeting, done_at=None)
    assert (task.kind, task.about) == ("DECEASED", "did_not_meet")
    assert "«møtte ikke»" in words.task(task)
    meeting.refresh_from_db()
    assert meeting.status == Status.NOT_HELD


def test_a_register_that_takes_it_back_makes_them_alive_again(
    kari: Person, registers: RunningRegisters, sweep: Sweep
) -> None:
    dies(kari, registers)
    assert meet.again(kari, at=NOW).person.deceased_known_at == NOW
    assert meet.again(kari, at=make.later(days=1)).person.deceased_known_at == NOW, "since when it is known"
    registers.set_person(CITIZENS[0].number, deceased=None)
    assert meet.again(kari, at=make.later(days=2)).person.deceased_known_at is None
    assert make.meeting(person=kari).status == Status.SCHEDULED


def test_the_dead_are_not_booked_also_where_only_the_last_look_found_it(kari: Person) -> None:
    known_dead(kari)
    with pytest.raises(Invalid) as refused:
        make.meeting(person=kari)
    assert refused.value.code == "deceased"
    assert not Meeting.objects.exists()


def test_finding_somebody_who_died_says_so_of_their_meetings_too(kari: Person, registers: RunningRegisters) -> None:
    dies(kari, registers)
    by = replace(make.actor(make.caseworker()), nav_ident=CASEWORKERS[0].nav_ident)
    with pytest.raises(Invalid) as refused:
        meet.meet(CITIZENS[0].number, by=by, at=NOW)
    assert refused.value.code == "deceased"
    kari.refresh_from_db()
    assert kari.deceased_known_at == NOW


def test_who_was_taken_to_have_died_and_has_not_is_invited_again_when_the_meeting_is_reinstated(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    dies(kari, registers)
    Message.objects.filter(occasion="REMINDER").update(due_at=NOW + MINUTE)
    sweep(NOW + MINUTE)
    sweep(NOW + 2 * MINUTE)
    assert topic.active() == []
    registers.reset()
    Person.objects.update(deceased_known_at=None)
    reinstating.reinstate(**reinstate(meeting, NOW + 3 * MINUTE))
    sweep(NOW + 4 * MINUTE)
    (there,) = topic.active()
    assert there["type"] == "oppgave"
    assert Message.objects.filter(occasion="INVITED", state="SENT").count() == 2
