"""Nobody is noted as not having met where delivery, link or host failed."""

from datetime import datetime, timedelta

import pytest

from invitations import admission, attendance, entering, lobby
from invitations.attendance import NotTheirFault
from invitations.models import Answer, Message, MessageState, Visit, Why
from meetings import outcome
from meetings.events import NoShowClaimed
from meetings.models import CallAttempt, Format, Outcome, ParticipantOutcome, Task
from tests import make
from tests.invitations.door.conftest import World


@pytest.fixture
def late(world: World) -> datetime:
    """20 minutes after the start; they were told, the host came, somebody rang."""
    Message.objects.filter(meeting=world.meeting, occasion="INVITED").update(state=MessageState.DELIVERED)
    entering.enter_as_host(meeting_id=world.meeting.pk, by=world.by, at=world.at)
    CallAttempt.objects.create(participant=world.meeting.citizen(), at=world.meeting.starts_at, by=world.host.pk)
    return world.meeting.starts_at + timedelta(minutes=20)


def claim(world: World, at: datetime) -> None:
    citizen = world.meeting.citizen()
    attendance.on_no_show_claimed(NoShowClaimed(meeting_id=world.meeting.pk, participant_id=citizen.pk, at=at))


def test_one_who_was_told_and_did_not_come_can_be_noted_as_not_having_met(world: World, late: datetime) -> None:
    outcome.set_outcome(
        meeting_id=world.meeting.pk,
        participant_id=world.meeting.citizen().pk,
        version=world.meeting.version,
        outcome=Outcome.DID_NOT_MEET,
        by=world.by,
        clearance=make.clearance(world.person, world.by, late),
        at=late,
    )
    assert ParticipantOutcome.objects.get().outcome == Outcome.DID_NOT_MEET


def test_the_veto_is_wired_into_the_verb(world: World, late: datetime) -> None:
    Message.objects.filter(meeting=world.meeting).update(state=MessageState.FAILED, why=Why.NOT_DELIVERED)
    with pytest.raises(NotTheirFault) as refused:
        outcome.set_outcome(
            meeting_id=world.meeting.pk,
            participant_id=world.meeting.citizen().pk,
            version=world.meeting.version,
            outcome=Outcome.DID_NOT_MEET,
            by=world.by,
            clearance=make.clearance(world.person, world.by, late),
            at=late,
        )
    assert refused.value.field == "outcome"
    assert not ParticipantOutcome.objects.exists()


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (MessageState.PLANNED, Why.NONE),
        (MessageState.FAILED, Why.NOT_DELIVERED),
        (MessageState.VOID, Why.CANNOT_BE_TOLD),
        (MessageState.SKIPPED, Why.TOO_LATE),
    ],
)
def test_one_who_was_not_told_is_not_to_blame(world: World, late: datetime, state: MessageState, why: Why) -> None:
    Message.objects.filter(meeting=world.meeting).update(state=state, why=why)
    with pytest.raises(NotTheirFault):
        claim(world, late)


def test_having_been_told_of_an_earlier_time_is_not_having_been_told(world: World, late: datetime) -> None:
    world.update(revision_number=2)
    with pytest.raises(NotTheirFault):
        claim(world, late)


@pytest.mark.parametrize("how", ["answered", "letter", "called"])
def test_an_answer_a_letter_or_a_call_shows_that_they_were_told(world: World, late: datetime, how: str) -> None:
    Message.objects.filter(meeting=world.meeting).update(state=MessageState.FAILED, why=Why.NOT_DELIVERED)
    if how == "answered":
        Answer.objects.create(
            invitation=world.invitation,
            revision_number=1,
            kind=Answer.Kind.COMING,
            is_known=True,
            given_at=make.NOW,
            given_by=world.person.pk,
        )
    else:
        kind = Task.Kind.SEND_LETTER if how == "letter" else Task.Kind.CALL
        Task.objects.create(
            meeting=world.meeting, kind=kind, about="INVITED:1", made_at=make.NOW, due_at=make.NOW, done_at=make.NOW,
            done_by=world.host.pk,
        )  # fmt: skip
    claim(world, late)


def test_one_who_waited_was_there(world: World, late: datetime) -> None:
    visit = world.arrives()
    with pytest.raises(NotTheirFault):
        claim(world, late)
    lobby.leave(visit_id=visit.pk, by=world.holder(), at=world.at)
    with pytest.raises(NotTheirFault):
        claim(world, late)


def test_somebody_turned_away_does_not_speak_for_them(world: World, late: datetime) -> None:
    admission.turn_away(visit_id=world.arrives().pk, by=world.by, at=world.at)
    claim(world, late)


def test_one_who_could_not_get_in_had_a_technical_problem(world: World, late: datetime) -> None:
    visit = world.arrives()
    lobby.want(visit_id=visit.pk, wants=Visit.Wants.CANNOT_GET_IN, by=world.holder(), at=world.at)
    admission.turn_away(visit_id=visit.pk, by=world.by, at=world.at)
    with pytest.raises(NotTheirFault) as refused:
        claim(world, late)
    assert "tekniske problemer" in refused.value.message


def test_where_nobody_from_nav_came_the_citizen_is_not_to_blame(world: World) -> None:
    Message.objects.filter(meeting=world.meeting).update(state=MessageState.SENT)
    entering.enter_as_host(meeting_id=world.meeting.pk, by=world.by, at=world.meeting.starts_at + timedelta(minutes=15))
    with pytest.raises(NotTheirFault) as refused:
        claim(world, world.meeting.starts_at + timedelta(minutes=20))
    assert "Ingen fra Nav" in refused.value.message


def test_a_meeting_by_phone_asks_nothing_of_the_door(world: World) -> None:
    Message.objects.filter(meeting=world.meeting).update(state=MessageState.SENT)
    world.update(format=Format.PHONE)
    claim(world, world.meeting.starts_at + timedelta(minutes=20))
