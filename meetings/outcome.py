"""What became of a meeting and of those in it, as the caseworker says it. Told to no benefit system.

The host and the caseworkers of the meeting's office say it, and correct it: after the meeting is concluded with a
reason of a fixed list. What was said before stands in the history.
"""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from meetings import permissions, states
from meetings.changes import check_version, load_for_change
from meetings.events import MeetingConcluded, MeetingEnded, NoShowClaimed, OutcomeSet
from meetings.models import (
    PARTNERS,
    CallAttempt,
    Meeting,
    Outcome,
    Participant,
    ParticipantOutcome,
    Role,
    Status,
    WhyCorrected,
)
from meetings.people import count
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid, NotFound
from navmeet.look.dates import OSLO
from navmeet.outbox.publish import publish
from navmeet.people.clearance import Clearance

# How long everybody is waited for before anybody can be noted as not having met.
GRACE: Final = timedelta(minutes=15)
CAN_BE_ABSENT: Final = sorted({Role.CITIZEN, *PARTNERS})
CONCLUDED: Final = frozenset({Status.HELD, Status.NOT_HELD})
HAS_OUTCOMES: Final = CONCLUDED | {Status.SCHEDULED}


class TooEarly(Conflict):
    """It cannot be said yet."""

    code = "too_early"


@change
def end_meeting(*, meeting_id: UUID, version: int, by: Actor, clearance: Clearance, at: datetime) -> Meeting:
    """The host ends it: nobody comes in any more. Its planned time stays taken. Ending twice is ending once.

    Raises NotFound, NotPermitted, Stale, WrongState, TooEarly.
    """
    meeting = load_for_change(meeting_id, version=None, by=by, clearance=clearance, at=at)
    permissions.check_is_host(by, meeting)
    if meeting.ended_at is not None:
        return meeting
    check_version(meeting, version)
    states.check_is_scheduled(meeting)
    _check_has_started(meeting, at)

    meeting.ended_at, meeting.ended_by = at, by.id
    meeting.version += 1
    meeting.save(update_fields=["ended_at", "ended_by", "version"])

    record("meeting.ended", by=by, at=at, subject=meeting, meeting_id=meeting.pk)
    publish(MeetingEnded(meeting_id=meeting.pk, at=at))
    return meeting


@change
def conclude(*, meeting_id: UUID, version: int, held: bool, by: Actor, clearance: Clearance, at: datetime) -> Meeting:
    """The meeting was held, or it was not.

    That it was not can be said once it stands what became of the citizen, or they were waited for and rung to; the day
    after it is too late to ring. Raises NotFound, NotPermitted, Stale, WrongState, TooEarly, Conflict.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    states.check_is_scheduled(meeting)
    _check_has_started(meeting, at)
    if not held:
        _check_citizen_was_cared_for(meeting, at)
    _conclude(meeting, held)

    record("meeting.concluded", by=by, at=at, subject=meeting, meeting_id=meeting.pk, held=held)
    publish(MeetingConcluded(meeting_id=meeting.pk, held=held, at=at))
    return meeting


@change
def correct_conclusion(
    *,
    meeting_id: UUID,
    version: int,
    held: bool,
    why: WhyCorrected | None,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> Meeting:
    """It was said that the meeting was held, and it was not; or the other way round. Its door stays closed.

    Raises NotFound, NotPermitted, Stale, WrongState for one not concluded, Invalid at `why`, Conflict where it
    stands so already, where the citizen is noted as having met, and where minutes are shared.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    if meeting.status not in CONCLUDED:
        raise states.WrongState("Du har ikke lagret om møtet ble holdt, så det er ingenting å rette.")
    reason = _known_why(why)
    if held == (meeting.status == Status.HELD):
        raise Conflict("Det står slik allerede.", code="nothing_changed", field="held")
    _conclude(meeting, held)

    record("meeting.corrected", by=by, at=at, subject=meeting, meeting_id=meeting.pk, reason=reason, held=held)
    publish(MeetingConcluded(meeting_id=meeting.pk, held=held, at=at))
    return meeting


@change
def record_call(
    *, meeting_id: UUID, participant_id: UUID, version: int, by: Actor, clearance: Clearance, at: datetime
) -> CallAttempt:
    """Somebody tried to ring the participant, now; also when the meeting was concluded before anybody did.

    Raises NotFound, NotPermitted, Stale, WrongState, TooEarly.
    """
    meeting, participant = _load(meeting_id, participant_id, version=version, by=by, clearance=clearance, at=at)
    _check_has_outcomes(meeting)
    _check_has_started(meeting, at)

    attempt = CallAttempt.objects.create(participant=participant, at=at, by=by.known_id)
    count(meeting)

    record("participant.called", by=by, at=at, subject=participant, meeting_id=meeting.pk, role=participant.role)
    return attempt


@change
def set_outcome(
    *,
    meeting_id: UUID,
    participant_id: UUID,
    version: int,
    outcome: Outcome,
    by: Actor,
    clearance: Clearance,
    at: datetime,
    why: WhyCorrected | None = None,
) -> ParticipantOutcome:
    """What became of one participant; saying it anew replaces it, of a concluded meeting with a reason (`why`).

    `DID_NOT_MEET` at the earliest 15 minutes after the start (of their part), after a recorded try to call, and not
    where delivery, link or host failed. Raises NotFound, NotPermitted, Stale, WrongState, TooEarly, Conflict, Invalid.
    """
    meeting, participant = _load(meeting_id, participant_id, version=version, by=by, clearance=clearance, at=at)
    said = _known(outcome)
    _check_can_have(said, meeting, participant)
    _check_has_started(meeting, at)
    before = ParticipantOutcome.objects.filter(participant=participant).values_list("outcome", flat=True).first()
    reason = _reason_to_correct(meeting, before, said, why)
    if said == Outcome.DID_NOT_MEET and before != said:
        _check_was_waited_for(meeting, participant, at)
        publish(NoShowClaimed(meeting_id=meeting.pk, participant_id=participant.pk, at=at))

    kept, _ = ParticipantOutcome.objects.update_or_create(
        participant=participant, defaults={"outcome": said, "set_at": at, "set_by": by.known_id}
    )
    count(meeting)

    record(
        "participant.outcome_set",
        by=by,
        at=at,
        subject=participant,
        meeting_id=meeting.pk,
        role=participant.role,
        reason=reason,
        outcome=said,
    )
    if before != said:
        publish(OutcomeSet(meeting_id=meeting.pk, participant_id=participant.pk, before=before, outcome=said, at=at))
    return kept


def _conclude(meeting: Meeting, held: bool) -> None:
    if not held and _citizen_met(meeting):
        raise Conflict("Du har notert at innbyggeren møtte. Rett det først.", code="citizen_met", field="held")
    meeting.status = Status.HELD if held else Status.NOT_HELD
    meeting.version += 1
    meeting.save(update_fields=["status", "version"])


def _check_citizen_was_cared_for(meeting: Meeting, at: datetime) -> None:
    citizen = meeting.citizen()
    if at >= calls_count_until(meeting) or ParticipantOutcome.objects.filter(participant=citizen).exists():
        return
    is_called = citizen.call_attempts.filter(at__gte=meeting.starts_at).exists()
    if at < meeting.starts_at + GRACE:
        raise TooEarly(
            "Noter først hva som skjedde med innbyggeren, eller vent til 15 minutter etter start og prøv å ringe.",
            field="held",
        )
    if not is_called:
        raise Conflict(
            "Noter først hva som skjedde med innbyggeren, eller at du har prøvd å ringe.",
            code="nobody_noted",
            field="held",
        )


def _known_why(why: str | None) -> WhyCorrected:
    if why not in WhyCorrected.values:
        raise Invalid("Velg hvorfor det rettes.", code="why_missing", field="why")
    return WhyCorrected(why)


def _reason_to_correct(meeting: Meeting, before: str | None, said: Outcome, why: str | None) -> str:
    """While the meeting is on, people note and note anew; once it is concluded, others have read what stood."""
    if meeting.status not in CONCLUDED or before in {None, said}:
        return ""
    return _known_why(why)


def _load(
    meeting_id: UUID, participant_id: UUID, *, version: int, by: Actor, clearance: Clearance, at: datetime
) -> tuple[Meeting, Participant]:
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    found = meeting.participants.filter(pk=participant_id, role__in=CAN_BE_ABSENT, removed_at=None).first()
    if found is None:
        raise NotFound("Vi finner ikke deltakeren i møtet.", code="participant_not_found")
    return meeting, found


def _known(outcome: str) -> Outcome:
    if outcome not in Outcome.values:
        raise Invalid("Velg hva som skjedde.", code="outcome_unknown", field="outcome")
    return Outcome(outcome)


def _check_has_started(meeting: Meeting, at: datetime) -> None:
    if at < meeting.starts_at:
        raise TooEarly("Møtet har ikke begynt ennå.")


def _check_has_outcomes(meeting: Meeting) -> None:
    if meeting.status not in HAS_OUTCOMES:
        raise states.WrongState("Møtet er ikke avtalt, så ingen kan ha møtt eller latt være.")


def _check_can_have(said: Outcome, meeting: Meeting, participant: Participant) -> None:
    _check_has_outcomes(meeting)
    if said == Outcome.MET and meeting.status == Status.NOT_HELD and participant.role == Role.CITIZEN:
        raise Conflict("Møtet ble ikke holdt, så innbyggeren kan ikke ha møtt.", code="not_held", field="outcome")


def _check_was_waited_for(meeting: Meeting, participant: Participant, at: datetime) -> None:
    expected_at = meeting.starts_at + timedelta(minutes=participant.part_offset or 0)
    if at < expected_at + GRACE:
        raise TooEarly(
            "Vent til 15 minutter etter at deltakeren skulle komme, før du noterer «møtte ikke».", field="outcome"
        )
    if not participant.call_attempts.filter(at__gte=expected_at, at__lt=calls_count_until(meeting)).exists():
        raise Conflict("Prøv å ringe deltakeren først, og noter at du har prøvd.", code="not_called", field="outcome")


def calls_count_until(meeting: Meeting) -> datetime:
    """The end of its day in Oslo. Ringing before the time that holds was about another time; days later, no try."""
    day = meeting.starts_at.astimezone(OSLO).date() + timedelta(days=1)
    return datetime.combine(day, time(), OSLO)


def _citizen_met(meeting: Meeting) -> bool:
    return ParticipantOutcome.objects.filter(
        participant__meeting=meeting, participant__role=Role.CITIZEN, outcome=Outcome.MET
    ).exists()
