"""E-mails by SMTP that may have gone out before: counted, said in the log, and listed for those who run this."""

from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from invitations.messages import perhaps_twice
from invitations.messages.log import message_log
from invitations.messages.mail import message_id
from invitations.messages.outcomes import Sent, Throttled, Unavailable
from invitations.messages.send import Swept
from invitations.models import Message
from navmeet.internal.measures import Ledger
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_partners import by_law

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
UNSURE = Unavailable("SMTPServerDisconnected", may_be_taken=True)


@pytest.fixture
def row(kari: Person, settings: Settings) -> Message:
    settings.PARTNER_CHANNEL = "SMTP"
    return Message.objects.get(meeting=by_law(kari), channel="EMAIL", occasion="INVITED")


def attempt(row: Message, sweep: Sweep, mailbox: FakeMailbox, outcome: Sent | None, minutes: int) -> None:
    mailbox.outcome = outcome
    sweep(make.later(minutes=minutes))
    row.refresh_from_db()


def test_cut_off_at_the_end_and_sent_again_it_is_said_and_listed(
    row: Message, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    attempt(row, sweep, mailbox, UNSURE, 0)
    assert (row.state, row.unsure_attempts) == ("PLANNED", 1)
    assert not perhaps_twice.sent().exists(), "so far it is once at the most"
    attempt(row, sweep, mailbox, None, 1)
    assert (row.state, row.unsure_attempts) == ("SENT", 1)
    assert list(perhaps_twice.sent()) == [row]
    line = next(one for one in message_log(row.meeting) if one.id == row.pk)
    assert line.words == "Sendt som e-post, kanskje mer enn én gang"
    figures = {metric.name: metric for metric in Ledger().collect()}
    assert figures["navmeet_emails_perhaps_twice"].samples[0].value == 1
    told = StringIO()
    call_command("emails_perhaps_twice", stdout=told)
    assert f"INVITED {message_id(row.key)} +1\n1 in all" in told.getvalue()


@pytest.mark.parametrize(
    "outcome", [Unavailable("smtp_451", may_be_taken=False), Throttled("status_429", 1), Unavailable("not_begun")]
)
def test_what_surely_was_not_taken_is_not_counted(
    row: Message, sweep: Sweep, mailbox: FakeMailbox, outcome: Sent
) -> None:
    if outcome == Unavailable("not_begun"):
        outcome = Unavailable("not_begun", may_be_taken=False)
    attempt(row, sweep, mailbox, outcome, 0)
    attempt(row, sweep, mailbox, None, 10)
    assert (row.state, row.unsure_attempts) == ("SENT", 0)
    assert not perhaps_twice.sent().exists()


def test_through_altinn_which_knows_the_key_nothing_is_counted(
    row: Message, sweep: Sweep, mailbox: FakeMailbox, settings: Settings
) -> None:
    settings.PARTNER_CHANNEL = "ALTINN"
    attempt(row, sweep, mailbox, UNSURE, 0)
    attempt(row, sweep, mailbox, None, 1)
    assert (row.state, row.unsure_attempts) == ("SENT", 0)


def test_what_a_change_voided_in_the_last_moment_does_not_leave(
    row: Message, sweep: Sweep, mailbox: FakeMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = perhaps_twice.begin

    def voided_first(message: Message, held: object) -> bool:
        Message.objects.filter(pk=message.pk).update(state="VOID", why="MOVED", claim=None, claimed_until=None)
        return begin(message, held)  # type: ignore[arg-type]

    monkeypatch.setattr(perhaps_twice, "begin", voided_first)
    attempt(row, sweep, mailbox, None, 0)
    assert mailbox.mails == []
    assert (row.state, row.unsure_attempts) == ("VOID", 0)
