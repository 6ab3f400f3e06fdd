"""What Min side says back: kept once, in any order, and odd things passed by."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from invitations.messages import consume, receipts, send
from invitations.messages.log import message_log
from invitations.models import Message, MessageState, Receipt, Why
from meetings.models import Meeting, Task
from navmeet.pages.staff import words as staff_words
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic

pytestmark = pytest.mark.django_db

NOW = make.NOW


@pytest.fixture
def told(kari: Person, registers: object, topic: FakeTopic) -> Message:
    meeting = make.meeting(person=kari)
    send.sweep(NOW)
    return Message.objects.get(meeting=meeting, occasion="INVITED")


def event(message: Message, status: str = "", *, via: str = "SMS", at: datetime = NOW, **changes: Any) -> bytes:
    told: dict[str, Any] = {
        "@event_name": "eksternStatusOppdatert" if status else "opprettet",
        "varselId": str(message.key),
        "varseltype": "oppgave",
        "namespace": "navmeet",
        "appnavn": "navmeet",
        "tidspunkt": at.isoformat(),
    }
    if status:
        told |= {"status": status, "kanal": via, "renotifikasjon": False}
    return json.dumps(told | changes).encode()


def keep(*values: bytes | None) -> int:
    return receipts.keep(consume.read(values), NOW)


def test_sent_by_sms_is_what_the_caseworker_reads(told: Message) -> None:
    keep(event(told), event(told, "bestilt"), event(told, "sendt"), event(told, "ferdigstilt"))
    told.refresh_from_db()
    assert told.state == MessageState.DELIVERED
    assert message_log(told.meeting)[0].words == "Sendt som SMS"
    assert Receipt.objects.count() == 4


def test_the_same_event_twice_is_kept_once(told: Message) -> None:
    keep(event(told, "sendt"), event(told, "sendt"))
    keep(event(told, "sendt"))
    assert Receipt.objects.count() == 1


def test_a_failure_makes_one_task(told: Message) -> None:
    keep(event(told, "feilet", via="SMS"))
    keep(event(told, "feilet", via="EPOST"))
    told.refresh_from_db()
    assert (told.state, told.why) == (MessageState.FAILED, Why.NOT_DELIVERED)
    task = Task.objects.get(meeting=told.meeting, kind=Task.Kind.NOT_REACHED)
    assert task.due_at <= told.meeting.starts_at - timedelta(hours=1)


@pytest.mark.parametrize("order", [("feilet", "sendt"), ("sendt", "feilet")])
def test_delivered_wins_in_whatever_order_they_come(told: Message, order: tuple[str, str]) -> None:
    for status in order:
        keep(event(told, status))
    told.refresh_from_db()
    assert told.state == MessageState.DELIVERED


def later(message: Message, status: str, minutes: int, **more: Any) -> bytes:
    return event(message, status, at=make.later(minutes=minutes), **more)


Said = tuple[str, str, int]
CASES: list[tuple[list[Said], MessageState, str]] = [
    ([("sendt", "SMS", 1), ("feilet", "SMS", 2)], MessageState.FAILED, "SMS eller e-post kom ikke fram"),
    ([("sendt", "SMS", 1), ("feilet", "", 2)], MessageState.FAILED, "SMS eller e-post kom ikke fram"),
    ([("sendt", "SMS", 1), ("feilet", "SMS", 2), ("ferdigstilt", "", 3)], MessageState.FAILED, "kom ikke fram"),
    ([("sendt", "SMS", 1), ("feilet", "SMS", 2), ("sendt", "SMS", 3)], MessageState.DELIVERED, "Sendt som SMS"),
    ([("sendt", "SMS", 1), ("feilet", "SMS", 2), ("sendt", "EPOST", 3)], MessageState.DELIVERED, "Sendt som e-post"),
    ([("feilet", "SMS", 1), ("sendt", "EPOST", 2)], MessageState.DELIVERED, "Sendt som e-post"),
    ([("sendt", "EPOST", 1), ("feilet", "SMS", 2)], MessageState.DELIVERED, "Sendt som e-post"),
    ([("sendt", "SMS", 1), ("sendt", "EPOST", 1)], MessageState.DELIVERED, "Sendt som e-post og SMS"),
    ([("ferdigstilt", "", 1)], MessageState.DELIVERED, "Sendt som SMS eller e-post"),
    ([("feilet", "", 1), ("sendt", "SMS", 2), ("ferdigstilt", "", 3)], MessageState.DELIVERED, "Sendt som SMS"),
]


@pytest.mark.parametrize(("said", "state", "words"), CASES)
@pytest.mark.parametrize("order", ["as it happened", "backwards", "twice each"])
def test_what_they_come_to_is_the_same_in_whatever_order_and_however_often_they_come(
    told: Message, said: list[Said], state: MessageState, words: str, order: str
) -> None:
    events = [later(told, status, minutes, via=via) for status, via, minutes in said]
    if order == "backwards":
        events.reverse()
    for one in events * (2 if order == "twice each" else 1):
        keep(one)
    told.refresh_from_db()
    assert told.state == state
    assert words in message_log(told.meeting)[0].words
    is_asked = Task.objects.filter(meeting=told.meeting, kind=Task.Kind.NOT_REACHED, done_at=None).exists()
    assert is_asked == (state == MessageState.FAILED)


def test_an_sms_that_fails_after_it_was_sent_is_somebodys_task_that_says_so(told: Message) -> None:
    keep(later(told, "sendt", 1))
    keep(later(told, "feilet", 2))
    assert staff_words.task(Task.objects.get(meeting=told.meeting, kind=Task.Kind.NOT_REACHED)) == (
        "Ring innbyggeren og fortell om møtet. SMS-en kunne ikke leveres, og e-post er ikke forsøkt."
    )


def test_a_task_that_ended_as_it_was_sent_is_there_again_where_it_fails_after_all(told: Message) -> None:
    keep(later(told, "feilet", 1))
    keep(later(told, "sendt", 2))
    asked = Task.objects.filter(meeting=told.meeting, kind=Task.Kind.NOT_REACHED)
    assert (asked.get().done_at is None, asked.get().ended) == (False, "ARRIVED")
    keep(later(told, "feilet", 3))
    assert (asked.get().done_at is None, asked.get().ended) == (True, "")


def test_where_somebody_has_rung_nobody_is_asked_again(told: Message) -> None:
    keep(later(told, "feilet", 1))
    rung = Task.objects.filter(meeting=told.meeting, kind=Task.Kind.NOT_REACHED)
    rung.update(done_at=NOW, done_by=told.meeting.host_id)
    keep(later(told, "sendt", 2))
    keep(later(told, "feilet", 3))
    assert rung.get().done_by == told.meeting.host_id


def test_min_sides_own_reminder_that_fails_takes_nothing_from_what_came_through(told: Message) -> None:
    keep(later(told, "sendt", 1), later(told, "feilet", 9, renotifikasjon=True))
    told.refresh_from_db()
    assert told.state == MessageState.DELIVERED
    assert message_log(told.meeting)[0].words == "Sendt som SMS, men påminnelsen fra Min side kom ikke fram"
    assert not Task.objects.filter(meeting=told.meeting, kind=Task.Kind.NOT_REACHED).exists()


def test_its_own_reminder_that_comes_through_is_enough(told: Message) -> None:
    keep(later(told, "feilet", 1), later(told, "sendt", 9, renotifikasjon=True))
    told.refresh_from_db()
    assert told.state == MessageState.DELIVERED
    assert message_log(told.meeting)[0].words == "Sendt som SMS"


def test_events_of_others_and_unknown_keys_are_passed_by(told: Message) -> None:
    told_others = [
        event(told, "sendt", appnavn="another"),
        event(told, "sendt", namespace="another"),
        event(told, "sendt", varselId=str(uuid4())),
    ]
    assert keep(*told_others) == 0
    assert Receipt.objects.count() == 0


def test_odd_messages_are_passed_by_and_the_good_ones_kept(told: Message) -> None:
    odd = [
        None,
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{" * 10_000,
        event(told, "sendt", varselId=None),
        event(told, "sendt", tidspunkt=None),
        event(told, "sendt", tidspunkt="yesterday"),
        event(told, "sendt").replace(b"eksternStatusOppdatert", b""),
        b'{"melding":"' + b"x" * 1_000_000 + b'"}',
    ]
    assert keep(*odd, event(told, "sendt")) == 1


def test_new_events_new_fields_and_nulls_are_kept_as_they_are_named(told: Message) -> None:
    assert keep(event(told, helt={"nytt": 1}).replace(b"opprettet", b"nyttOrd")) == 1
    assert keep(event(told, "info", kanal=None, renotifikasjon=None, melding="x" * 1_000_000)) == 1
    told.refresh_from_db()
    assert told.state == MessageState.SENT


FIELDS = ["@event_name", "varselId", "varseltype", "status", "kanal", "renotifikasjon", "tidspunkt", "melding"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("odd", [None, 7, [], {"a": 1}, "", "x" * 1_000_000], ids=["null", "7", "[]", "{}", "", "1 MB"])
def test_whatever_one_field_holds_the_next_event_is_kept(told: Message, field: str, odd: Any) -> None:
    good = json.loads(event(told, "sendt"))
    consume._keep(consume.read([json.dumps(good | {field: odd}).encode(), event(told, "sendt")]))
    told.refresh_from_db()
    assert told.state == MessageState.DELIVERED


def test_null_everywhere_is_nobodys(told: Message) -> None:
    assert keep(json.dumps(dict.fromkeys([*FIELDS, "namespace", "appnavn", "feilmelding"])).encode()) == 0
    told.refresh_from_db()
    assert told.state == MessageState.SENT


def test_what_cannot_be_stored_does_not_stop_the_rest(told: Message) -> None:
    half = event(told, "sendt").replace(b'"SMS"', b'"\\ud800"')
    consume._keep(consume.read([half, event(told, "sendt")]))
    assert Receipt.objects.get().via == "SMS"


def test_a_receipt_that_comes_before_the_sender_has_settled_counts(
    kari: Person, registers: object, topic: FakeTopic
) -> None:
    meeting: Meeting = make.meeting(person=kari)
    message = Message.objects.get(meeting=meeting, occasion="INVITED")

    def at_once() -> None:
        keep(event(message, "sendt"))

    topic.while_sending = at_once
    send.sweep(NOW)
    message.refresh_from_db()
    assert message.state == MessageState.DELIVERED
