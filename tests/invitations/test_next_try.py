"""What did not arrive and the house itself goes on with: the list says when and by what, and asks for nothing more."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations import undelivered
from invitations.messages import partner_sms
from invitations.messages.send import Swept
from invitations.models import Message
from invitations.undelivered import Repair, Trouble
from meetings import changes
from meetings.models import Meeting
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.conftest import kari, registers, registers_server, sweep, topic  # noqa: F401
from tests.invitations.messages.test_ladder import email_of, feed, no_task
from tests.invitations.messages.test_partners import by_law
from tests.invitations.test_undelivered import listed
from tests.meetings.test_changes import arguments, to

pytestmark = pytest.mark.django_db

NOW = make.NOW
TRANSIENT, BOUNCED = "Email_Failed_TransientError", "Email_Failed_Bounced"


@pytest.fixture
def meeting(kari: Person) -> Meeting:  # noqa: F811
    """In five weeks, with a doctor whose e-mail left; the citizen has hers."""
    made = by_law(kari, day=date(2027, 2, 18))
    Message.objects.filter(occasion="INVITED").update(state="SENT", sent_at=NOW, attempts=1)
    Message.objects.filter(participant__role="CITIZEN", occasion="INVITED").update(state="DELIVERED")
    return made


def only(meeting: Meeting, at: datetime) -> Trouble:
    (row,) = listed(meeting, at)
    return row


def said(row: Trouble, at: datetime) -> str:
    assert row.is_on_its_way
    assert row.next_try is not None
    return row.next_try.words(at)


def test_an_email_that_goes_again_by_itself_says_when_and_nothing_is_to_be_corrected_or_sent(meeting: Meeting) -> None:
    feed(email_of(meeting), TRANSIENT, NOW)
    row, at = only(meeting, NOW), make.later(minutes=1)
    assert said(row, at) == "Vi prøver igjen kl. 10.05 på e-post"
    assert row.repairs == (Repair.CALL,)
    assert no_task(meeting)


def test_what_is_due_and_what_is_not_told_again_promises_no_next_time(
    meeting: Meeting,
    sweep: Callable[[datetime], Swept],  # noqa: F811
) -> None:
    feed(email_of(meeting), TRANSIENT, NOW)
    due = only(meeting, make.later(minutes=5))
    assert (due.is_on_its_way, due.next_try) == (True, None)
    Message.objects.filter(repeat=1).update(state="VOID", why="MOVED")
    lost = only(meeting, make.later(minutes=1))
    assert (lost.is_on_its_way, lost.next_try) == (False, None), "its reminders are no other try"
    assert Repair.SEND_AGAIN in lost.repairs


def test_an_sms_that_waits_for_the_morning_is_the_next_try_and_the_address_can_be_corrected_before_it(
    meeting: Meeting,
) -> None:
    evening = make.later(hours=11)
    feed(email_of(meeting), BOUNCED, evening)
    row = only(meeting, evening)
    assert said(row, evening) == "Vi prøver igjen tirsdag 12. januar kl. 08.00 på SMS"
    assert row.repairs == (Repair.CORRECT_CONTACT, Repair.CALL)
    partner_sms.not_needed(email_of(meeting), "RUNG", evening)  # type: ignore[arg-type]
    assert only(meeting, evening).next_try is None


def test_a_change_that_waits_for_its_ten_minutes_is_news_and_not_the_same_again(meeting: Meeting) -> None:
    feed(email_of(meeting), TRANSIENT, NOW)
    meeting.refresh_from_db()
    changes.move(**arguments(meeting, to=to(date(2027, 2, 22)), place=None))
    at = Message.objects.get(occasion="MOVED", channel="EMAIL").planned_at
    row = only(meeting, at)
    assert said(row, at).startswith("En endring fortelles ")
    assert Repair.SEND_AGAIN not in row.repairs, "it would be refused until the change is told"


def test_of_another_participant_nothing_is_said(meeting: Meeting) -> None:
    other = make.partner(meeting, make.employer())
    feed(email_of(meeting, participant__role="DOCTOR"), BOUNCED, NOW)
    Message.objects.filter(channel="SMS").delete()
    assert Message.objects.filter(participant=other, state="PLANNED").exists()
    assert only(meeting, NOW + timedelta(seconds=1)).next_try is None


def test_it_costs_no_query_more(meeting: Meeting) -> None:
    feed(email_of(meeting), TRANSIENT, NOW)
    with CaptureQueriesContext(connection) as asked:
        undelivered.of_meeting(meeting, NOW)
    assert len(asked) == 3, "the rows, their tasks, and what the receiver said of an e-mail"
