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
