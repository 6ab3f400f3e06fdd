"""One who is noted as not having met is asked what happened; what they say stands beside the note."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from invitations import what_happened
from invitations.messages.send import Swept
from invitations.models import Account, Message, MessageState, Why
from invitations.what_happened import LONGEST, give_account
from meetings import outcome
from meetings.models import CallAttempt, Meeting, Outcome, ParticipantOutcome, Task, WhyCorrected
from meetings.places import Place
from meetings.states import WrongState
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Invalid, NotFound, NotPermitted
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.conftest import kari, registers, registers_server, sweep, topic
from tests.meetings.setting import given

__all__ = ["kari", "registers", "registers_server", "sweep", "topic"]
pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
PLACE = Place(caller="NAV", phone="99112233")


def after(meeting: Meeting, minutes: float = 20) -> datetime:
    return meeting.starts_at + timedelta(minutes=minutes)


@pytest.fixture
def absent(kari: Person) -> Meeting:
    """By phone; they were told, rung, and noted as not having met."""
    meeting = make.meeting(person=kari, format="PHONE", place=PLACE)
    Message.objects.filter(meeting=meeting).update(state=MessageState.DELIVERED, sent_at=make.NOW)
    CallAttempt.objects.create(participant=meeting.citizen(), at=after(meeting, 3), by=meeting.host_id)
    note(meeting, Outcome.DID_NOT_MEET, 20)
    return meeting


def note(meeting: Meeting, kind: Outcome, minutes: float, **more: Any) -> None:
    arguments = given(meeting, at=after(meeting, minutes), participant_id=meeting.citizen().pk, outcome=kind)
    outcome.set_outcome(**arguments, **more)


def tell(meeting: Meeting, words: str, minutes: float = 60) -> Account:
    person = meeting.citizen().person
    assert person is not None
    return give_account(
        invitation_id=meeting.citizen().invitation.pk,
        words=words,
        by=make.citizen_actor(person),
        at=after(meeting, minutes),
    )


def asked(meeting: Meeting) -> list[tuple[str, str]]:
    rows = Message.objects.filter(meeting=meeting, occasion="WHAT_HAPPENED").order_by("id")
    return [(one.state, one.why) for one in rows]


def test_they_are_asked_once_on_ditt_nav_in_words_that_tell_nothing_outside(
    absent: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    sweep(after(absent, 21))
    note(absent, Outcome.DID_NOT_MEET, 25)
    sweep(after(absent, 26))
    (event,) = topic.shown()
    assert event["type"] == "beskjed"
    assert "Fortell oss gjerne hva som skjedde" in str(event["tekster"])
    outside = str(event["eksternVarsling"])
    assert "møtte" not in outside
    assert "skjedde" not in outside


def test_a_doctor_is_not_asked(absent: Meeting) -> None:
    doctor = make.meeting(type_code="DIALOGUE", format="PHONE", place=PLACE)
    partner = make.partner(doctor)
    Message.objects.filter(meeting=doctor).update(state=MessageState.DELIVERED)
    CallAttempt.objects.create(participant=partner, at=after(doctor, 3), by=doctor.host_id)
    outcome.set_outcome(**given(doctor, at=after(doctor), participant_id=partner.pk, outcome=Outcome.DID_NOT_MEET))
    assert asked(doctor) == []


def test_what_they_say_stands_beside_the_note_and_is_a_task(absent: Meeting) -> None:
    first = tell(absent, "Toget sto.\nJeg ringte.")
    assert tell(absent, "Toget sto.\r\nJeg ringte. ").pk == first.pk, "the same again is the same"
    tell(absent, "Jeg ringte klokken ti.", 70)
    found = what_happened.accounts_of(absent.citizen().invitation)
    assert [one.words for one in found] == ["Jeg ringte klokken ti.", "Toget sto.\nJeg ringte."]
    task = Task.objects.get(meeting=absent, kind=Task.Kind.READ_ACCOUNT)
    assert (task.done_at, task.made_at) == (None, after(absent, 70))
    assert ParticipantOutcome.objects.get().outcome == Outcome.DID_NOT_MEET, "nothing follows by itself"
    event = AuditEvent.objects.filter(action="invitation.account_given").latest("at")
    assert "ringte" not in f"{event.detail}{event.reason}"


def test_an_account_read_and_a_new_one_is_a_task_again(absent: Meeting) -> None:
    tell(absent, "Toget sto.")
    Task.objects.filter(kind=Task.Kind.READ_ACCOUNT).update(done_at=after(absent, 61), done_by=absent.host_id)
    tell(absent, "Og bussen gikk ikke.", 70)
    assert Task.objects.get(kind=Task.Kind.READ_ACCOUNT).done_at is None


@pytest.mark.parametrize(
    ("words", "code"), [("", "words_missing"), (" \n ", "words_missing"), ("å" * 1001, "max_length")]
)
def test_an_account_says_something_and_not_too_much(absent: Meeting, words: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        tell(absent, words)
    assert (refused.value.code, refused.value.field) == (code, "words")
    assert tell(absent, "å" * LONGEST).words == "å" * LONGEST


def test_only_they_themselves_tell_and_only_where_it_is_noted(absent: Meeting, kari: Person) -> None:
    invitation = absent.citizen().invitation
    with pytest.raises(NotFound):
        give_account(invitation_id=invitation.pk, words="x", by=make.citizen_actor(make.citizen()), at=after(absent))
    with pytest.raises(NotPermitted):
        give_account(invitation_id=invitation.pk, words="x", by=make.actor(absent.host), at=after(absent))
    ParticipantOutcome.objects.update(outcome=Outcome.EXCUSED)
    with pytest.raises(WrongState):
        tell(absent, "Jeg var der.")


def test_where_the_note_is_corrected_nobody_is_asked_any_more(absent: Meeting, sweep: Sweep, topic: FakeTopic) -> None:
    tell(absent, "Jeg ringte.")
    note(absent, Outcome.TECHNICAL_PROBLEM, 62)
    assert asked(absent) == [("VOID", Why.CORRECTED)]
    assert Task.objects.get(kind=Task.Kind.READ_ACCOUNT).done_at == after(absent, 62)
    sweep(after(absent, 63))
    assert topic.shown() == []
    note(absent, Outcome.DID_NOT_MEET, 64)
    sweep(after(absent, 65))
    note(absent, Outcome.MET, 66)
    sweep(after(absent, 67))
    assert [event["varselId"] for event in topic.shown()] == topic.taken_back(), "what is on Ditt NAV goes too"
    assert what_happened.accounts_of(absent.citizen().invitation)[0].words == "Jeg ringte.", "what was said is kept"


def test_after_the_conclusion_the_account_is_a_reason_to_correct(absent: Meeting) -> None:
    outcome.conclude(**given(absent, at=after(absent, 50), held=False))
    tell(absent, "Jeg ringte.")
    note(absent, Outcome.EXCUSED, 61, why=WhyCorrected.PARTICIPANT_TOLD)
    assert ParticipantOutcome.objects.get().outcome == Outcome.EXCUSED
