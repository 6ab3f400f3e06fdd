"""An e-mail that its provider could not deliver just then: ordered anew, then an SMS; and who brings the link."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from invitations.messages.send import Swept
from invitations.models import Message
from meetings import changes
from navmeet.pages.staff import words
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_ladder import email_of, feed, no_task, sms_of, task_of, told_partner, unheard
from tests.invitations.messages.test_telling import cancel
from tests.meetings.test_changes import arguments, to

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW = make.NOW
TRANSIENT = "Email_Failed_TransientError"


def test_an_email_that_failed_for_now_is_ordered_anew_ever_later_then_an_sms_and_a_person_follow(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, at = told_partner(kari, sweep), NOW
    for repeat, minutes in enumerate((5, 30, 120)):
        feed(email_of(meeting, repeat=repeat), TRANSIENT, at)
        anew = email_of(meeting, repeat=repeat + 1)
        assert (anew.state, anew.due_at) == ("PLANNED", at + timedelta(minutes=minutes))
        assert not Message.objects.filter(channel="SMS").exists()
        at = anew.due_at
        assert sweep(at).sent == 1
    assert len({mail.key for mail in mailbox.mails}) == 4, "a new order each, and a key of its own"
    assert {mail.body for mail in mailbox.mails} == {mailbox.mails[0].body}
    assert no_task(meeting)
    feed(email_of(meeting, repeat=3), TRANSIENT, at)
    sweep(at)
    assert len(mailbox.sms) == 1
    feed(sms_of(meeting), "SMS_Delivered", at)
    assert words.task(task_of(meeting)) == (
        "Send på nytt til legen. E-posten kunne ikke leveres, selv om vi prøvde. Legen har fått SMS om tidspunktet, "
        "men ikke lenken."
    )


def test_a_new_order_that_arrives_is_the_end_of_it(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), TRANSIENT)
    feed(email_of(meeting, repeat=0), TRANSIENT)
    sweep(make.later(minutes=5))
    feed(email_of(meeting, repeat=1), "Email_Delivered")
    feed(email_of(meeting, repeat=0), TRANSIENT, make.later(minutes=6))
    assert Message.objects.filter(channel="EMAIL", occasion="INVITED").count() == 2
    assert mailbox.sms == []
    assert no_task(meeting)


def test_where_the_meeting_is_near_nobody_waits_for_a_new_order(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = told_partner(kari, sweep)
    at = meeting.starts_at - timedelta(minutes=19)
    feed(email_of(meeting), TRANSIENT, at)
    assert sms_of(meeting).due_at == at


def test_a_change_makes_the_new_order_void(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), TRANSIENT)
    cancel(meeting, make.later(minutes=1))
    assert (email_of(meeting, repeat=1).state, email_of(meeting, repeat=1).why) == ("VOID", "CANCELLED")


def test_an_sms_is_enough_where_an_email_has_brought_the_link_before(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), "Email_Delivered")
    meeting.refresh_from_db()
    changes.move(**arguments(meeting, to=to(date(2027, 2, 22)), place=None))
    at = make.later(minutes=11)
    sweep(at)
    Message.objects.filter(channel="DITT_NAV").update(known_by=None)
    feed(email_of(meeting, occasion="MOVED"), "Email_Failed_TTL", at)
    sweep(at)
    feed(sms_of(meeting), "SMS_Delivered", at)
    assert no_task(meeting)


def test_an_email_that_is_known_to_have_failed_after_the_sms_arrived_is_a_task(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, at = unheard(kari, sweep)
    sweep(at)
    feed(sms_of(meeting), "SMS_Delivered", at)
    feed(email_of(meeting), TRANSIENT, at)
    assert "ikke lenken" in words.task(task_of(meeting))
