"""A cancellation that never left anybody's hand, and is taken back: nothing told, nothing tells."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from invitations.messages.send import Swept
from invitations.models import Message, Occasion, Retraction
from meetings import reinstating
from meetings.models import Meeting
from navmeet.change import rehearse
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_again import again
from tests.invitations.messages.test_still_true import reinstate
from tests.invitations.messages.test_untold import HOUR, add_colleague, cancel, later, move, rows, said

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
HOURS_1 = timedelta(hours=1)


@pytest.fixture
def meeting(kari: Person, sweep: Sweep) -> Meeting:
    """Told at NOW, of Thursday 21 January at 10."""
    made = make.meeting(person=kari)
    sweep(make.NOW)
    return made


def test_cancelled_and_reinstated_before_it_left_tells_nobody_and_says_why(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    cancel(meeting, HOUR)
    would = rehearse(reinstating.reinstate, **reinstate(meeting, later(1)))
    assert [(one.occasion, one.falls) for one in would.messages if one.occasion != Occasion.REMINDER] == [
        ("REINSTATED", "AS_TOLD")
    ]
    reinstating.reinstate(**reinstate(meeting, later(1)))
    sweep(later(1))
    sweep(later(30))
    assert len(topic.shown()) == len(topic.active()) == 1
    assert rows(meeting)[1:] == [("CANCELLED", "VOID", "REINSTATED"), ("REINSTATED", "SKIPPED", "AS_TOLD")]


def test_the_invitation_stays_on_ditt_nav_and_the_reminders_are_planned_anew(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    before = {one.step: one.due_at for one in Message.objects.filter(occasion=Occasion.REMINDER)}
    cancel(meeting, HOUR)
    assert not Message.objects.filter(occasion=Occasion.REMINDER, state="PLANNED").exists()
    reinstating.reinstate(**reinstate(meeting, later(1)))
    sweep(later(30))
    assert [event["type"] for event in topic.active()] == ["oppgave"]
    assert Retraction.objects.get().state == Retraction.State.NOT_NEEDED
    planned = Message.objects.filter(occasion=Occasion.REMINDER, state="PLANNED")
    assert {one.step: one.due_at for one in planned} == before
    assert before


def test_once_the_cancellation_has_left_it_is_told_that_it_is_not_so(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    cancel(meeting, HOUR)
    sweep(HOUR)
    reinstating.reinstate(**reinstate(meeting, later(1)))
    sweep(later(1))
    assert "er ikke avlyst likevel" in said(topic)[-1]
    assert len(topic.active()) == 1


def test_called_off_in_the_night_and_held_after_all_in_the_night_ring_both_at_once(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    """Who was rung up about a cancellation is not to believe it until nine, or over Christmas."""
    night = make.NOW.replace(hour=22)
    cancel(meeting, night)
    sweep(night)
    would = rehearse(reinstating.reinstate, **reinstate(meeting, night + HOURS_1))
    (planned,) = [one for one in would.messages if one.occasion == Occasion.REINSTATED]
    assert (planned.due_at, planned.sms_at) == (night + HOURS_1, None)
    reinstating.reinstate(**reinstate(meeting, night + HOURS_1))
    sweep(night + HOURS_1)
    assert [one["eksternVarsling"].get("utsettSendingTil") for one in topic.shown()] == [None, None, None]
    assert "er ikke avlyst likevel" in said(topic)[-1]


def test_a_cancellation_in_a_dead_senders_hand_may_have_left_and_is_taken_back(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    cancel(meeting, HOUR)
    Message.objects.filter(occasion=Occasion.CANCELLED).update(attempts=1)
    reinstating.reinstate(**reinstate(meeting, later(1)))
    sweep(later(1))
    assert "er ikke avlyst likevel" in said(topic)[-1]


def test_what_was_moved_before_it_was_cancelled_is_told_as_a_move_and_at_once(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, HOUR, 22)
    cancel(meeting, later(2))
    reinstating.reinstate(**reinstate(meeting, later(3)))
    assert sweep(later(3)).sent == 1
    assert "flyttet til fredag 22. januar" in said(topic)[-1]
    assert len(topic.active()) == 1


def test_a_colleague_who_came_before_it_was_cancelled_is_told_of(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    add_colleague(meeting, HOUR)
    cancel(meeting, later(2))
    reinstating.reinstate(**reinstate(meeting, later(3)))
    sweep(later(3))
    assert rows(meeting)[-1][:2] == ("PEOPLE_CHANGED", "SENT")
    assert [event["type"] for event in topic.active()] == ["oppgave", "beskjed"]


def test_who_was_never_told_of_the_meeting_is_invited(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    cancel(meeting, make.later(seconds=1))
    reinstating.reinstate(**reinstate(meeting, make.later(seconds=2)))
    sweep(make.later(seconds=2))
    assert "Du har fått et videomøte med Nav" in said(topic)[-1]
    assert len(topic.shown()) == 1


def test_cancelled_again_before_anybody_heard_that_it_is_held_after_all_tells_nobody(
    kari: Person, sweep: Sweep, topic: FakeTopic, mailbox: FakeMailbox
) -> None:
    meeting = make.meeting(person=kari, type_code="DIALOGUE")
    make.partner(meeting)
    sweep(make.NOW)
    cancel(meeting, HOUR)
    sweep(HOUR)
    reinstating.reinstate(**reinstate(meeting, later(1)))
    cancel(meeting, later(2))
    sweep(later(2))
    sweep(later(30))
    (active,) = topic.active()
    assert "avlyst" in str(active)
    assert len(topic.shown()) == len(mailbox.mails) == 2
    last = Message.objects.filter(meeting=meeting, occasion=Occasion.CANCELLED, about_number=3)
    assert {(one.channel, one.state, one.why) for one in last} == {
        ("DITT_NAV", "SKIPPED", "AS_TOLD"),
        ("EMAIL", "SKIPPED", "AS_TOLD"),
    }


def test_cancelled_again_after_held_after_all_may_have_left_tells_it(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    cancel(meeting, HOUR)
    sweep(HOUR)
    reinstating.reinstate(**reinstate(meeting, later(1)))
    Message.objects.filter(occasion=Occasion.REINSTATED).update(attempts=1)
    cancel(meeting, later(2))
    sweep(later(30))
    assert [event["type"] for event in topic.shown()][1:] == ["beskjed", "beskjed"]


def test_a_move_that_was_never_told_is_told_with_held_after_all_and_what_is_called_off_again_is_the_last_time_told(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, HOUR, 28)
    cancel(meeting, later(1))
    sweep(later(1))
    assert "21. januar" in said(topic)[-1]
    reinstating.reinstate(**reinstate(meeting, later(2)))
    sweep(later(2))
    moved_to = said(topic)[-1]
    assert "er ikke avlyst likevel, men flyttet til" in moved_to
    assert "21. januar" not in moved_to
    cancel(meeting, later(3))
    sweep(later(3))
    sent = again(meeting, at=later(20))
    sweep(later(20))
    assert sent.message.occasion == Occasion.CANCELLED
    first, second = said(topic)[-2:]
    assert first == second
    assert "28. januar" in second
