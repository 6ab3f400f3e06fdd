"""What the figures say of the telling: what waits, what hangs and on what, and whether a finished day adds up."""

from datetime import date, datetime, timedelta

import pytest
from prometheus_client.core import Metric

from invitations.models import Hang, Message, MessageState, Pulse, Retraction, Why
from meetings import changes
from navmeet.internal import ledger_measures
from tests import make
from tests.meetings.test_changes import arguments, to

pytestmark = pytest.mark.django_db


def read(at: datetime = make.NOW) -> dict[str, float]:
    """By name, with the label's value behind it."""
    ledger_measures.forget()
    found: list[Metric] = ledger_measures.figures(at)
    return {
        "".join([sample.name, *(f".{value}" for value in sample.labels.values())]): sample.value
        for metric in found
        for sample in metric.samples
    }


def opened(at: datetime) -> float:
    return read(at)["navmeet_retractions_open"]


def messages(count: int) -> list[Message]:
    """Due at 08.00 on 11 January in Oslo, and later on that day one a minute; nothing else is in the ledger."""
    user, person = make.caseworker(), make.citizen()
    for number in range(count):
        make.meeting(user, person, day=date(2027, 1, 18) + timedelta(days=number))
    Message.objects.exclude(occasion="INVITED").delete()
    found = list(Message.objects.order_by("pk"))
    for number, message in enumerate(found):
        message.due_at = make.NOW - timedelta(hours=2) + timedelta(minutes=number)
        message.save(update_fields=["due_at"])
    return found


def test_what_is_due_and_not_sent_is_as_old_as_the_oldest_whoever_has_it_in_hand() -> None:
    waiting, in_hand = messages(2)
    assert read()["navmeet_oldest_due_seconds"] == 7200
    Message.objects.filter(pk=waiting.pk).update(state=MessageState.SENT, sent_at=make.NOW)
    assert read()["navmeet_oldest_due_seconds"] == 7140
    Message.objects.filter(pk=in_hand.pk).update(state="CLAIMED", claim=in_hand.pk, claimed_until=make.NOW)
    assert read()["navmeet_oldest_due_seconds"] == 7140
    Message.objects.filter(pk=in_hand.pk).update(state=MessageState.SENT, claim=None, claimed_until=None)
    assert read()["navmeet_oldest_due_seconds"] == 0


def test_what_was_tried_often_and_what_hangs_are_counted_until_they_leave() -> None:
    broker, throttled, rarely = messages(3)
    Message.objects.filter(pk=broker.pk).update(attempts=5, hangs_on=Hang.BROKER)
    Message.objects.filter(pk=throttled.pk).update(attempts=9, hangs_on=Hang.THROTTLED)
    Message.objects.filter(pk=rarely.pk).update(attempts=4)
    figures = read()
    assert figures["navmeet_messages_tried_often"] == 2
    hanging = {name: value for name, value in figures.items() if name.startswith("navmeet_messages_hanging.")}
    assert {name.rpartition(".")[2]: value for name, value in hanging.items()} == {
        "BROKER": 1,
        "THROTTLED": 1,
        "REGISTERS": 0,
        "RECEIVER": 0,
        "FORBIDDEN": 0,
    }
    Message.objects.update(state=MessageState.SENT, sent_at=make.NOW)
    assert read()["navmeet_messages_tried_often"] == 0


def test_a_retraction_that_waits_for_what_takes_its_place_is_open_only_when_that_should_have_left() -> None:
    meeting = make.meeting()
    make.told(meeting)
    changes.move(**arguments(meeting, to=to(), place=None))
    waiting = Retraction.objects.get(state="PLANNED", after__occasion="MOVED")
    assert waiting.after is not None
    due_at = waiting.after.due_at
    assert due_at > make.NOW
    assert [opened(at) for at in (make.later(minutes=2), due_at)] == [0, 0]
    assert opened(due_at + timedelta(minutes=2)) == 1, "what should take its place is late itself"
    Message.objects.filter(pk=waiting.after.pk).update(state="SENT", sent_at=due_at, settled_at=due_at)
    assert [opened(due_at + timedelta(minutes=minutes)) for minutes in (0, 2)] == [0, 1]
    Retraction.objects.filter(pk=waiting.pk).update(due_at=make.later(days=1), attempts=1)
    assert opened(due_at + timedelta(minutes=2)) == 1, "it was tried and came to nothing, and is due anew"
    Retraction.objects.filter(pk=waiting.pk).update(state="SENT", sent_at=due_at)
    assert opened(make.later(days=2)) == 0


def test_what_is_taken_back_at_once_is_open_when_no_sender_has_had_it() -> None:
    meeting = make.meeting()
    make.told(meeting)
    invited = Message.objects.get(occasion="INVITED")
    due_at = make.later(minutes=2)
    taken = Retraction.objects.create(message=invited, due_at=due_at)
    assert [opened(make.later(minutes=minutes)) for minutes in (0, 2, 4)] == [0, 0, 1]
    claimed = {"state": "CLAIMED", "claim": invited.pk, "claimed_until": make.later(minutes=4)}
    Retraction.objects.filter(pk=taken.pk).update(attempts=1, **claimed)
    assert opened(due_at) == 0, "in hand for the first time"
    Retraction.objects.filter(pk=taken.pk).update(attempts=2)
    assert opened(due_at) == 1
    Message.objects.filter(pk=invited.pk).update(state="PLANNED", sent_at=None, settled_at=None)
    assert opened(make.later(days=1)) == 0, "what has not left stands nowhere"


def test_a_finished_day_adds_up_when_each_was_sent_or_surely_is_not_to_be() -> None:
    sent, skipped, failed, left = messages(4)
    tomorrow = make.later(days=1)
    Message.objects.filter(pk=sent.pk).update(state=MessageState.DELIVERED, sent_at=make.NOW)
    Message.objects.filter(pk=skipped.pk).update(state=MessageState.SKIPPED, why=Why.TOO_LATE)
    # Was sent, and did not arrive.
    Message.objects.filter(pk=failed.pk).update(state=MessageState.FAILED, why=Why.NOT_DELIVERED, sent_at=make.NOW)
    figures = read(tomorrow)
    names = ("planned", "sent", "not_sent")
    assert [figures[f"navmeet_day_messages.{name}"] for name in names] == [4, 2, 1]
    assert figures["navmeet_day_balance"] == 1
    # Of a row that says that it was sent, and when is not known, nobody knows whether it was.
    Message.objects.filter(pk=left.pk).update(state=MessageState.SENT)
    assert read(tomorrow)["navmeet_day_balance"] == 1
    Message.objects.filter(pk=left.pk).update(sent_at=make.NOW)
    assert read(tomorrow)["navmeet_day_balance"] == 0
    # The day that runs is no finished day.
    assert read()["navmeet_day_messages.planned"] == 0


def test_a_part_of_the_worker_that_never_worked_is_older_than_any_alarm() -> None:
    Pulse.objects.create(name="sweep", at=make.NOW)
    figures = read(make.later(seconds=30))
    assert figures["navmeet_pulse_age_seconds.sweep"] == 30
    assert figures["navmeet_pulse_age_seconds.probe"] == float("inf")


def test_what_takes_long_to_count_is_not_counted_at_each_scrape(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[object] = []

    def count(at: datetime) -> list[Metric]:
        counted.append(at)
        return []

    kept = ledger_measures._Kept(count)
    monkeypatch.setattr(ledger_measures, "monotonic", iter([0.0, 2.0, 100.0, 199.9, 200.0, 200.5]).__next__)
    for _ in range(4):
        kept.of(make.NOW)
    assert len(counted) == 2
