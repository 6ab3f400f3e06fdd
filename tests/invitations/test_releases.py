"""Withdrawn in the middle of sending: nothing leaves after the commit, and what had left says so and is put right."""

import os
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from invitations import bases, protection, releases
from invitations.messages import claim, overtake, send
from invitations.messages.outcomes import Sent
from invitations.messages.partner_channel import Mail, Sms
from invitations.models import Consent, Invitation, Message
from meetings.models import Meeting, Participant, Task
from navmeet.accounts.actor import Level
from navmeet.exceptions import Conflict, Invalid, NotFound, NotPermitted, Unavailable
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.conftest import kari, mailbox, topic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_many_senders import _at_once, _next_job
from tests.invitations.messages.test_partners import say
from tests.stand_ins import registers, registers_server

__all__ = ["kari", "mailbox", "registers", "registers_server", "topic"]

NOW = make.NOW
RACES = int(os.environ.get("RACES", "50"))


class SlowMailbox(FakeMailbox):
    """Takes a moment, in which a withdrawal may be committed."""

    def send(self, all_of: Sequence[Mail | Sms], within: float) -> dict[UUID, Sent]:
        time.sleep(0.02)
        return super().send(all_of, within)


def _withdraw(meeting: Meeting, partner: Participant, at: datetime, unsafely: bool) -> None:
    say(meeting, partner, False, at)
    in_hand = Message.objects.filter(participant=partner, state__in=["PLANNED", "CLAIMED"]).exclude(occasion="REMOVED")
    if not unsafely:
        assert not in_hand.exists(), "nothing is planned or in hand once it is committed"


def _race(number: int, user: object, kari: Person, luck: random.Random, *, unsafely: bool = False) -> Participant:
    at = make.later(hours=number)
    meeting = make.meeting(user, kari, day=date(2027, 1, 20) + timedelta(days=number), at=at)  # type: ignore[arg-type]
    partner = make.partner(meeting, at=at)
    say(meeting, partner, True, at)
    # The first two show that both ends are met; the rest land between them.
    wait = {0: (0.0, 1.0), 1: (1.0, 0.0)}.get(number, (luck.uniform(0, 0.05), luck.uniform(0, 0.12)))
    jobs: list[tuple[float, Callable[[], object]]] = [
        (wait[0], partial(send.sweep, at)),
        (wait[1], partial(_withdraw, meeting, partner, at + timedelta(seconds=1), unsafely)),
    ]
    assert _at_once(2, partial(_next_job, iter(jobs))) == []
    for minutes in range(1, 3):
        send.sweep(at + timedelta(minutes=minutes))
    return partner


def _told(mails: FakeMailbox, partner: Participant) -> list[str]:
    keys = {row.key: row.occasion for row in Message.objects.filter(participant=partner)}
    return [keys[mail.key] for mail in mails.mails if mail.key in keys]


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("senders")
def test_withdrawn_while_it_is_being_sent_what_left_is_listed_and_put_right(
    kari: Person, registers: object, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = SlowMailbox()
    mails.install(monkeypatch)
    user, luck, left = make.caseworker(), random.Random(RACES), 0
    crossed = 0
    for number in range(RACES):
        partner = _race(number, user, kari, luck)
        told = _told(mails, partner)
        assert told in ([], ["INVITED", "REMOVED"]), told
        row = Message.objects.get(participant=partner, occasion="INVITED")
        listed = (row.state, row.why) in {("SENT", "NO_BASIS"), ("SENT", "")}
        assert listed == bool(told), (row.state, row.why)
        assert not Message.objects.filter(participant=partner, state__in=["PLANNED", "CLAIMED"]).exists()
        assert Invitation.objects.get(participant=partner).closed_at is not None
        left += bool(told)
        crossed += (row.state, row.why) == ("SENT", "NO_BASIS")
    sys.stdout.write(f"\nn = {RACES} races: it left in {left}, in {crossed} under the withdrawal; each was put right\n")
    assert 0 < left < RACES


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("senders")
def test_without_voiding_what_is_in_hand_and_without_a_last_look_it_leaves_all_the_same(
    kari: Person, registers: object, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a withdrawal that leaves claimed rows alone."""
    mails = SlowMailbox()
    mails.install(monkeypatch)
    monkeypatch.setattr(overtake, "NOT_SENT", frozenset({"PLANNED"}))
    meeting = make.meeting(person=kari)
    partner = make.partner(meeting)
    say(meeting, partner, True)
    topic.while_sending = lambda: _withdraw(meeting, partner, make.later(seconds=1), True)
    send.sweep(NOW)
    assert _told(mails, partner) == ["INVITED"]
    row = Message.objects.get(participant=partner, occasion="INVITED")
    assert (row.state, row.why) == ("SENT", ""), "nobody would know that it should not have left"


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("senders")
def test_a_yes_and_a_no_at_once_end_as_the_ledger_says(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    partner = make.partner(meeting)
    for number in range(10):
        at = make.later(minutes=number)
        jobs = [
            partial(say, meeting, partner, yes, at + timedelta(seconds=second))
            for second, yes in ((0, True), (1, False))
        ]
        random.Random(number).shuffle(jobs)
        queue = iter(jobs)
        lock = threading.Lock()

        def one(queue=queue, lock=lock) -> None:  # type: ignore[no-untyped-def]
            with lock:
                job = next(queue)
            job()

        assert _at_once(2, one) == []
        is_open = Invitation.objects.get(participant=partner).closed_at is None
        assert is_open == bases.has_basis(Participant.objects.get(pk=partner.pk))
        assert Message.objects.filter(participant=partner, state="PLANNED").exists() == is_open


@pytest.mark.django_db
class TestRecording:
    def _record(self, meeting: Meeting, partner: Participant, **more: object) -> Consent:
        by = make.actor(meeting.host)
        person = meeting.citizen().person
        assert person is not None
        values: dict[str, object] = {
            "meeting_id": meeting.pk,
            "recipient_id": partner.pk,
            "said_yes": True,
            "how": Consent.Given.PHONE,
            "by": by,
            "clearance": make.clearance(person, by),
            "at": NOW,
        }
        return releases.record_release(**(values | more))  # type: ignore[arg-type]

    def test_what_was_said_by_phone_counts_and_the_citizen_takes_it_back(self, kari: Person) -> None:
        meeting = make.meeting(person=kari)
        partner = make.partner(meeting)
        kept = self._record(meeting, partner)
        assert (kept.given, kept.given_office, kept.given_by) == ("PHONE", "0299", meeting.host_id)
        seen = releases.partners_of(meeting.citizen().invitation, "nb")[0]
        assert (seen.release, seen.given_how) == ("YES", "PHONE")
        say(meeting, partner, False, make.later(seconds=1))
        assert Invitation.objects.get(participant=partner).closed_at is not None

    def test_who_may_not(self, kari: Person) -> None:
        meeting = make.meeting(person=kari)
        partner = make.partner(meeting)
        with pytest.raises(NotFound):
            self._record(meeting, partner, by=make.actor(make.caseworker(office_number="0298")))
        with pytest.raises(Unavailable):
            self._record(meeting, partner, at=make.later(minutes=5))
        with pytest.raises(Invalid):
            self._record(meeting, partner, how=Consent.Given.PAGE)
        with pytest.raises(NotPermitted):
            say(meeting, partner, True, by=make.citizen_actor(kari, Level.SUBSTANTIAL))
        with pytest.raises(NotFound):
            say(meeting, partner, True, by=make.citizen_actor(make.citizen(), Level.HIGH))
        assert not Consent.objects.exists()

    def test_a_no_too_late_for_any_promise_is_due_before_the_meeting_begins(self, kari: Person) -> None:
        meeting = make.meeting(person=kari)
        partner = make.partner(meeting)
        say(meeting, partner, True)
        say(meeting, partner, False, meeting.starts_at - timedelta(minutes=40))
        assert Task.objects.get(kind=Task.Kind.NO_TO_PARTNER).due_at == meeting.starts_at

    def test_a_yes_lets_nobody_in_whom_protection_has_shut_out_and_a_no_is_heard(self, kari: Person) -> None:
        meeting = make.meeting(person=kari)
        partner = make.partner(meeting)
        say(meeting, partner, True)
        Person.objects.filter(pk=kari.pk).update(protection="STRENGT_FORTROLIG")
        protection.catch_up(make.later(minutes=1))
        with pytest.raises(Conflict) as refused:
            say(meeting, partner, True, make.later(minutes=2))
        assert refused.value.code == "partner_is_shut"
        invitation = Invitation.objects.get(participant=meeting.citizen())
        assert [one.is_shut for one in releases.partners_of(invitation, "nb")] == [True]
        say(meeting, partner, False, make.later(minutes=3))
        assert Invitation.objects.get(participant=partner).closed_at is not None

    def test_where_the_law_decides_nobody_says_yes_or_no(self, kari: Person) -> None:
        meeting = make.meeting(person=kari, type_code="DIALOGUE")
        partner = make.partner(meeting)
        with pytest.raises(Conflict):
            say(meeting, partner, False)
        with pytest.raises(Conflict):
            self._record(meeting, partner, said_yes=False)

    def test_a_no_is_heard_when_the_meeting_has_begun_and_a_yes_is_not_when_it_is_over(self, kari: Person) -> None:
        meeting = make.meeting(person=kari)
        partner = make.partner(meeting)
        say(meeting, partner, True)
        say(meeting, partner, False, meeting.starts_at + timedelta(minutes=1))
        # Never due in the minute it was made: it would be born late.
        assert Task.objects.get(kind=Task.Kind.NO_TO_PARTNER).due_at == meeting.ends_at
        with pytest.raises(Conflict):
            say(meeting, partner, True, meeting.ends_at)
        say(meeting, partner, False, meeting.ends_at + timedelta(days=1))


def test_a_lease_is_longer_than_all_that_is_done_under_it() -> None:
    from invitations.messages import emails, registers_now

    under = registers_now.ALL_WITHIN + 3 + send.BROKER_SECONDS + emails.ALL_WITHIN
    assert claim.LEASE.total_seconds() > under
