"""From booking to minutes: what is planned, what leaves, what is taken back."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.conf import settings as django_settings

from invitations.answers import answer
from invitations.messages.send import Swept
from invitations.models import Answer, Message, MessageState, Occasion, Retraction, Step, Why
from meetings import booking, changes, starting_types
from meetings.models import Format, Meeting, Reason, Task
from meetings.times import slot
from navmeet.change import rehearse
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.pages.staff import words
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.messages.broker import FakeTopic

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW = make.NOW
START = datetime(2027, 1, 21, 9, 0, tzinfo=UTC)


def _person(meeting: Meeting) -> Person:
    person = meeting.citizen().person
    assert person is not None
    return person


def cancel(meeting: Meeting, at: datetime, *, can_be_told: bool = True) -> Meeting:
    by = make.actor(meeting.host)
    return changes.cancel(
        meeting_id=meeting.pk,
        version=meeting.version,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=can_be_told,
        by=by,
        clearance=make.clearance(_person(meeting), by, at),
        at=at,
    )


def _move(meeting: Meeting, at: datetime, day: int = 22, *, can_be_told: bool = True) -> Meeting:
    by = make.actor(meeting.host)
    to = slot(day=date(2027, 1, day), clock=time(10), minutes=45, fold=None, at=at)
    return changes.move(
        meeting_id=meeting.pk,
        version=meeting.version,
        to=to,
        place=None,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=can_be_told,
        by=by,
        clearance=make.clearance(_person(meeting), by, at),
        at=at,
    )


def _answer(meeting: Meeting, at: datetime) -> None:
    meeting.refresh_from_db()
    participant = meeting.citizen()
    answer(
        invitation_id=participant.invitation.pk,
        revision_number=meeting.revision_number,
        kind=Answer.Kind.COMING,
        words="",
        by=make.citizen_actor(_person(meeting)),
        at=at,
    )


def _states(meeting: Meeting) -> dict[tuple[str, str], tuple[str, str]]:
    rows = Message.objects.filter(meeting=meeting)
    return {(row.occasion, row.step): (row.state, row.why) for row in rows}


def test_a_booking_plans_the_invitation_and_two_reminders(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    planned = Message.objects.filter(meeting=meeting).order_by("due_at")
    assert [(m.occasion, m.step, m.due_at, m.state) for m in planned] == [
        ("INVITED", "ONCE", NOW, "PLANNED"),
        ("REMINDER", "1_DAY", START - timedelta(days=1), "PLANNED"),
        ("REMINDER", "1_HOUR", START - timedelta(hours=1), "PLANNED"),
    ]
    invitation = planned[0]
    assert invitation.not_after == meeting.ends_at
    assert invitation.active_until == meeting.ends_at + timedelta(hours=1)


def test_in_person_there_is_no_reminder_an_hour_before(kari: Person) -> None:
    from meetings.places import Place

    meeting = make.meeting(person=kari, format=Format.IN_PERSON, place=Place(address="Prøvegata 1"))
    assert not Message.objects.filter(meeting=meeting, step=Step.HOUR_1).exists()


def test_the_invitation_leaves_as_a_task_with_the_link_in_its_own_field_only(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    swept = sweep(NOW)
    assert (swept.claimed, swept.sent, topic.refused) == (1, 1, [])
    event = topic.shown()[0]
    message = Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)
    assert event["type"] == "oppgave"
    assert event["varselId"] == str(message.key)
    assert event["sensitivitet"] == "substantial"
    assert event["link"].startswith("https://navmeet.nav.no/i/")
    assert "torsdag 21. januar kl. 10.00" in event["eksternVarsling"]["smsVarslingstekst"]
    assert message.state == MessageState.SENT
    kept = json.loads(message.text_sent)
    assert kept["link"] == "{lenke}"
    assert "navmeet.nav.no" not in message.text_sent
    assert sweep(NOW).is_idle


def test_rehearsing_a_move_shows_the_words_and_keeps_nothing(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    by = make.actor(meeting.host)
    consequences = rehearse(
        changes.move,
        meeting_id=meeting.pk,
        version=1,
        to=slot(day=date(2027, 1, 22), clock=START.time(), minutes=45, fold=None, at=NOW),
        place=None,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=True,
        by=by,
        clearance=make.clearance(kari, by),
        at=NOW,
    )
    assert consequences.voided == 2
    assert [m.occasion for m in consequences.messages] == ["MOVED", "REMINDER", "REMINDER"]
    assert "flyttet til fredag 22. januar" in consequences.messages[0].texts["sms"]
    assert consequences.messages[0].due_at == make.later(minutes=10)
    assert Message.objects.filter(meeting=meeting).count() == 3


def test_an_answer_replaces_the_task_by_a_quiet_notice_with_the_same_link(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    _answer(meeting, make.later(minutes=1))
    _answer(meeting, make.later(minutes=2))
    assert Message.objects.filter(meeting=meeting, occasion=Occasion.ANSWERED).count() == 1
    sweep(make.later(minutes=3))
    task, notice = topic.shown()
    assert notice["type"] == "beskjed"
    assert "eksternVarsling" not in notice
    assert notice["link"] == task["link"]
    assert notice["aktivFremTil"] == task["aktivFremTil"]
    assert topic.active() == [notice]
    # Never a moment without the link: shown before the old one is taken back.
    assert [event["@event_name"] for event in topic.events] == ["opprett", "opprett", "inaktiver"]


def test_the_task_stays_as_long_as_the_notice_has_not_left(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    _answer(meeting, make.later(minutes=1))
    topic.problem = "_MSG_TIMED_OUT"
    sweep(make.later(minutes=2))
    topic.problem = None
    assert topic.taken_back() == []
    sweep(make.later(minutes=20))
    assert len(topic.taken_back()) == 1
    assert len(topic.active()) == 1


def test_a_move_voids_what_was_not_sent_and_replaces_what_was(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    old = Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)
    _move(meeting, make.later(hours=1))
    assert set(
        Message.objects.filter(meeting=meeting, occasion=Occasion.REMINDER, about_number=1).values_list("state", "why")
    ) == {("VOID", "MOVED")}
    assert sweep(make.later(hours=1)).is_idle
    assert [event["varselId"] for event in topic.active()] == [str(old.key)]
    sweep(make.later(hours=1, minutes=10))
    assert [event["type"] for event in topic.active()] == ["oppgave"]
    assert topic.taken_back() == [str(old.key)]
    new = Message.objects.filter(meeting=meeting, about_number=2).order_by("due_at")
    assert [(m.occasion, m.state) for m in new] == [("MOVED", "SENT"), ("REMINDER", "PLANNED"), ("REMINDER", "PLANNED")]
    assert topic.shown()[0]["link"] == topic.shown()[1]["link"]


def test_moved_twice_before_anything_left_tells_only_the_last(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    _move(meeting, make.later(hours=1), day=22)
    meeting.refresh_from_db()
    _move(meeting, make.later(hours=2), day=25)
    sweep(make.later(hours=2))
    assert len(topic.active()) == 1
    assert "25. januar" in topic.active()[0]["eksternVarsling"]["smsVarslingstekst"]
    assert len(topic.shown()) == 2
    assert len(topic.taken_back()) == 1


def test_a_cancellation_is_told_once_by_sms_and_nothing_else_follows(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    cancel(meeting, make.later(hours=1))
    sweep(make.later(hours=1))
    for hours in range(2, 24 * 12, 5):
        sweep(make.later(hours=hours))
    assert len(topic.shown()) == 2
    only = topic.active()
    assert [event["type"] for event in only] == ["beskjed"]
    assert "avlyst" in only[0]["eksternVarsling"]["smsVarslingstekst"]
    assert topic.doubles == []


def test_cancelled_before_the_invitation_left_it_never_leaves(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    cancel(meeting, make.later(seconds=1))
    assert _states(meeting)["INVITED", "ONCE"] == ("VOID", "CANCELLED")
    sweep(make.later(seconds=2))
    assert ["avlyst" in event["tekster"][0]["tekst"] for event in topic.events] == [True]


def test_what_was_planned_for_an_old_revision_is_not_sent_even_if_it_was_never_voided(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    _move(meeting, make.later(hours=1))
    stale = Message.objects.filter(meeting=meeting, occasion=Occasion.REMINDER, about_number=1)
    stale.update(state=MessageState.PLANNED, why="")
    sweep(START - timedelta(hours=1))
    assert set(stale.values_list("state", "why")) == {("SKIPPED", "MOVED")}


def test_a_reminder_of_a_cancelled_meeting_is_not_sent_even_if_it_was_never_voided(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    cancel(meeting, make.later(hours=1))
    stale = Message.objects.filter(meeting=meeting, occasion=Occasion.REMINDER)
    stale.update(state=MessageState.PLANNED, why="")
    sweep(START - timedelta(hours=1))
    assert set(stale.values_list("state", "why")) == {("SKIPPED", "CANCELLED")}


def test_nothing_is_sent_after_its_limit_and_who_was_never_told_is_contacted_about_another_meeting(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    sweep(meeting.ends_at + timedelta(minutes=1))
    assert topic.shown() == []
    assert set(_states(meeting).values()) == {("SKIPPED", "TOO_LATE")}
    assert [words.task(one) for one in Task.objects.filter(meeting=meeting)] == [
        "Innbyggeren fikk ikke vite om møtet i tide. Ta kontakt, og avtal et nytt møte."
    ]


def test_seven_days_before_only_where_the_task_was_answered(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 2, 11))
    week_before = meeting.starts_at - timedelta(days=7)
    sweep(NOW)
    sweep(week_before)
    assert _states(meeting)["REMINDER", "7_DAYS"] == ("SKIPPED", "MIN_SIDE_REMINDS")


def test_seven_days_before_is_sent_to_one_whom_no_sms_may_reach_since_min_side_reminds_them_of_nothing(
    registers: RunningRegisters, sweep: Sweep, topic: FakeTopic
) -> None:
    turid = next(one for one in CITIZENS if one.protection == "STRENGT_FORTROLIG")
    person = make.citizen(turid.name, number=turid.number, protection=Protection.STRICTLY_CONFIDENTIAL)
    meeting = make.meeting(person=person, day=date(2027, 2, 11))
    sweep(NOW)
    sweep(meeting.starts_at - timedelta(days=7))
    assert _states(meeting)["REMINDER", "7_DAYS"] == ("SENT", "")


def test_seven_days_before_is_sent_where_the_citizen_has_answered(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 2, 11))
    sweep(NOW)
    _answer(meeting, make.later(hours=1))
    sweep(meeting.starts_at - timedelta(days=7))
    assert _states(meeting)["REMINDER", "7_DAYS"] == ("SENT", "")


def test_who_cannot_be_told_gets_a_letter_and_a_call_when_time_is_short(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari, can_be_told=False)
    assert _states(meeting) == {("INVITED", "ONCE"): ("SKIPPED", "CANNOT_BE_TOLD")}
    tasks = dict(Task.objects.filter(meeting=meeting).values_list("kind", "about"))
    assert tasks == {"SEND_LETTER": "INVITED:1"}
    soon = make.meeting(
        user=meeting.host,
        person=kari,
        can_be_told=False,
        day=date(2027, 1, 20),
    )
    assert set(Task.objects.filter(meeting=soon).values_list("kind", flat=True)) == {"SEND_LETTER", "CALL"}
    assert sweep(NOW).is_idle


def test_who_reserved_since_the_booking_gets_a_letter_instead(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    meeting = make.meeting(person=kari)
    registers.set_person(kari.identities.get().number, reserved=True)
    sweep(NOW)
    assert topic.shown() == []
    assert _states(meeting)["INVITED", "ONCE"] == ("SKIPPED", "RESERVED")
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.SEND_LETTER).exists()


def test_nothing_is_sent_to_the_dead_and_nobody_is_rung(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    meeting = make.meeting(person=kari)
    registers.set_person(kari.identities.get().number, deceased="2027-01-10")
    sweep(NOW)
    assert topic.shown() == []
    assert set(_states(meeting).values()) == {("VOID", "DECEASED")}
    assert [task.kind for task in Task.objects.filter(meeting=meeting)] == ["DECEASED"]


@pytest.mark.parametrize("register", ["krr", "pdl"])
def test_with_a_register_down_nothing_leaves_blindly_and_nothing_is_lost(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters, register: str
) -> None:
    meeting = make.meeting(person=kari)
    registers.fail(register)
    swept = sweep(NOW)
    assert (swept.later, swept.is_stuck, topic.shown()) == (1, True, [])
    message = Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)
    assert (message.state, message.attempts) == (MessageState.PLANNED, 0)
    assert message.not_before is not None
    assert message.not_before > NOW
    registers.reset()
    assert sweep(make.later(minutes=6)).sent == 1


def test_a_strictly_protected_person_gets_no_sms_and_no_email(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    make.meeting(person=kari)
    registers.set_person(kari.identities.get().number, protection="STRENGT_FORTROLIG")
    sweep(NOW)
    assert "eksternVarsling" not in topic.shown()[0]
    kari.refresh_from_db()
    assert kari.is_strictly_protected


def test_a_broker_that_is_away_costs_time_and_the_key_stays_the_same(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    key = Message.objects.get(meeting=meeting, occasion=Occasion.INVITED).key
    topic.problem = "_TRANSPORT"
    sweep(NOW)
    assert sweep(make.later(seconds=1)).is_idle
    topic.problem = None
    sweep(make.later(minutes=1))
    assert [event["varselId"] for event in topic.shown()] == [str(key)]


def test_a_message_voided_between_claim_and_settling_is_taken_back_after_the_change_is_told(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)

    def move() -> None:
        topic.while_sending = lambda: None
        _move(meeting, make.later(seconds=5))

    topic.while_sending = move
    swept = sweep(NOW)
    assert swept.overtaken == 1
    old = Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)
    assert (old.state, old.why) == (MessageState.SENT, Why.MOVED)
    sweep(make.later(seconds=6))
    assert [event["@event_name"] for event in topic.events] == ["opprett", "opprett", "inaktiver"]
    assert topic.taken_back() == [str(old.key)]
    assert len(topic.active()) == 1


def test_a_message_voided_while_the_registers_answered_stays_here(
    kari: Person, sweep: Sweep, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    from invitations.messages import registers_now

    meeting = make.meeting(person=kari)
    asked = registers_now.ask

    def slow_ask(*args: object) -> object:
        found = asked(*args)  # type: ignore[arg-type]
        cancel(meeting, make.later(seconds=5))
        return found

    monkeypatch.setattr(registers_now, "ask", slow_ask)
    sweep(NOW)
    monkeypatch.setattr(registers_now, "ask", asked)
    assert topic.shown() == []
    assert _states(meeting)["INVITED", "ONCE"] == ("VOID", "CANCELLED")


def test_a_sender_that_died_after_sending_leaves_nothing_on_a_cancelled_meeting(
    kari: Person, sweep: Sweep, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    from invitations.messages import settle

    meeting = make.meeting(person=kari)

    def die(*_: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(settle, "sent", die)
        with pytest.raises(SystemExit):
            sweep(NOW)
    assert len(topic.active()) == 1
    cancel(meeting, make.later(seconds=5))
    Retraction.objects.filter(message__meeting=meeting).update(due_at=make.later(seconds=5))
    sweep(make.later(seconds=10))
    assert ["avlyst" in event["tekster"][0]["tekst"] for event in topic.active()] == [True]


def test_minutes_are_told_neutrally_and_shown_at_level_high_only(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    from uuid import uuid4

    from invitations.messages import plan_minutes
    from navmeet.outbox.publish import gathering

    meeting = make.meeting(person=kari)
    sweep(NOW)
    with gathering():
        plan_minutes.plan_minutes_shared(meeting.pk, uuid4(), 1, True, make.later(days=20))
    sweep(make.later(days=20))
    event = topic.shown()[-1]
    assert event["sensitivitet"] == "high"
    assert "referat" not in event["eksternVarsling"]["smsVarslingstekst"]
    assert "aktivFremTil" not in event


def test_one_message_without_words_is_a_task_and_the_others_leave(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    odd = make.meeting(person=kari)
    Message.objects.filter(meeting=odd, occasion=Occasion.INVITED).update(language="se")
    make.meeting(odd.host, kari, day=date(2027, 1, 22))
    swept = sweep(NOW)
    assert (swept.sent, swept.not_sent) == (1, 1)
    assert _states(odd)["INVITED", "ONCE"] == ("FAILED", "NO_WORDS")
    assert Task.objects.filter(meeting=odd, kind=Task.Kind.NOT_REACHED).count() == 1


def test_the_task_stays_when_the_notice_could_not_be_sent_and_goes_when_the_meeting_moves(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    _answer(meeting, make.later(hours=1))
    topic.problem = "MSG_SIZE_TOO_LARGE"
    sweep(make.later(hours=1))
    topic.problem = None
    sweep(make.later(hours=2))
    assert topic.taken_back() == []
    meeting.refresh_from_db()
    _move(meeting, make.later(hours=3))
    sweep(make.later(hours=3, minutes=10))
    assert [event["type"] for event in topic.active()] == ["oppgave"]
    assert len(topic.shown()) == 2


def test_each_is_told_in_their_own_language(sweep: Sweep, topic: FakeTopic, registers: RunningRegisters) -> None:
    from navmeet.dev.personas import CITIZENS

    sigrid = next(one for one in CITIZENS if one.language == "nn")
    make.meeting(person=make.citizen(sigrid.name, number=sigrid.number, language="nn"))
    sweep(NOW)
    event = topic.shown()[0]
    assert [text["spraakkode"] for text in event["tekster"] if text["default"]] == ["nn"]
    assert event["eksternVarsling"]["smsVarslingstekst"].startswith("Hei! Du har fått eit møte")


@pytest.mark.parametrize("seed", range(12))
def test_from_booking_to_end_the_link_is_always_there_and_in_the_end_once(
    kari: Person, sweep: Sweep, topic: FakeTopic, seed: int
) -> None:
    luck = random.Random(seed)
    meeting = make.meeting(person=kari)
    sweep(NOW)
    at, day = NOW, 22
    for _ in range(10):
        at += timedelta(minutes=luck.randint(1, 30))
        what = luck.choice(["answer", "move", "sweep", "sweep", "fail"])
        meeting.refresh_from_db()
        if what == "answer":
            _answer(meeting, at)
        elif what == "move" and day < 30:
            day += 1 if day != 23 else 2
            _move(meeting, at, day=day)
        else:
            topic.problem = "_TRANSPORT" if what == "fail" else None
            sweep(at)
    topic.problem = None
    for minutes in (10, 20, 30):
        sweep(at + timedelta(minutes=minutes))
    there: set[str] = set()
    for event in topic.events:
        # Taking back what may have been sent and was not does nothing.
        (there.add if event["@event_name"] == "opprett" else there.discard)(event["varselId"])
        assert there
    assert len(there) == 1
    assert len({event["link"] for event in topic.shown()}) == 1
    assert topic.doubles == []


def test_rehearsal_shows_no_sms_for_a_strictly_protected_person() -> None:
    hidden = make.citizen("Turid Attrapp", protection=Protection.STRICTLY_CONFIDENTIAL)
    user = make.caseworker()
    by = make.actor(user, django_settings.GROUP_STRICTLY_CONFIDENTIAL)
    starting_types.load()
    planned = rehearse(
        booking.book,
        wanted=make.wanted(hidden),
        can_be_told=True,
        by=by,
        clearance=make.clearance(hidden, by),
        at=NOW,
    ).messages
    assert len(planned) == 3
    assert {one.texts["sms"] for one in planned} == {""}
    assert not Message.objects.exists()
