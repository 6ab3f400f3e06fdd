"""Send again pressed by many hands in the same moment: one message leaves, and the others are told so."""

from functools import partial

import pytest

from invitations import repairing
from invitations.messages.again import SentAgain
from invitations.models import Message, MessageState
from meetings.models import Meeting
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict
from navmeet.people.models import Person
from tests import make
from tests.at_once import at_once
from tests.invitations.messages.test_again import HOUR, asked, correct, only_partner
from tests.invitations.messages.test_partners import by_law

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("senders")]

HANDS = 6


def _told(kari: Person) -> Meeting:
    meeting = make.meeting(person=kari)
    Message.objects.filter(occasion="INVITED").update(state=MessageState.SENT, sent_at=make.NOW, attempts=1)
    return meeting


def test_of_one_hand_pressing_many_times_one_is_sent_and_all_are_told_so(kari: Person) -> None:
    given = asked(_told(kari))
    results = at_once(*[lambda: repairing.send_again(**given)] * HANDS)
    sent = [one for one in results if isinstance(one, SentAgain)]
    assert len(sent) == HANDS, results
    assert sorted(one.is_repeat for one in sent) == [False] + [True] * (HANDS - 1)
    assert Message.objects.filter(occasion="INVITED").count() == 2


def test_of_several_hands_one_sends_and_the_others_hear_that_it_is_on_its_way(kari: Person) -> None:
    meeting = _told(kari)
    colleagues = [make.actor(make.caseworker(f"Kollega {number}")) for number in range(HANDS)]
    results = at_once(*[partial(repairing.send_again, **asked(meeting, by=by)) for by in colleagues])
    refused = [one.code for one in results if isinstance(one, Conflict)]
    assert refused == ["on_its_way"] * (HANDS - 1), results
    assert Message.objects.filter(occasion="INVITED", again_because="ASKED", due_at=HOUR).count() == 1


def test_of_one_hand_correcting_an_address_many_times_one_counts(kari: Person) -> None:
    meeting = by_law(kari)
    Message.objects.filter(occasion="INVITED").update(state=MessageState.SENT, sent_at=make.NOW, attempts=1)
    doctor = only_partner(meeting)
    results = at_once(*[lambda: correct(meeting, doctor, email="lise@riktig.example")] * 4)
    sent = [one for one in results if isinstance(one, SentAgain)]
    assert sorted(one.is_repeat for one in sent) == [False, True, True, True], results
    theirs = Message.objects.filter(participant=doctor)
    assert theirs.filter(occasion="INVITED").count() == 2
    assert set(theirs.filter(state=MessageState.VOID).values_list("occasion", "why")) == {("REMINDER", "NEW_ADDRESS")}
    assert theirs.filter(state=MessageState.VOID).count() == theirs.filter(occasion="REMINDER").count() // 2
    assert AuditEvent.objects.filter(action="partner.contact_corrected").count() == 1


def test_of_several_hands_one_corrects_and_the_others_hear_that_it_is_on_its_way(kari: Person) -> None:
    meeting = by_law(kari)
    Message.objects.filter(occasion="INVITED").update(state=MessageState.SENT, sent_at=make.NOW, attempts=1)
    doctor = only_partner(meeting)
    colleagues = [make.actor(make.caseworker(f"Kollega {number}")) for number in range(4)]
    person = meeting.citizen().person
    assert person is not None
    results = at_once(
        *[
            partial(
                correct, meeting, doctor, email="lise@riktig.example", by=by, clearance=make.clearance(person, by, HOUR)
            )
            for by in colleagues
        ]
    )
    assert [one.code for one in results if isinstance(one, Conflict)] == ["on_its_way"] * 3, results
    assert Message.objects.filter(participant=doctor, occasion="INVITED").count() == 2
