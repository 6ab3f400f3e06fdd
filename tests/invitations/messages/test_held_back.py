"""Learned overnight, before the SMS of the evening goes: who has died and who is strictly protected do not get it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from invitations import regular_look
from invitations.messages import held_back, plan_minutes
from invitations.messages.log import Kind, message_log
from invitations.messages.send import Swept
from invitations.models import Message, MessageState, Occasion, Retraction, Step
from meetings.models import Meeting, Task
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.outbox.publish import gathering
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_put_off import EVENING, NINE, booked, invited, oslo
from tests.invitations.messages.test_telling import _move

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
MINUTE = timedelta(minutes=1)
HALF_PAST = NINE - 30 * MINUTE
KARI = CITIZENS[0].number


@pytest.fixture
def told(kari: Person, sweep: Sweep) -> Message:
    message = invited(kari, sweep)
    Person.objects.update(registers_asked_at=HALF_PAST - MINUTE)
    return message


def protect(registers: RunningRegisters) -> None:
    registers.set_person(KARI, protection="STRENGT_FORTROLIG")


def active_sms(topic: FakeTopic) -> list[str]:
    """Of what Min side sends at nine."""
    return [one["varselId"] for one in topic.active() if "eksternVarsling" in one]


def test_everybody_whose_sms_goes_within_half_an_hour_is_asked_about_once_in_it(
    told: Message, registers: RunningRegisters
) -> None:
    assert regular_look.look_again(HALF_PAST - MINUTE) == 0
    assert regular_look.look_again(HALF_PAST) == 1
    assert regular_look.look_again(HALF_PAST + MINUTE) == 0
    assert regular_look.look_again(NINE) == 0


def test_who_was_asked_about_in_it_already_is_not(told: Message, registers: RunningRegisters) -> None:
    Person.objects.update(registers_asked_at=HALF_PAST)
    assert regular_look.look_again(HALF_PAST + MINUTE) == 0


def test_so_are_those_whose_meeting_is_over(kari: Person, sweep: Sweep) -> None:
    meeting = booked(kari, make.NOW)
    evening = oslo("2027-01-21T21:00")
    with gathering():
        plan_minutes.plan_minutes_shared(meeting.pk, uuid4(), 1, True, evening)
    sweep(evening)
    assert regular_look.look_again(evening + timedelta(hours=11, minutes=45)) == 1


def test_before_all_others_whoever_was_asked_about_longest_ago(
    told: Message, registers: RunningRegisters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regular_look, "BATCH", 1)
    make.meeting(person=make.citizen(CITIZENS[2].name, number=CITIZENS[2].number), at=EVENING)
    theirs = Person.objects.filter(pk=told.meeting.citizen_id())
    Person.objects.exclude(pk__in=theirs).update(registers_asked_at=EVENING - timedelta(days=2))
    regular_look.look_again(HALF_PAST)
    assert theirs.get().registers_asked_at == HALF_PAST


def test_a_death_learned_before_nine_takes_the_sms_with_it(
    told: Message, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    registers.set_person(KARI, deceased="2027-01-11")
    regular_look.look_again(HALF_PAST)
    sweep(HALF_PAST)
    assert (topic.active(), str(told.key) in topic.taken_back()) == ([], True)


def test_who_becomes_strictly_protected_finds_the_same_on_the_page_alone_without_a_gap(
    told: Message, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    protect(registers)
    regular_look.look_again(HALF_PAST)
    sweep(HALF_PAST)
    first, anew = topic.shown()
    assert [one["varselId"] for one in topic.active()] == [anew["varselId"]]
    names = [(one["@event_name"], one["varselId"]) for one in topic.events]
    assert names.index(("opprett", anew["varselId"])) < names.index(("inaktiver", first["varselId"]))
    assert ("eksternVarsling" in anew, anew["link"], anew["tekster"]) == (False, first["link"], first["tekster"])
    line = next(one for one in message_log(told.meeting, NINE) if one.id == told.pk)
    assert line.words == "Vist på Min side. SMS og e-post ble ikke sendt: et nyere varsel tok plassen først"
    assert Task.objects.filter(meeting=told.meeting, kind=Task.Kind.CALL, about__startswith="INVITED").count() == 1
    sweep(HALF_PAST + MINUTE)
    assert Message.objects.filter(occasion=Occasion.INVITED).count() == 2


def test_negative_control_without_it_the_sms_would_go(
    told: Message, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_back, "hold_back", lambda *_: 0)
    protect(registers)
    regular_look.look_again(HALF_PAST)
    sweep(HALF_PAST)
    assert active_sms(topic) == [str(told.key)]


def test_of_a_move_plain_words_stand_in_its_place(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    meeting = booked(kari, make.NOW)
    sweep(make.NOW)
    _move(meeting, EVENING, day=28)
    sweep(EVENING + 10 * MINUTE)
    assert len(active_sms(topic)) == 1
    protect(registers)
    regular_look.look_again(HALF_PAST)
    sweep(HALF_PAST)
    plain = Message.objects.get(meeting=meeting, step=Step.PLAIN)
    assert [one["varselId"] for one in topic.active()] == [str(plain.key)]


def test_of_minutes_too_and_a_full_day_does_not_hold_them_up(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters, settings: object
) -> None:
    settings.MOST_MESSAGES_A_DAY = 1  # type: ignore[attr-defined]
    meeting = booked(kari, make.NOW)
    evening = oslo("2027-01-21T21:00")
    Message.objects.filter(occasion=Occasion.REMINDER).delete()
    _share(meeting, evening)
    sweep(evening)
    assert len(active_sms(topic)) == 1
    Message.objects.filter(occasion=Occasion.MINUTES_SHARED).update(counted_on=date(2027, 1, 22))
    protect(registers)
    regular_look.look_again(evening + timedelta(hours=11, minutes=45))
    sweep(evening + timedelta(hours=11, minutes=45))
    assert active_sms(topic) == []
    plain = Message.objects.get(meeting=meeting, step=Step.PLAIN)
    assert (plain.occasion, plain.state) == (Occasion.MINUTES_SHARED, MessageState.SENT)


def test_protected_on_another_occasion_before_it_is_held_back_now_too(
    told: Message, sweep: Sweep, topic: FakeTopic
) -> None:
    """Protection that came, went, and came again: the meeting was seen to the first time."""
    told.participant.invitation.protected_at = make.NOW
    told.participant.invitation.save(update_fields=["protected_at"])
    Person.objects.update(protection=Protection.STRICTLY_CONFIDENTIAL)
    sweep(HALF_PAST)
    assert str(told.key) in topic.taken_back()


def test_where_what_takes_the_place_cannot_leave_the_sms_is_called_off_all_the_same_just_before(
    told: Message, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    protect(registers)
    regular_look.look_again(HALF_PAST)
    registers.fail("krr", "down")
    sweep(HALF_PAST)
    assert topic.taken_back() == []
    sweep(NINE - 6 * MINUTE)
    assert topic.taken_back() == []
    sweep(NINE - 5 * MINUTE)
    assert topic.taken_back() == [str(told.key)]


def test_an_sms_that_has_gone_is_not_looked_for_by_each_sweep(told: Message, sweep: Sweep, topic: FakeTopic) -> None:
    Person.objects.update(protection=Protection.STRICTLY_CONFIDENTIAL)
    assert held_back.people(NINE) == set()
    assert held_back.people(NINE - MINUTE) == {told.participant.person_id}


def test_of_what_min_side_does_not_remind_of_an_sms_that_has_gone_is_not_replaced(kari: Person, sweep: Sweep) -> None:
    meeting = booked(kari, make.NOW)
    day = oslo("2027-01-22T10:00")
    _share(meeting, day)
    sweep(day)
    Person.objects.update(protection=Protection.STRICTLY_CONFIDENTIAL)
    assert held_back.hold_back(kari.pk, day + MINUTE) == 0


@pytest.fixture
def by_day(kari: Person, sweep: Sweep) -> Message:
    """Its SMS has gone, and Min side sends it again a week later."""
    return invited(kari, sweep, make.NOW)


NEXT_DAY = make.NOW + timedelta(days=1)


def test_what_min_side_is_still_to_remind_of_by_sms_stands_on_the_page_alone_once_it_is_learned(
    by_day: Message, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    assert Kind.RENOTIFICATION in [one.kind for one in message_log(by_day.meeting, NEXT_DAY)]
    protect(registers)
    for hours in (0, 1, 24, 48):
        regular_look.look_again(NEXT_DAY + timedelta(hours=hours))
        sweep(NEXT_DAY + timedelta(hours=hours))
    first, anew = topic.shown()
    assert (active_sms(topic), [one["varselId"] for one in topic.active()]) == ([], [anew["varselId"]])
    assert (anew["link"], anew["tekster"]) == (first["link"], first["tekster"])
    assert Kind.RENOTIFICATION not in [one.kind for one in message_log(by_day.meeting, NEXT_DAY)]
    assert Message.objects.filter(occasion=Occasion.INVITED).count() == 2
    assert Task.objects.filter(meeting=by_day.meeting, kind=Task.Kind.CALL).count() == 1


def test_learned_again_of_a_meeting_that_was_seen_to_before_the_regular_look_finds_it(
    by_day: Message, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    by_day.participant.invitation.protected_at = make.NOW
    by_day.participant.invitation.save(update_fields=["protected_at"])
    Person.objects.update(protection=Protection.STRICTLY_CONFIDENTIAL)
    sweep(NEXT_DAY)
    assert active_sms(topic) == [str(by_day.key)]
    protect(registers)
    Person.objects.update(registers_asked_at=make.NOW)
    regular_look.look_again(NEXT_DAY)
    sweep(NEXT_DAY + MINUTE)
    assert active_sms(topic) == []


@pytest.mark.parametrize(("state", "rings"), [("SENT", 1), ("DELIVERED", 0), ("FAILED", 0)])
def test_nobody_rings_about_an_sms_that_came_or_of_which_somebody_is_asked_already(
    by_day: Message, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters, state: str, rings: int
) -> None:
    why = "NOT_DELIVERED" if state == "FAILED" else ""
    Message.objects.filter(pk=by_day.pk).update(state=state, why=why)
    protect(registers)
    regular_look.look_again(NEXT_DAY)
    sweep(NEXT_DAY)
    assert active_sms(topic) == []
    assert Task.objects.filter(meeting=by_day.meeting, kind=Task.Kind.CALL).count() == rings


def test_after_a_week_there_is_nothing_left_to_hold_back(by_day: Message) -> None:
    Person.objects.update(protection=Protection.STRICTLY_CONFIDENTIAL)
    person = by_day.meeting.citizen_id()
    a_week = make.NOW + timedelta(days=7)
    assert held_back.to_be_reminded([person], a_week - MINUTE) == {person}
    assert held_back.to_be_reminded([person], a_week) == set()


def test_who_is_not_strictly_protected_is_reminded(by_day: Message) -> None:
    assert held_back.to_be_reminded([by_day.meeting.citizen_id()], NEXT_DAY) == set()


def test_one_that_is_taken_back_already_is_left_alone(told: Message) -> None:
    Retraction.objects.create(message=told, due_at=EVENING)
    Person.objects.update(protection=Protection.STRICTLY_CONFIDENTIAL)
    assert held_back.people(NINE - MINUTE) == set()


def _share(meeting: Meeting, at: datetime) -> None:
    with gathering():
        plan_minutes.plan_minutes_shared(meeting.pk, uuid4(), 1, True, at)
