"""Nobody is noted as not having met where delivery, link or host failed."""

from datetime import datetime, timedelta

import pytest

from invitations import admission, attendance, entering, lobby
from invitations.attendance import NotTheirFault
from invitations.models import Answer, Message, MessageState, Visit, Why
from meetings import outcome
from meetings.events import NoShowClaimed
from meetings.models import CallAttempt, Format, Outcome, ParticipantOutcome, Role, Task
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


def test_one_who_asked_to_be_called_is_not_absent_though_the_meeting_became_a_call(
    world: World, late: datetime
) -> None:
    visit = world.arrives()
    lobby.want(visit_id=visit.pk, wants=Visit.Wants.CALL_INSTEAD, by=world.holder(), at=world.at)
    world.update(format=Format.PHONE)
    with pytest.raises(NotTheirFault) as refused:
        claim(world, late)
    assert "tekniske problemer" in refused.value.message


def test_one_whose_link_was_closed_could_not_come(world: World, late: datetime) -> None:
    doctor = world.partner(Role.DOCTOR)
    Message.objects.create(
        meeting=world.meeting, participant=doctor.participant, occasion="INVITED", about_id=doctor.pk, about_number=1,
        channel="EMAIL", language="nb", due_at=make.NOW, not_after=late, planned_at=make.NOW, state="DELIVERED",
    )  # fmt: skip
    told = NoShowClaimed(meeting_id=world.meeting.pk, participant_id=doctor.participant_id, at=late)
    attendance.on_no_show_claimed(told)
    type(doctor).objects.filter(pk=doctor.pk).update(closed_at=world.at)
    with pytest.raises(NotTheirFault) as refused:
        attendance.on_no_show_claimed(told)
    assert "stengt" in refused.value.message


@pytest.mark.parametrize("held", [Format.VIDEO, Format.PHONE])
def test_where_the_host_ended_it_before_the_15_minutes_nobody_was_waited_for(
    world: World, late: datetime, held: Format
) -> None:
    starts = world.meeting.starts_at
    world.update(format=held, ended_at=starts + timedelta(minutes=14), ended_by=world.host.pk)
    with pytest.raises(NotTheirFault) as refused:
        claim(world, late)
    assert "15 minutter" in refused.value.message
    world.update(ended_at=starts + timedelta(minutes=15))
    claim(world, late)


@pytest.mark.parametrize("about", ["INVITED:2", "CANCELLED:1", "MINUTES_SHARED:1", "message:00"])
def test_a_letter_about_something_else_is_no_letter_about_the_time_that_holds(
    world: World, late: datetime, about: str
) -> None:
    Message.objects.filter(meeting=world.meeting).update(state=MessageState.FAILED, why=Why.NOT_DELIVERED)
    done(world, Task.Kind.SEND_LETTER, about)
    with pytest.raises(NotTheirFault):
        claim(world, late)


def test_a_letter_to_the_citizen_tells_the_doctor_nothing(world: World, late: datetime) -> None:
    doctor = world.partner(Role.DOCTOR)
    done(world, Task.Kind.SEND_LETTER, "INVITED:1")
    with pytest.raises(NotTheirFault):
        attendance.on_no_show_claimed(
            NoShowClaimed(meeting_id=world.meeting.pk, participant_id=doctor.participant_id, at=late)
        )


def test_one_who_was_rung_because_a_message_did_not_arrive_was_told(world: World, late: datetime) -> None:
    invited = Message.objects.get(meeting=world.meeting, occasion="INVITED")
    Message.objects.filter(pk=invited.pk).update(state=MessageState.FAILED, why=Why.NOT_DELIVERED)
    with pytest.raises(NotTheirFault):
        claim(world, late)
    done(world, Task.Kind.NOT_REACHED, f"message:{invited.pk.hex}")
    claim(world, late)
    Task.objects.update(tried={"is_late": True})
    with pytest.raises(NotTheirFault):
        claim(world, late)


def done(world: World, kind: Task.Kind, about: str) -> None:
    Task.objects.create(
        meeting=world.meeting, kind=kind, about=about, made_at=make.NOW, due_at=make.NOW, done_at=make.NOW,
        done_by=world.host.pk,
    )  # fmt: skip
