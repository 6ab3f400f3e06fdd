"""A meeting is moved while its invitation is being sent: in the end Ditt NAV tells of the new time, and of that only.

Cancelling: tests/invitations/messages/test_many_senders.py. `RACES` says how many.
"""

import os
import random
import threading
import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import pytest
from django.db import connection

from invitations.messages import overtake, send, settle, untold
from invitations.models import Message, Occasion, Retraction
from meetings import changes
from meetings.models import Meeting, Reason
from meetings.times import slot
from navmeet.dev.registers import RunningRegisters
from tests import make
from tests.faults.figures import PEOPLE, tell
from tests.invitations.messages.broker import FakeTopic

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

RACES = int(os.environ.get("RACES", "10"))


@pytest.fixture
def topic(registers: RunningRegisters, monkeypatch: pytest.MonkeyPatch) -> FakeTopic:
    fake = FakeTopic()
    fake.install(monkeypatch)
    return fake


def _move(meeting: Meeting, at: datetime) -> None:
    by, citizen = make.actor(meeting.host), meeting.citizen().person
    assert citizen is not None
    changes.move(
        meeting_id=meeting.pk,
        version=meeting.version,
        to=slot(day=_day(meeting), clock=clock_time(14), minutes=45, fold=None, at=at),
        place=None,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=True,
        by=by,
        clearance=make.clearance(citizen, by, at),
        at=at,
        # A thousand days have holidays among them.
        overrule=make.ANYHOW,
    )


def _day(meeting: Meeting) -> date:
    return meeting.starts_at.date()


def _sweep_after(pause: float, at: datetime) -> None:
    try:
        time.sleep(pause)
        send.sweep(at)
    finally:
        connection.close()


def _settle_all(at: datetime) -> None:
    """Retractions of what a dead sender may have sent wait for its lease by the database's clock."""
    for minutes in range(3):
        Retraction.objects.filter(state="PLANNED").update(due_at=at)
        send.sweep(at + timedelta(minutes=minutes))


def test_moved_while_it_is_being_sent_only_the_new_time_is_left(topic: FakeTopic) -> None:
    host, person, luck = make.caseworker(), make.citizen(PEOPLE[0].name, number=PEOPLE[0].number), random.Random(RACES)
    left_first = 0
    for number in range(RACES):
        at = make.later(hours=24 * number)
        meeting = make.meeting(host, person, day=date(2027, 1, 20) + timedelta(days=number), at=at)
        first = str(Message.objects.get(meeting=meeting, occasion=Occasion.INVITED).key)
        # The first two show that both ends are met; the rest land between them.
        sending, moving = {0: (0.0, 0.5), 1: (0.5, 0.0)}.get(number, (luck.uniform(0, 0.05), luck.uniform(0, 0.1)))
        sender = threading.Thread(target=_sweep_after, args=(sending, at))
        sender.start()
        time.sleep(moving)
        _move(meeting, at)
        sender.join(60)
        _settle_all(at + untold.WAITS)
        keys = {str(key) for key in Message.objects.filter(meeting=meeting).values_list("key", flat=True)}
        active = [event for event in topic.active() if event["varselId"] in keys]
        assert [event["varselId"] != first for event in active] == [True]
        left_first += first in {event["varselId"] for event in topic.shown()}
    tell(f"Moved while sent: n = {RACES} races; the first invitation left in {left_first}, and was taken back in each")
    assert 0 < left_first < RACES


def test_without_taking_back_what_left_in_that_moment_a_void_invitation_would_stay(
    topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: neither the change nor the sender looks after what was in the sender's hand."""
    monkeypatch.setattr(overtake, "_take_back", lambda *_, **__: None)
    monkeypatch.setattr(settle, "_overtaken", lambda *_: None)
    meeting = make.meeting(person=make.citizen(PEOPLE[0].name, number=PEOPLE[0].number))
    first = str(Message.objects.get(meeting=meeting, occasion=Occasion.INVITED).key)
    moves = [lambda: _move(meeting, make.NOW)]
    topic.while_sending = lambda: moves.pop()() if moves else None
    send.sweep(make.NOW)
    _settle_all(make.NOW)
    assert len(topic.active()) == 2
    assert first in {event["varselId"] for event in topic.active()}
    tell("Control, nothing is taken back: the old time and the new both stand on Ditt NAV")
