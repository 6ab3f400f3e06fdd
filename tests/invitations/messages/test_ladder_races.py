"""The time runs out in the same instant as the word comes: one is first, and in the end nobody rings in vain."""

import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest

from invitations.messages import delivered, ladder, receipts, send
from invitations.messages.altinn_feed import Delivery
from invitations.messages.receipts_format import EXTERNAL, StatusEvent
from invitations.models import FeedPosition, Message, Pulse
from meetings.models import Task
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.conftest import kari, mailbox, topic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_many_senders import _at_once, _next_job
from tests.stand_ins import registers, registers_server

__all__ = ["kari", "mailbox", "registers", "registers_server", "topic"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("senders")]

ROUNDS = 12
LATE = make.later(hours=9)


def sent(kari: Person, number: int) -> tuple[Message, Message]:
    """Of one meeting: what the citizen and what a doctor was told, and no word of either yet."""
    meeting = make.meeting(person=kari, type_code="DIALOGUE", day=date(2027, 2, 1) + timedelta(days=number))
    make.partner(meeting)
    send.sweep(make.NOW)
    first = Message.objects.filter(meeting=meeting, occasion="INVITED")
    return first.get(channel="DITT_NAV"), first.get(channel="EMAIL")


def by_min_side(message: Message) -> None:
    receipts.keep([StatusEvent(message.key, EXTERNAL, "sendt", "SMS", False, LATE)], LATE)


def by_altinn(message: Message) -> None:
    arrived = Delivery(
        sequence=1,
        shipment_id="x",
        reference=str(message.pk),
        channel="EMAIL",
        status="Email_Delivered",
        is_final=True,
        is_delivered=True,
        at=LATE,
    )
    delivered.keep([arrived], LATE)


def race(late: Callable[[], object], words: list[Callable[[], object]], pauses: tuple[float, float]) -> None:
    """Two see the time run out, after the first pause; the words come after the second."""
    jobs = [(pauses[0], late), (pauses[0], late), *((pauses[1], word) for word in words)]
    assert _at_once(len(jobs), partial(_next_job, iter(jobs))) == []


def test_a_good_word_in_the_same_instant_leaves_nothing_to_ring_about(
    kari: Person, registers: RunningRegisters, topic: FakeTopic, mailbox: FakeMailbox
) -> None:
    luck = random.Random(5)
    Pulse.objects.create(name="consumer", at=LATE)
    FeedPosition.objects.create(name="altinn", at=LATE)
    given_up = 0
    for number in range(ROUNDS):
        notice, email = sent(kari, number)
        late = partial(ladder.catch_up, LATE)
        # The first two show that both ends are met; the rest land between them.
        pauses = {0: (0.0, 0.3), 1: (0.3, 0.0)}.get(number, (luck.uniform(0, 0.01), luck.uniform(0, 0.02)))
        race(late, [partial(by_min_side, notice), partial(by_altinn, email)], pauses)
        of_both = Message.objects.filter(pk__in=[notice.pk, email.pk])
        assert {one.state for one in of_both} == {"DELIVERED"}
        given_up += Task.objects.filter(meeting=notice.meeting).count()
        assert not Task.objects.filter(meeting=notice.meeting, done_at=None).exists()
        assert not Message.objects.filter(meeting=notice.meeting, channel="SMS").exclude(state="VOID").exists()
    sys.stdout.write(f"\nn = {ROUNDS} races: the time was first in {given_up}\n")
    assert 0 < given_up < ROUNDS


def test_many_at_once_that_see_the_time_run_out_ask_once(
    kari: Person, registers: RunningRegisters, topic: FakeTopic, mailbox: FakeMailbox
) -> None:
    Pulse.objects.create(name="consumer", at=LATE)
    FeedPosition.objects.create(name="altinn", at=LATE)
    notice, _ = sent(kari, 0)
    assert _at_once(6, partial(ladder.catch_up, LATE)) == []
    assert Task.objects.filter(meeting=notice.meeting, kind=Task.Kind.NOT_REACHED).count() == 1
    assert Message.objects.filter(meeting=notice.meeting, channel="SMS").count() == 1
