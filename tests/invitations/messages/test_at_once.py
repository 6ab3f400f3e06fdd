"""A batch is settled by few statements, and still each row by its own: what is not ours any more stays as it is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.messages import claim, send
from invitations.models import Hang, Message, MessageState, Receipt, Retraction, Why
from meetings.models import Meeting
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_telling import cancel

pytestmark = pytest.mark.django_db(transaction=True)

Sweep = Callable[[datetime], send.Swept]


def invited(kari: Person, count: int, first: date = date(2027, 1, 18)) -> list[Message]:
    """So many invitations, due."""
    user = make.caseworker()
    for number in range(count):
        make.meeting(user, kari, day=first + timedelta(days=number))
    return list(Message.objects.filter(occasion="INVITED").order_by("due_at", "pk"))


def test_of_one_batch_each_row_becomes_what_became_of_it(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    voided, failed, taken, plain = invited(kari, 4)
    another = uuid4()

    def meanwhile() -> None:
        topic.while_sending = lambda: None
        cancel(Meeting.objects.get(pk=voided.meeting_id), make.NOW)
        Receipt.objects.create(
            message=failed, event="eksternStatusOppdatert", status="feilet", happened_at=make.NOW, kept_at=make.NOW
        )
        Message.objects.filter(pk=taken.pk).update(claim=another)

    topic.while_sending = meanwhile
    swept = sweep(make.NOW)
    assert (swept.sent, swept.overtaken) == (2, 2)
    rows = {message.pk: message for message in Message.objects.all()}
    assert (rows[plain.pk].state, rows[plain.pk].claim) == (MessageState.SENT, None)
    assert rows[plain.pk].text_sent is not None
    assert (rows[failed.pk].state, rows[failed.pk].why) == (MessageState.FAILED, Why.NOT_DELIVERED)
    assert (rows[voided.pk].state, rows[voided.pk].why) == (MessageState.SENT, Why.CANCELLED)
    assert Retraction.objects.filter(message=voided, state=Retraction.State.PLANNED).exists()
    # Somebody else has it in hand: theirs to settle.
    assert (rows[taken.pk].state, rows[taken.pk].claim, rows[taken.pk].sent_at) == (MessageState.CLAIMED, another, None)


def test_what_the_broker_did_not_take_waits_each_its_own_time(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    messages = invited(kari, 5)
    topic.problem = "_MSG_TIMED_OUT"
    assert sweep(make.NOW).later == 5
    rows = Message.objects.filter(pk__in=[message.pk for message in messages])
    assert set(rows.values_list("state", "attempts", "hangs_on", "claim")) == {("PLANNED", 1, Hang.BROKER, None)}
    times = {row.pk: row.not_before for row in rows}
    assert times == {message.pk: make.NOW + claim.wait(message.key, 0) for message in messages}
    assert len(set(times.values())) > 1


def test_a_batch_of_ten_asks_the_database_no_more_than_one_of_four(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    asked = []
    for count in (4, 10):
        invited(kari, count, date(2027, 2, count))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert sweep(make.NOW).sent == count
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 40


def test_a_sweep_that_finds_nothing_due_asks_a_handful_of_statements(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    invited(kari, 3)
    with CaptureQueriesContext(connection) as queries:
        assert sweep(make.NOW - timedelta(days=1)).is_idle
    asked = [query["sql"] for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT"))]
    assert len(asked) == 5
