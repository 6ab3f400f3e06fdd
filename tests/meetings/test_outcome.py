"""What became of a meeting and of those in it."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from meetings import changes, formats, outcome, people
from meetings.changes import Why
from meetings.events import MeetingConcluded, MeetingEnded, NoShowClaimed, OutcomeSet
from meetings.models import (
    CallAttempt,
    Format,
    Meeting,
    Occupancy,
    Outcome,
    Participant,
    ParticipantOutcome,
    Reason,
    Role,
    WhyCorrected,
)
from meetings.outcome import GRACE, TooEarly
from meetings.places import Place
from meetings.states import WrongState
from minutes.models import Version
from navmeet.audit.models import AuditEvent
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, Invalid, NotFound, NotPermitted, Stale
from navmeet.outbox import publish as publishing
from navmeet.outbox.models import OutboxEvent
from navmeet.outbox.publish import Consequences, Event
from tests import make
from tests.meetings.setting import adding, explained, given

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """What outcomes publish; the reactions of others stay out, so that only the rules here decide."""
    events: list[Event] = []

    def listen(event: Event) -> Any:
        if not isinstance(event, OutcomeSet):
            events.append(event)
        return Consequences()

    monkeypatch.setattr(outcome, "publish", listen)
    return events


def on(meeting: Meeting, minutes: float = 0) -> Any:
    return meeting.starts_at + timedelta(minutes=minutes)


def of(meeting: Meeting, participant: Participant | None = None, *, at: Any, **more: Any) -> dict[str, Any]:
    return given(meeting, at=at, participant_id=(participant or meeting.citizen()).pk, **more)


def test_the_host_ends_the_meeting_and_its_planned_time_stays_taken(heard: list[Event]) -> None:
    meeting = make.meeting()
    ended = outcome.end_meeting(**given(meeting, at=on(meeting, 20)))
    assert (ended.ended_at, ended.ended_by, ended.version) == (on(meeting, 20), meeting.host_id, 2)
    assert (ended.status, ended.sequence) == ("SCHEDULED", 0)
    during = Occupancy.objects.filter(meeting=meeting).values_list("during", flat=True)
    assert {(one.lower, one.upper) for one in during} == {(meeting.starts_at, meeting.ends_at)}
    assert heard == [MeetingEnded(meeting_id=meeting.pk, at=on(meeting, 20))]


def test_ending_twice_is_ending_once_also_with_the_version_read_before(heard: list[Event]) -> None:
    meeting = make.meeting()
    arguments = given(meeting, at=on(meeting, 20))
    outcome.end_meeting(**arguments)
    again = outcome.end_meeting(**arguments | {"at": on(meeting, 20) + timedelta(seconds=9)})
    assert (again.ended_at, again.version) == (on(meeting, 20), 2)
    assert len(heard) == 1
    assert AuditEvent.objects.filter(action="meeting.ended").count() == 1


def test_a_meeting_is_not_ended_before_its_start_by_another_or_with_an_old_version() -> None:
    meeting = make.meeting()
    with pytest.raises(TooEarly):
        outcome.end_meeting(**given(meeting, at=on(meeting, -1)))
    colleague = make.actor(make.caseworker())
    with pytest.raises(NotPermitted) as refused:
        outcome.end_meeting(**given(meeting, by=colleague, at=on(meeting, 1)))
    assert refused.value.code == "not_host"
    with pytest.raises(Stale):
        outcome.end_meeting(**(given(meeting, at=on(meeting, 1)) | {"version": 4}))
    changes.cancel(**given(meeting, why=Why(Reason.PRACTICAL), can_be_told=True))
    with pytest.raises(WrongState):
        outcome.end_meeting(**given(meeting, at=on(meeting, 1)))


def test_what_was_ended_is_not_moved_changed_or_joined_by_others() -> None:
    meeting = make.meeting()
    outcome.end_meeting(**given(meeting, at=on(meeting, 5)))
    later = on(meeting, 6)
    with pytest.raises(WrongState):
        people.add_partner(**adding(meeting, at=later))
    with pytest.raises(WrongState):
        changes.cancel(**given(meeting, why=Why(Reason.PRACTICAL), can_be_told=True, at=later))
    with pytest.raises(WrongState):
        formats.change_format(
            **given(
                meeting,
                at=later,
                to=Format.PHONE,
                place=Place(caller="NAV", phone="99112233"),
                why=Why(Reason.PRACTICAL),
                can_be_told=True,
                safety_measures=frozenset(),
            )
        )


@pytest.mark.parametrize(("held", "status"), [(True, "HELD"), (False, "NOT_HELD")])
def test_it_is_said_once_whether_the_meeting_was_held(held: bool, status: str, heard: list[Event]) -> None:
    meeting = make.meeting()
    with pytest.raises(TooEarly):
        outcome.conclude(**given(meeting, at=on(meeting, -1), held=held))
    outcome.record_call(**of(meeting, at=on(meeting, 1)))
    done = outcome.conclude(**given(meeting, at=on(meeting, 15), held=held))
    assert (done.status, done.version) == (status, 3)
    assert heard == [MeetingConcluded(meeting_id=meeting.pk, held=held, at=on(meeting, 15))]
    with pytest.raises(WrongState):
        outcome.conclude(**given(meeting, at=on(meeting, 16), held=not held))


def test_a_colleague_of_the_office_may_conclude_and_a_stranger_does_not_know_the_meeting() -> None:
    meeting = make.meeting()
    stranger = make.actor(make.caseworker(office_number="0398"))
    with pytest.raises(NotFound):
        outcome.conclude(**given(meeting, by=stranger, at=on(meeting), held=True))
    colleague = make.actor(make.caseworker())
    assert outcome.conclude(**given(meeting, by=colleague, at=on(meeting), held=True)).status == "HELD"


def test_a_call_is_added_each_time_and_only_from_the_start() -> None:
    meeting = make.meeting()
    with pytest.raises(TooEarly):
        outcome.record_call(**of(meeting, at=on(meeting, -1)))
    for minute in (5, 10):
        outcome.record_call(**of(meeting, at=on(meeting, minute)))
    attempts = CallAttempt.objects.order_by("at")
    assert [(one.at, one.by) for one in attempts] == [(on(meeting, m), meeting.host_id) for m in (5, 10)]
    meeting.refresh_from_db()
    assert meeting.version == 3


@pytest.mark.parametrize("kind", [Outcome.MET, Outcome.EXCUSED, Outcome.TECHNICAL_PROBLEM])
def test_an_outcome_is_set_from_the_start_and_can_be_corrected(kind: Outcome, heard: list[Event]) -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting)
    with pytest.raises(TooEarly):
        outcome.set_outcome(**of(meeting, doctor, at=on(meeting, -1), outcome=kind))
    outcome.set_outcome(**of(meeting, doctor, at=on(meeting), outcome=kind))
    outcome.set_outcome(**of(meeting, doctor, at=on(meeting, 9), outcome=Outcome.EXCUSED))
    kept = ParticipantOutcome.objects.get()
    assert (kept.participant, kept.outcome, kept.set_at, kept.set_by) == (
        *(doctor, "EXCUSED", on(meeting, 9)),
        meeting.host_id,
    )
    said = AuditEvent.objects.filter(action="participant.outcome_set").order_by("at")
    assert [line.detail["outcome"] for line in said] == [kind, "EXCUSED"]
    assert heard == []


def test_did_not_meet_needs_fifteen_minutes_and_a_call_since_the_start(heard: list[Event]) -> None:
    meeting = make.meeting()
    absent = Outcome.DID_NOT_MEET
    at_grace = meeting.starts_at + GRACE
    with pytest.raises(Conflict) as refused:
        outcome.set_outcome(**of(meeting, at=at_grace, outcome=absent))
    assert (refused.value.code, refused.value.field) == ("not_called", "outcome")
    outcome.record_call(**of(meeting, at=on(meeting, 3)))
    with pytest.raises(TooEarly) as early:
        outcome.set_outcome(**of(meeting, at=at_grace - timedelta(seconds=1), outcome=absent))
    assert early.value.field == "outcome"
    assert heard == []
    outcome.set_outcome(**of(meeting, at=at_grace, outcome=absent))
    assert ParticipantOutcome.objects.get().outcome == absent
    assert heard == [NoShowClaimed(meeting_id=meeting.pk, participant_id=meeting.citizen().pk, at=at_grace)]


def test_who_has_a_part_of_their_own_is_waited_for_from_its_beginning(heard: list[Event]) -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting, make.doctor(part_offset=20, part_minutes=10))
    outcome.record_call(**of(meeting, doctor, at=on(meeting, 5)))
    with pytest.raises(TooEarly):
        outcome.set_outcome(**of(meeting, doctor, at=on(meeting, 34), outcome=Outcome.DID_NOT_MEET))
    with pytest.raises(Conflict) as refused:
        outcome.set_outcome(**of(meeting, doctor, at=on(meeting, 35), outcome=Outcome.DID_NOT_MEET))
    assert refused.value.code == "not_called"
    outcome.record_call(**of(meeting, doctor, at=on(meeting, 25)))
    outcome.set_outcome(**of(meeting, doctor, at=on(meeting, 35), outcome=Outcome.DID_NOT_MEET))
    assert ParticipantOutcome.objects.get().participant == doctor


def test_a_call_to_another_participant_does_not_count(heard: list[Event]) -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting)
    outcome.record_call(**of(meeting, doctor, at=on(meeting, 3)))
    with pytest.raises(Conflict) as refused:
        outcome.set_outcome(**of(meeting, at=on(meeting, 20), outcome=Outcome.DID_NOT_MEET))
    assert refused.value.code == "not_called"


def test_a_reaction_that_vetoes_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def veto(_: NoShowClaimed) -> Consequences:
        raise Conflict("Vi fikk ikke levert innkallingen.", code="not_their_fault", field="outcome")

    meeting = make.meeting()
    outcome.record_call(**of(meeting, at=on(meeting, 3)))
    monkeypatch.setattr(publishing, "reactions", lambda: {NoShowClaimed: [veto]})
    with pytest.raises(Conflict) as refused:
        outcome.set_outcome(**of(meeting, at=on(meeting, 20), outcome=Outcome.DID_NOT_MEET))
    assert refused.value.code == "not_their_fault"
    meeting.refresh_from_db()
    assert (meeting.version, ParticipantOutcome.objects.count()) == (2, 0)


def test_what_is_said_of_the_meeting_and_of_the_citizen_agree() -> None:
    held = make.meeting()
    outcome.set_outcome(**of(held, at=on(held), outcome=Outcome.MET))
    with pytest.raises(Conflict) as refused:
        outcome.conclude(**given(held, at=on(held, 1), held=False))
    assert refused.value.code == "citizen_met"
    not_held = make.meeting()
    outcome.set_outcome(**of(not_held, at=on(not_held), outcome=Outcome.TECHNICAL_PROBLEM))
    outcome.conclude(**given(not_held, at=on(not_held), held=False))
    with pytest.raises(Conflict) as refused:
        outcome.set_outcome(**of(not_held, at=on(not_held, 1), outcome=Outcome.MET))
    assert refused.value.code == "not_held"
    excused = of(not_held, at=on(not_held, 1), outcome=Outcome.EXCUSED)
    outcome.set_outcome(**excused, why=WhyCorrected.MISTAKE)


def test_nobody_is_noted_of_a_cancelled_meeting_or_who_is_not_in_it() -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting)
    host = meeting.participants.get(role=Role.HOST)
    people.remove_partner(**explained(meeting, participant_id=doctor.pk))
    for participant in (doctor, host, make.meeting().citizen()):
        with pytest.raises(NotFound):
            outcome.set_outcome(**of(meeting, participant, at=on(meeting), outcome=Outcome.EXCUSED))
        with pytest.raises(NotFound):
            outcome.record_call(**of(meeting, participant, at=on(meeting)))
    with pytest.raises(Invalid) as refused:
        outcome.set_outcome(**of(meeting, at=on(meeting), outcome="ILL"))
    assert refused.value.field == "outcome"
    changes.cancel(**given(meeting, why=Why(Reason.PRACTICAL), can_be_told=True))
    with pytest.raises(WrongState):
        outcome.set_outcome(**of(meeting, at=on(meeting), outcome=Outcome.EXCUSED))


VERBS: dict[str, dict[str, Any]] = {
    "end_meeting": {},
    "conclude": {"held": True},
    "set_outcome": {"outcome": Outcome.MET},
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_rehearsed_outcome_keeps_nothing_and_tells_nobody(verb: str) -> None:
    meeting = make.meeting()
    named = {"participant_id": meeting.citizen().pk} if verb == "set_outcome" else {}
    would = rehearse(getattr(outcome, verb), **given(meeting, at=on(meeting, 1), **named, **VERBS[verb]))
    assert would == Consequences()
    meeting.refresh_from_db()
    assert (meeting.version, meeting.status, meeting.ended_at) == (1, "SCHEDULED", None)
    assert not ParticipantOutcome.objects.exists()


@pytest.mark.parametrize("held", [True, False])
def test_what_was_concluded_is_corrected_with_a_reason_that_stays(held: bool, heard: list[Event]) -> None:
    meeting = make.meeting()
    outcome.record_call(**of(meeting, at=on(meeting, 1)))
    outcome.conclude(**given(meeting, at=on(meeting, 50), held=held))
    corrected = outcome.correct_conclusion(
        **given(meeting, at=on(meeting, 90), held=not held, why=WhyCorrected.LEARNED_LATER)
    )
    assert (corrected.status, corrected.version) == ("NOT_HELD" if held else "HELD", 4)
    assert heard[-1] == MeetingConcluded(meeting_id=meeting.pk, held=not held, at=on(meeting, 90))
    said = AuditEvent.objects.filter(meeting_id=meeting.pk, action__in=["meeting.concluded", "meeting.corrected"])
    assert [(one.action, one.detail["held"], one.reason) for one in said.order_by("at")] == [
        ("meeting.concluded", held, ""),
        ("meeting.corrected", not held, "LEARNED_LATER"),
    ]


def test_a_correction_without_a_reason_of_the_list_of_nothing_or_too_soon_is_refused() -> None:
    meeting = make.meeting()
    with pytest.raises(WrongState):
        outcome.correct_conclusion(**given(meeting, at=on(meeting, 1), held=True, why=WhyCorrected.MISTAKE))
    outcome.conclude(**given(meeting, at=on(meeting, 50), held=True))
    for why in (None, "", "ILL", Reason.MISTAKE.value + " "):
        with pytest.raises(Invalid) as refused:
            outcome.correct_conclusion(**given(meeting, at=on(meeting, 51), held=False, why=why))
        assert refused.value.field == "why"
    with pytest.raises(Conflict) as same:
        outcome.correct_conclusion(**given(meeting, at=on(meeting, 51), held=True, why=WhyCorrected.MISTAKE))
    assert same.value.code == "nothing_changed"
    outcome.set_outcome(**of(meeting, at=on(meeting, 52), outcome=Outcome.MET))
    with pytest.raises(Conflict) as met:
        outcome.correct_conclusion(**given(meeting, at=on(meeting, 53), held=False, why=WhyCorrected.MISTAKE))
    assert met.value.code == "citizen_met"
    meeting.refresh_from_db()
    assert meeting.status == "HELD"


def test_host_and_office_correct_and_others_do_not_know_the_meeting() -> None:
    meeting = make.meeting()
    outcome.conclude(**given(meeting, at=on(meeting, 50), held=True))
    arguments = {"at": on(meeting, 51), "held": False, "why": WhyCorrected.MISTAKE}
    stranger = make.actor(make.caseworker(office_number="0398"))
    with pytest.raises(NotFound):
        outcome.correct_conclusion(**given(meeting, by=stranger, **arguments))
    colleague = make.actor(make.caseworker())
    assert outcome.correct_conclusion(**given(meeting, by=colleague, **arguments)).status == "NOT_HELD"


def test_a_meeting_with_shared_minutes_stays_held() -> None:
    meeting = make.meeting()
    outcome.conclude(**given(meeting, at=on(meeting, 50), held=True))
    version = Version(meeting=meeting, number=1, shared_at=on(meeting, 60), shared_by=meeting.host_id)
    version.sections = json.dumps([])
    version.save(force_insert=True)
    with pytest.raises(Conflict) as refused:
        outcome.correct_conclusion(**given(meeting, at=on(meeting, 61), held=False, why=WhyCorrected.MISTAKE))
    assert (refused.value.code, refused.value.field) == ("minutes_shared", "held")
    meeting.refresh_from_db()
    assert meeting.status == "HELD"


def test_of_a_concluded_meeting_another_outcome_needs_a_reason_and_the_first_does_not(heard: list[Event]) -> None:
    meeting = make.meeting()
    outcome.conclude(**given(meeting, at=on(meeting, 50), held=True))
    outcome.set_outcome(**of(meeting, at=on(meeting, 51), outcome=Outcome.EXCUSED))
    outcome.set_outcome(**of(meeting, at=on(meeting, 52), outcome=Outcome.EXCUSED))
    with pytest.raises(Invalid) as refused:
        outcome.set_outcome(**of(meeting, at=on(meeting, 53), outcome=Outcome.TECHNICAL_PROBLEM))
    assert refused.value.field == "why"
    outcome.set_outcome(
        **of(meeting, at=on(meeting, 54), outcome=Outcome.TECHNICAL_PROBLEM, why=WhyCorrected.PARTICIPANT_TOLD)
    )
    said = AuditEvent.objects.filter(action="participant.outcome_set").order_by("at")
    assert [(one.detail["outcome"], one.reason) for one in said] == [
        ("EXCUSED", ""),
        ("EXCUSED", ""),
        ("TECHNICAL_PROBLEM", "PARTICIPANT_TOLD"),
    ]


def test_a_call_counts_also_after_the_conclusion_but_not_another_day(heard: list[Event]) -> None:
    meeting = make.meeting()
    outcome.conclude(**given(meeting, at=on(meeting, 20), held=True))
    tomorrow = on(meeting, 24 * 60)
    outcome.record_call(**of(meeting, at=tomorrow))
    with pytest.raises(Conflict) as refused:
        outcome.set_outcome(**of(meeting, at=tomorrow, outcome=Outcome.DID_NOT_MEET))
    assert refused.value.code == "not_called"
    other = make.meeting(day=date(2027, 1, 22))
    outcome.conclude(**given(other, at=on(other, 20), held=True))
    outcome.record_call(**of(other, at=on(other, 21)))
    outcome.set_outcome(**of(other, at=on(other, 22), outcome=Outcome.DID_NOT_MEET))
    assert ParticipantOutcome.objects.get().outcome == Outcome.DID_NOT_MEET


def test_that_it_was_not_held_is_said_when_it_stands_what_became_of_the_citizen_or_they_were_waited_for_and_rung() -> (
    None
):
    meeting = make.meeting()
    with pytest.raises(TooEarly) as refused:
        outcome.conclude(**given(meeting, at=on(meeting, 61 / 60), held=False))
    assert refused.value.field == "held"
    outcome.record_call(**of(meeting, at=on(meeting, 2)))
    with pytest.raises(TooEarly):
        outcome.conclude(**given(meeting, at=on(meeting, 14), held=False))
    outcome.conclude(**given(meeting, at=on(meeting, 15), held=False))

    unrung = make.meeting(day=date(2027, 1, 22))
    with pytest.raises(Conflict) as unnoted:
        outcome.conclude(**given(unrung, at=on(unrung, 40), held=False))
    assert (unnoted.value.code, unnoted.value.field) == ("nobody_noted", "held")
    # The next day there is nobody to ring any more, and the meeting must be ended somehow.
    outcome.conclude(**given(unrung, at=on(unrung, 24 * 60), held=False))

    excused = make.meeting(day=date(2027, 1, 25))
    outcome.set_outcome(**of(excused, at=on(excused), outcome=Outcome.EXCUSED))
    outcome.conclude(**given(excused, at=on(excused, 1), held=False))


def test_that_somebody_did_not_meet_is_told_to_no_other_system(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = make.meeting()
    monkeypatch.setattr(publishing, "reactions", dict)
    before = OutboxEvent.objects.count()
    outcome.record_call(**of(meeting, at=on(meeting, 3)))
    outcome.set_outcome(**of(meeting, at=on(meeting, 20), outcome=Outcome.DID_NOT_MEET))
    assert OutboxEvent.objects.count() == before, "neither the call nor the outcome leaves the house"
    outcome.conclude(**given(meeting, at=on(meeting, 21), held=False))
    left = OutboxEvent.objects.latest("position")
    assert (left.name, left.body) == ("meeting.concluded", {"held": False})
