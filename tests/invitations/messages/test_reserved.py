"""Who cannot be told digitally: a letter for every occasion that is worth one, and a call where it cannot come in time.

Reserved, protected or dead by the time that something is due, they are looked at again before it leaves.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from invitations.messages import ladder, letters, rows
from invitations.messages.rows import About, Told
from invitations.messages.send import Swept
from invitations.models import Channel, Message, MessageState, Occasion, Step, Why
from meetings import changes, formats
from meetings.models import Format, Meeting, Participant, Reason, Status, Task
from meetings.places import Place
from meetings.times import slot
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_partners import by_law
from tests.invitations.messages.test_telling import cancel

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW = make.NOW
# What a citizen is told at all.
OF_CITIZENS = sorted(set(Occasion) - {Occasion.REMOVED})
NO_LETTER = {Occasion.REMINDER, Occasion.ANSWERED}
OF_BEFORE = {Occasion.MINUTES_SHARED, Occasion.MINUTES_AMENDED, Occasion.MINUTES_RECALLED, Occasion.WHAT_HAPPENED}


def asked_for(meeting: Meeting, number: int = 7) -> dict[str, str]:
    found = Task.objects.filter(meeting=meeting, kind__in=["SEND_LETTER", "CALL"], about__endswith=f":{number}")
    return dict(found.values_list("kind", "about"))


def plan(meeting: Meeting, occasion: Occasion, *, can_be_told: bool) -> Message:
    """As its verb plans it. The meeting itself is as it must be for that."""
    if occasion == Occasion.CANCELLED:
        Meeting.objects.filter(pk=meeting.pk).update(status=Status.CANCELLED)
    if occasion in OF_BEFORE:
        Meeting.objects.filter(pk=meeting.pk).update(status=Status.HELD)
    meeting.refresh_from_db()
    Message.objects.filter(meeting=meeting).delete()
    told = Told(meeting, meeting.citizen(), can_be_told, NOW)
    of_meeting = Message(about_id=meeting.pk, about_number=meeting.revision_number)
    number = 7 if can_be_told is False or occasion in OF_BEFORE | {Occasion.CANCELLED} else of_meeting.about_number
    revision = meeting.revisions.get(number=meeting.revision_number)
    step = Step.DAY_1 if occasion == Occasion.REMINDER else Step.ONCE
    return rows.plan(told, occasion, About(revision.pk, number), rows.until_end(meeting, NOW), step=step)[0]


@pytest.mark.parametrize("occasion", OF_CITIZENS)
def test_every_occasion_worth_one_is_a_letter_and_no_reminder_is(kari: Person, occasion: Occasion) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 2, 18))
    message = plan(meeting, occasion, can_be_told=False)
    assert (message.state, message.why) == (MessageState.SKIPPED, Why.CANNOT_BE_TOLD)
    assert asked_for(meeting) == ({} if occasion in NO_LETTER else {"SEND_LETTER": f"{occasion}:7"})


@pytest.mark.parametrize("occasion", OF_CITIZENS)
def test_with_a_meeting_near_somebody_rings_too_but_not_about_what_was(kari: Person, occasion: Occasion) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 1, 15))
    plan(meeting, occasion, can_be_told=False)
    expected = set() if occasion in NO_LETTER else {"SEND_LETTER"} if occasion in OF_BEFORE else {"SEND_LETTER", "CALL"}
    assert set(asked_for(meeting)) == expected


@pytest.mark.parametrize(("day", "rings"), [(20, True), (21, False)])
def test_a_letter_that_has_seven_working_days_needs_no_call(kari: Person, day: int, rings: bool) -> None:
    meeting = make.meeting(person=kari, can_be_told=False, day=date(2027, 1, day))
    assert ("CALL" in asked_for(meeting, 1)) is rings


def test_the_call_comes_an_hour_before_the_start_at_the_latest(kari: Person) -> None:
    meeting = make.meeting(person=kari, can_be_told=False, day=date(2027, 1, 11), clock=time(13))
    assert Task.objects.get(kind="CALL").due_at == meeting.starts_at - timedelta(hours=1)
    # The letter goes by the post, whatever it is worth by then.
    assert Task.objects.get(kind="SEND_LETTER").due_at == datetime(2027, 1, 12, 14, 30, tzinfo=UTC)


def test_moved_put_in_another_form_and_cancelled_each_is_a_letter_of_its_own(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari, can_be_told=False, day=date(2027, 2, 18))
    by = make.actor(meeting.host)
    clearance = make.clearance(kari, by)
    meeting = changes.move(
        meeting_id=meeting.pk,
        version=meeting.version,
        to=slot(day=date(2027, 2, 19), clock=time(10), minutes=45, fold=None, at=NOW),
        place=None,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=False,
        by=by,
        clearance=clearance,
        at=NOW,
    )
    meeting = formats.change_format(
        meeting_id=meeting.pk,
        version=meeting.version,
        to=Format.PHONE,
        place=Place(caller="NAV", phone="55553333"),
        why=changes.Why(Reason.CITIZEN_ASKED),
        safety_measures=frozenset(),
        can_be_told=False,
        by=by,
        clearance=clearance,
        at=NOW,
    )
    cancel(meeting, NOW, can_be_told=False)
    about = Task.objects.filter(kind="SEND_LETTER").order_by("id").values_list("about", flat=True)
    assert [one.partition(":")[0] for one in about] == ["INVITED", "MOVED", "FORMAT_CHANGED", "CANCELLED"]
    assert sweep(make.later(hours=1)).is_idle


@pytest.mark.parametrize("occasion", OF_CITIZENS)
def test_reserved_since_it_was_planned_nothing_leaves_and_a_letter_is_asked_for(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters, occasion: Occasion
) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 2, 18))
    message = plan(meeting, occasion, can_be_told=True)
    registers.set_person(CITIZENS[0].number, reserved=True)
    sweep(NOW)
    message.refresh_from_db()
    if occasion == Occasion.ANSWERED:
        # On the page alone: a reservation says how we may send, not what they may see.
        assert ["eksternVarsling" in one for one in topic.shown()] == [False]
        return
    assert topic.shown() == []
    assert (message.state, message.why) == (MessageState.SKIPPED, Why.RESERVED)
    assert ("SEND_LETTER" in asked_for(meeting, message.about_number)) is (occasion not in NO_LETTER)


@pytest.mark.parametrize("occasion", OF_CITIZENS)
def test_dead_by_the_time_it_is_due_nothing_leaves_and_nobody_writes(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters, occasion: Occasion
) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 2, 18))
    message = plan(meeting, occasion, can_be_told=True)
    registers.set_person(CITIZENS[0].number, deceased=True)
    sweep(NOW)
    message.refresh_from_db()
    assert topic.shown() == []
    assert (message.state, message.why) == (MessageState.VOID, Why.DECEASED)
    assert not Task.objects.filter(meeting=meeting, kind__in=["SEND_LETTER", "CALL", "NOT_REACHED"]).exists()


@pytest.mark.parametrize("occasion", OF_CITIZENS)
def test_protected_by_the_time_it_is_due_it_is_shown_and_no_sms_or_email_leaves(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters, occasion: Occasion
) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 2, 18))
    plan(meeting, occasion, can_be_told=True)
    registers.set_person(CITIZENS[0].number, protection="STRENGT_FORTROLIG")
    sweep(NOW)
    assert ["eksternVarsling" in one for one in topic.shown()] == [False]


@pytest.mark.parametrize(
    ("become", "why"), [({"protection": "STRENGT_FORTROLIG"}, "PROTECTED"), ({"deceased": True}, "DECEASED")]
)
def test_an_sms_to_a_partner_stays_here_when_the_citizen_has_become_protected_or_has_died(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, registers: RunningRegisters, become: dict[str, str], why: str
) -> None:
    meeting = by_law(kari)
    partner = Participant.objects.get(meeting=meeting, role="DOCTOR")
    email = Message.objects.get(participant=partner, occasion="INVITED")
    email.state, email.why, email.settled_at = MessageState.FAILED, Why.NOT_DELIVERED, NOW
    email.sent_at = NOW
    email.save()
    ladder.did_not_arrive(email, NOW)
    registers.set_person(CITIZENS[0].number, **become)
    sweep(NOW)
    sms = Message.objects.get(participant=partner, channel=Channel.SMS, occasion="INVITED")
    assert mailbox.sms == []
    assert sms.state == MessageState.VOID
    assert sms.why in {why, "CANCELLED"}


def test_what_is_worth_a_letter_is_all_but_reminders_and_receipts() -> None:
    assert set(OF_CITIZENS) - NO_LETTER == letters.WORTH_A_LETTER
