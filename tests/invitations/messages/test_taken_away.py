"""An oppgave is taken away from Ditt NAV by somebody else: the citizen has no link, and that is seen to."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from invitations import undelivered
from invitations.messages import consume, ladder, plan_minutes, receipts, send, taken_away
from invitations.messages.log import Kind, LogLine, message_log
from invitations.messages.send import Swept
from invitations.models import Because, Message, MessageState, Occasion, Retraction, Why
from meetings.models import Meeting, Task
from navmeet.outbox.publish import gathering
from navmeet.pages.staff import troubles
from navmeet.pages.staff import words as staff_words
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_again import again as send_again
from tests.invitations.messages.test_put_off import booked, oslo
from tests.invitations.messages.test_receipts import event
from tests.invitations.messages.test_telling import _answer, _move, cancel

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW = make.NOW
LATER = make.later(hours=2)
BY_OTHERS = "varselet ble fjernet fra Min side av andre enn oss"


@pytest.fixture
def told(kari: Person, sweep: Sweep) -> Message:
    """Of a meeting so far off that there is a reminder 7 days before."""
    meeting = booked(kari, NOW, day=date(2027, 2, 4))
    sweep(NOW)
    return Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)


def gone(message: Message, at: datetime = LATER) -> bytes:
    return event(message, at=at, **{"@event_name": "inaktivert"})


def called_off(message: Message, at: datetime = LATER) -> bytes:
    return event(message, "kansellert", at=at, kanal=None)


def keep(*values: bytes, at: datetime = LATER) -> None:
    receipts.keep(consume.read(values), at)


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.why


def tasks(message: Message, **which: Any) -> Any:
    return Task.objects.filter(kind=Task.Kind.NOT_REACHED, about=f"message:{message.pk.hex}", **which)


def line(message: Message, at: datetime = LATER) -> LogLine:
    return next(one for one in message_log(message.meeting, at) if one.id == message.pk)


def in_list(message: Message, at: datetime = LATER) -> list[undelivered.Trouble]:
    return undelivered.rows(undelivered.of(Message.objects.filter(meeting=message.meeting), at), at=at)


@pytest.mark.parametrize("how", [(gone,), (called_off,), (gone, called_off)])
def test_it_is_a_failure_with_a_task_a_row_and_send_again(told: Message, how: tuple[Callable[..., bytes], ...]) -> None:
    keep(*(one(told) for one in how))
    assert state_of(told) == (MessageState.FAILED, Why.TAKEN_AWAY)
    assert staff_words.task(tasks(told).get()) == (
        "Ring innbyggeren og fortell om møtet, eller send på nytt. Varselet ble fjernet fra Min side av andre enn oss."
    )
    row = in_list(told)[0]
    assert (row.cause, row.cause_words) == ("TAKEN_AWAY", "Fjernet fra Min side av andre enn oss")
    assert undelivered.Repair.SEND_AGAIN in row.repairs
    assert troubles.row(row, at=LATER).again == "Send på nytt"
    was_called_off = ". SMS og e-post ble ikke sendt" if called_off in how else ""
    assert line(told).words == f"Vist på Min side, men {BY_OTHERS}{was_called_off}"


def test_an_sms_that_came_has_no_link_and_is_said_beside_it(told: Message) -> None:
    keep(event(told, "sendt"))
    assert state_of(told) == (MessageState.DELIVERED, "")
    keep(gone(told))
    assert line(told).words == f"Sendt som SMS, men {BY_OTHERS}"
    assert staff_words.task(tasks(told).get()).endswith(f"V{BY_OTHERS[1:]}, og SMS-en kom fram.")
    assert len(in_list(told)) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("status", ["sendt", "feilet"])
def test_in_whatever_order_and_however_often_they_come_it_is_one_task_and_the_same(
    told: Message, order: tuple[int, ...], status: str
) -> None:
    said = [event(told, status), event(told, "bestilt"), gone(told)]
    for number in [*order, *order]:
        keep(said[number])
    keep(gone(told, LATER + timedelta(minutes=1)))
    assert state_of(told) == (MessageState.FAILED, Why.TAKEN_AWAY)
    became = "SMS-en kom fram" if status == "sendt" else "SMS-en kunne ikke leveres"
    assert staff_words.task(tasks(told, done_at=None).get()).endswith(f"enn oss, og {became}.")


def test_heard_of_before_its_sender_has_written_that_it_left(told: Message) -> None:
    Message.objects.filter(pk=told.pk).update(state="PLANNED", sent_at=None, known_by=None, text_sent=None)
    keep(gone(told))
    assert state_of(told) == (MessageState.PLANNED, "")
    send.sweep(LATER)
    assert state_of(told) == (MessageState.FAILED, Why.TAKEN_AWAY)


def test_it_does_not_stand_min_side_reminds_of_nothing_and_the_reminder_seven_days_before_goes(
    told: Message, sweep: Sweep
) -> None:
    before = message_log(told.meeting, LATER)
    assert [one.kind for one in before].count(Kind.RENOTIFICATION) == 1
    assert any(one.words.endswith("hvis innbyggeren har svart") for one in before)
    keep(gone(told))
    after = message_log(told.meeting, LATER)
    assert Kind.RENOTIFICATION not in [one.kind for one in after]
    assert not any("hvis innbyggeren har svart" in one.words for one in after)
    sweep(oslo("2027-01-28T10:00"))
    reminder = Message.objects.get(meeting=told.meeting, step="7_DAYS")
    assert (reminder.state, reminder.why) == (MessageState.SENT, "")


def test_sent_again_it_stands_again_and_what_comes_late_of_the_first_changes_nothing(
    told: Message, sweep: Sweep, topic: FakeTopic
) -> None:
    keep(gone(told))
    again = send_again(told.meeting, at=LATER, because=Because.NOT_DELIVERED).message
    sweep(LATER)
    assert str(again.key) in [one["varselId"] for one in topic.active()]
    assert [one.is_on_its_way for one in in_list(told)] == [True]
    keep(event(again, "sendt", at=LATER))
    assert (tasks(told).get().ended, in_list(told)) == (Task.Ended.ARRIVED, [])
    keep(event(told, "sendt"), gone(told, LATER + timedelta(minutes=3)))
    assert state_of(told) == (MessageState.FAILED, Why.TAKEN_AWAY)
    assert not tasks(told, done_at=None).exists()
    assert any("hvis innbyggeren har svart" in one.words for one in message_log(told.meeting, LATER))


@pytest.mark.parametrize("state", list(Retraction.State))
def test_what_we_take_back_ourselves_is_no_failure_also_while_it_is_being_sent(
    told: Message, state: Retraction.State
) -> None:
    lease = {"claim": uuid4(), "claimed_until": LATER} if state == Retraction.State.CLAIMED else {}
    Retraction.objects.create(message=told, due_at=LATER, state=state, **lease)
    keep(gone(told), called_off(told))
    was_let_be = state == Retraction.State.NOT_NEEDED
    assert state_of(told) == ((MessageState.FAILED, Why.TAKEN_AWAY) if was_let_be else (MessageState.SENT, ""))
    assert tasks(told).exists() == was_let_be


@pytest.mark.parametrize("happens", [_answer, _move, cancel])
def test_answered_moved_or_cancelled_it_is_ours(
    told: Message, sweep: Sweep, happens: Callable[[Meeting, datetime], object]
) -> None:
    happens(told.meeting, LATER)
    for minutes in (0, 10, 11):
        sweep(LATER + timedelta(minutes=minutes))
    keep(gone(told, LATER + timedelta(minutes=12)), called_off(told, LATER + timedelta(minutes=12)))
    assert (state_of(told)[0], tasks(told).exists()) == (MessageState.SENT, False)


def test_gone_because_its_time_was_over_is_no_failure(told: Message) -> None:
    assert told.active_until is not None
    keep(gone(told, told.active_until), at=told.active_until)
    assert (state_of(told), tasks(told).exists()) == ((MessageState.SENT, ""), False)


def test_of_a_meeting_that_is_over_nobody_misses_it(told: Message) -> None:
    ends_at = told.meeting.ends_at
    keep(gone(told, ends_at), at=ends_at)
    assert (state_of(told), tasks(told).exists()) == ((MessageState.SENT, ""), False)


def test_what_a_citizen_has_put_away_they_have_seen(kari: Person, sweep: Sweep) -> None:
    meeting = booked(kari, NOW)
    evening = oslo("2027-01-21T21:00")
    with gathering():
        plan_minutes.plan_minutes_shared(meeting.pk, uuid4(), 1, True, evening)
    sweep(evening)
    shared = Message.objects.get(occasion=Occasion.MINUTES_SHARED)
    keep(gone(shared, evening), called_off(shared, evening), at=evening)
    assert (state_of(shared), tasks(shared).exists()) == ((MessageState.SENT, ""), False)


def test_who_answers_after_it_need_not_be_rung(told: Message) -> None:
    keep(gone(told))
    _answer(told.meeting, LATER + timedelta(minutes=5))
    assert tasks(told).get().ended == Task.Ended.ANSWERED
    assert in_list(told, LATER + timedelta(minutes=6)) == []


def test_negative_control_without_it_all_seems_well(told: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taken_away, "by_others", lambda *_: False)
    keep(gone(told), called_off(told))
    ladder.catch_up(LATER + timedelta(days=3))
    assert (state_of(told), in_list(told), tasks(told).exists()) == ((MessageState.SENT, ""), [], False)
