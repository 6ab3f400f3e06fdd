"""What does not get away is tried by its cause, is lost never, and is a person's to see to where it cannot wait."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from invitations.messages import claim, emails, hanging, no_longer, receipts, send
from invitations.messages.log import message_log
from invitations.messages.outcomes import Forbidden, Throttled
from invitations.messages.partner_channel import NOT_BEGUN
from invitations.messages.receipts_format import StatusEvent
from invitations.models import Hang, Message, MessageState, Occasion, Step, Why
from meetings.models import Meeting, Task
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_telling import cancel

pytestmark = pytest.mark.django_db(transaction=True)

Sweep = Callable[[datetime], send.Swept]
TOMORROW, FAR = date(2027, 1, 12), date(2027, 2, 11)


def invitation(meeting: Meeting) -> Message:
    return Message.objects.exclude(step=Step.PLAIN).get(meeting=meeting, occasion=Occasion.INVITED)


def words(meeting: Meeting) -> str:
    message = invitation(meeting)
    return next(one.words for one in message_log(meeting, make.later(minutes=2)) if one.id == message.pk)


def tasks(meeting: Meeting) -> list[tuple[str, bool]]:
    found = Task.objects.filter(meeting=meeting, kind=Task.Kind.NOT_REACHED).order_by("made_at")
    return [(task.tried["ways"][0]["cause"] if task.tried else "", task.done_at is None) for task in found]


def keep_trying(sweep: Sweep, until: datetime, at: datetime = make.NOW) -> int:
    """Sweeps as time passes, a minute at a time; how many found something to try."""
    tried = 0
    while at <= until:
        tried += sweep(at).later
        at += timedelta(minutes=1)
    return tried


def test_a_broker_away_for_an_hour_costs_the_hour_and_nothing_else(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, day=FAR)
    key = str(invitation(meeting).key)
    topic.problem = "_MSG_TIMED_OUT"
    tried = keep_trying(sweep, make.later(hours=1))
    assert 12 < tried < 30
    hangs = invitation(meeting)
    assert (hangs.state, hangs.hangs_on, hangs.attempts) == (MessageState.PLANNED, Hang.BROKER, tried)
    topic.problem = None
    sweep(make.later(hours=1, minutes=5))
    assert [event["varselId"] for event in topic.shown()] == [key]
    assert (invitation(meeting).state, invitation(meeting).hangs_on) == (MessageState.SENT, Hang.NOTHING)
    assert tasks(meeting) == []


def test_what_was_tried_and_not_confirmed_may_have_left_whatever_became_of_it_after_that(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, day=FAR)
    topic.problem = "_MSG_TIMED_OUT"
    sweep(make.NOW)
    cancel(meeting, make.later(minutes=1))
    assert words(meeting) == "Kan ha blitt sendt til Min side, men møtet ble avlyst"


def test_so_may_what_nobody_took_before_its_time_was_over(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari, day=FAR)
    topic.problem = "_TRANSPORT"
    sweep(make.NOW)
    sweep(invitation(meeting).not_after + timedelta(seconds=1))
    assert words(meeting) == "Kan ha blitt sendt til Min side, men vi fikk ikke kontakt med systemet som sender"


def test_what_only_waited_for_a_register_was_surely_not_sent(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    meeting = make.meeting(person=kari, day=FAR)
    registers.fail("krr", "down")
    sweep(make.NOW)
    cancel(meeting, make.later(minutes=1))
    assert words(meeting) == "Ikke sendt: møtet ble avlyst"


def test_nobody_gives_up_before_the_time_is_over_however_often_it_was_tried(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, day=FAR)
    Message.objects.filter(meeting=meeting).update(attempts=claim.MOST_COUNTED)
    topic.problem = "_TRANSPORT"
    sweep(make.NOW)
    hangs = invitation(meeting)
    assert (hangs.state, hangs.attempts) == (MessageState.PLANNED, claim.MOST_COUNTED)
    # Not a minute after its time: then it has failed, and nobody rings about a meeting that is over.
    sweep(meeting.starts_at - timedelta(hours=5))
    assert tasks(meeting) == [("NO_CONTACT", True)], "who could still be told was to be rung"
    assert no_longer.end_over(meeting.ends_at) == 1
    sweep(hangs.not_after - timedelta(seconds=1))
    assert invitation(meeting).not_before == hangs.not_after
    sweep(hangs.not_after + timedelta(seconds=1))
    assert (invitation(meeting).state, invitation(meeting).why) == (MessageState.FAILED, Why.BROKER)
    assert [one for one in tasks(meeting) if one[1]] == []


def test_whose_meeting_is_near_is_rung_after_three_hours_while_the_machine_goes_on(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, day=TOMORROW)
    topic.problem = "_TRANSPORT"
    sweep(make.NOW)
    sweep(make.later(hours=2, minutes=59))
    assert tasks(meeting) == []
    for hours in (3.1, 4, 5):
        sweep(make.later(hours=hours))
    assert tasks(meeting) == [("NO_CONTACT", True)]
    topic.problem = None
    sweep(make.later(hours=6))
    sent = invitation(meeting)
    assert sent.state == MessageState.SENT
    # Sent is not arrived: the task ends with the word that it has.
    assert tasks(meeting) == [("NO_CONTACT", True)]
    _arrives(sent.key, make.later(hours=6, minutes=1))
    assert [is_open for _, is_open in tasks(meeting)] == [False]


def test_booked_for_soon_somebody_rings_while_there_is_time(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari, day=make.NOW.date(), clock=time(11))
    topic.problem = "_TRANSPORT"
    sweep(make.NOW)
    sweep(make.later(minutes=14))
    assert tasks(meeting) == []
    sweep(make.later(minutes=20))
    assert tasks(meeting) == [("NO_CONTACT", True)]
    assert Task.objects.get(meeting=meeting).due_at < meeting.starts_at


def _arrives(key: UUID, at: datetime) -> None:
    word = StatusEvent(
        key=key, event="eksternStatusOppdatert", status="sendt", via="SMS", is_renotification=False, happened_at=at
    )
    assert receipts.keep([word], at) == 1


def test_whose_meeting_is_far_waits_without_anybody_being_troubled(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, day=FAR)
    topic.problem = "_TRANSPORT"
    for hours in (0, 4, 30):
        sweep(make.later(hours=hours))
    assert tasks(meeting) == []


def test_a_register_that_is_away_is_no_attempt_and_somebody_rings_all_the_same(
    kari: Person, sweep: Sweep, topic: FakeTopic, registers: RunningRegisters
) -> None:
    meeting = make.meeting(person=kari, day=TOMORROW)
    registers.fail("krr")
    for hours in (0, 1, 4):
        sweep(make.later(hours=hours))
    hangs = invitation(meeting)
    assert (hangs.state, hangs.hangs_on, hangs.attempts) == (MessageState.PLANNED, Hang.REGISTERS, 0)
    assert tasks(meeting) == [("NO_CONTACT", True)]


@pytest.mark.parametrize("problem", sorted(hanging.NEVER_TAKEN))
def test_what_will_never_be_taken_is_never_tried_again_and_is_a_task_at_once(
    kari: Person, sweep: Sweep, topic: FakeTopic, problem: str
) -> None:
    meeting = make.meeting(person=kari, day=FAR)
    topic.problem = problem
    sweep(make.NOW)
    assert (invitation(meeting).state, invitation(meeting).why) == (MessageState.FAILED, Why.REFUSED_BY_RULES)
    assert tasks(meeting) == [("REFUSED", True)]
    topic.problem = None
    sweep(make.later(hours=1))
    # Plain words may stand in its place (plain.py).
    assert str(invitation(meeting).key) not in [event["varselId"] for event in topic.shown()]


@pytest.mark.parametrize(("after", "asked"), [(timedelta(minutes=-30), 1), (timedelta(hours=2), 0)])
def test_a_reminder_that_never_got_away_has_failed_and_nobody_rings_about_it_once_the_meeting_has_begun(
    kari: Person, sweep: Sweep, topic: FakeTopic, after: timedelta, asked: int
) -> None:
    meeting = make.meeting(person=kari)
    make.told(meeting)
    reminder = Message.objects.get(meeting=meeting, step="1_DAY")
    topic.problem = "_TRANSPORT"
    sweep(reminder.due_at)
    Message.objects.filter(pk=reminder.pk).update(not_after=meeting.starts_at - timedelta(hours=1))
    sweep(meeting.starts_at + after)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.why) == (MessageState.FAILED, Why.BROKER)
    assert Task.objects.filter(meeting=meeting, about__contains=reminder.pk.hex).count() == asked


def test_waits_double_up_to_five_minutes_and_are_spread_by_the_key() -> None:
    keys = [UUID(int=number * 7919) for number in range(500)]
    for doublings, longest in enumerate((10, 20, 40, 80, 160, 300, 300, 300)):
        waits = [claim.wait(key, doublings).total_seconds() for key in keys]
        assert longest / 2 <= min(waits) < longest * 0.51
        assert longest * 0.99 < max(waits) <= longest
        # No tenth of the time is left empty, and none gets a fourth of all.
        tenths = [int((one - longest / 2) / (longest / 20)) for one in waits]
        assert {min(tenth, 9) for tenth in tenths} == set(range(10))
        assert max(tenths.count(tenth) for tenth in range(10)) < 125


def test_what_a_receiver_does_not_let_in_is_tried_less_often_and_not_before_it_said(kari: Person) -> None:
    message = invitation(make.meeting(person=kari, day=FAR))
    short = claim.wait(message.key, 0)
    for waited, longest in ((timedelta(0), 10), (timedelta(minutes=1), 40), (timedelta(hours=1), 300)):
        at = make.NOW + waited
        later = emails.try_again(message, Forbidden("status_403"), at) - at
        assert timedelta(seconds=longest / 2) <= later <= timedelta(seconds=longest)
        throttled = emails.try_again(message, Throttled("status_429", wait_seconds=600), at) - at
        assert throttled == later + timedelta(minutes=10)
        # There was no time for it in the batch: its turn comes as soon as it did before.
        assert emails.try_again(message, NOT_BEGUN, at) - at == short
