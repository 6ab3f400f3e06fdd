"""What is seen in the lobby: by one who waits, of their own; by those who keep the door, of all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.crypto import salted_hmac

from invitations import door, identity, lobby, visits
from invitations.door import Decision
from invitations.models import IdentityCheck, Visit
from meetings.models import Caller, Format, Meeting, Participant
from meetings.revisions import current
from navmeet.accounts.actor import Actor, Level
from navmeet.exceptions import NotFound

State = Visit.State
# From when one who still waits is told that it is late, without anybody having to say so.
LATE_AFTER = timedelta(minutes=2)


class Situation(StrEnum):
    """What one who waits is told."""

    WAITING = "WAITING"
    ADMITTED = "ADMITTED"
    ENTERED = "ENTERED"
    TURNED_AWAY = "TURNED_AWAY"
    LEFT = "LEFT"
    MOVED = "MOVED"
    PHONE = "PHONE"
    IN_PERSON = "IN_PERSON"
    CANCELLED = "CANCELLED"
    OVER = "OVER"
    CLOSED = "CLOSED"


OF_STATE = {
    State.WAITING: Situation.WAITING,
    State.ADMITTED: Situation.ADMITTED,
    State.TURNED_AWAY: Situation.TURNED_AWAY,
    State.LEFT: Situation.LEFT,
}
OF_DECISION = {
    Decision.TOO_EARLY: Situation.MOVED,
    Decision.OVER: Situation.OVER,
    Decision.CANCELLED: Situation.CANCELLED,
    Decision.CLOSED: Situation.CLOSED,
}
# Nothing more will happen here: the page need not ask any longer.
FINAL = frozenset({Situation.TURNED_AWAY, Situation.LEFT, Situation.CANCELLED, Situation.OVER, Situation.CLOSED})


@dataclass(frozen=True)
class Standing:
    """One visit as the one who waits is shown it. Nothing of the matter, of others, or of any number to ring."""

    visit: Visit
    situation: Situation
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    format: Format
    word: str
    is_late: bool
    is_changed: bool
    nav_rings: bool
    mark: str

    @property
    def is_final(self) -> bool:
        return self.situation in FINAL


def standing(visit_id: UUID, *, by: Actor, at: datetime) -> Standing:
    """Raises NotFound."""
    visit = (
        visits.own(by)
        .select_related("invitation__participant__meeting", "invitation__participant__person")
        .filter(pk=visit_id)
        .first()
    )
    if visit is None:
        raise NotFound("Vi finner ikke besøket. Prøv igjen fra lenken din.", code="visit_not_found")
    participant = visit.invitation.participant
    meeting = participant.meeting
    revision = current(meeting)
    found = _situation(visit, participant, at)
    is_late = found == Situation.WAITING and at >= door.starts_at(participant) + LATE_AFTER
    told = (found, visit.word, visit.wants, is_late, revision.number, participant.way_in, participant.part_offset)
    return Standing(
        visit=visit,
        situation=found,
        starts_at=door.starts_at(participant),
        ends_at=meeting.ends_at,
        opens_at=door.opens_at(participant),
        format=door.way_in(participant),
        word=visit.word or "",
        is_late=is_late,
        is_changed=revision.made_at > visit.arrived_at,
        nav_rings=bool(participant.way_in) or revision.caller == Caller.NAV,
        mark=salted_hmac("navmeet.waiting", repr(told)).hexdigest()[:20],
    )


def _situation(visit: Visit, participant: Participant, at: datetime) -> Situation:
    """What became of the visit, where that is the end of it; else what the door says now."""
    decision = door.may_come_in(visit.invitation, at)
    if decision in {Decision.CANCELLED, Decision.OVER, Decision.CLOSED}:
        return OF_DECISION[decision]
    if visit.state in {State.TURNED_AWAY, State.LEFT}:
        return OF_STATE[State(visit.state)]
    if decision == Decision.NOT_VIDEO:
        return Situation.PHONE if door.way_in(participant) == Format.PHONE else Situation.IN_PERSON
    if decision == Decision.TOO_EARLY:
        return Situation.MOVED
    if visit.entered_at is not None:
        return Situation.ENTERED
    return OF_STATE[State(visit.state)]


@dataclass(frozen=True)
class Row:
    """One visit as those who keep the door see it. `same_link`: how many come with this link just now."""

    visit: Visit
    participant: Participant
    name: str
    level: Level
    is_here: bool
    same_link: int
    must_show_identity: bool
    check: IdentityCheck | None

    @property
    def is_waiting(self) -> bool:
        return self.visit.state == State.WAITING


@dataclass(frozen=True)
class Lobby:
    """Who waits, the longest first; who was let in; whom we still expect; and what the door itself says."""

    meeting: Meeting
    decision: Decision
    opens_at: datetime
    waiting: list[Row]
    admitted: list[Row]
    expected: list[Participant]
    must_wait_for_identity: bool

    @property
    def mark(self) -> str:
        """Another whenever anything shown is another."""
        rows = [
            (row.visit.pk, row.visit.state, row.name, row.visit.wants, row.visit.word, row.is_here, row.same_link)
            for row in (*self.waiting, *self.admitted)
        ]
        checks = [row.check.pk if row.check else None for row in (*self.waiting, *self.admitted)]
        entered = [row.visit.entered_at for row in self.admitted]
        told = (rows, checks, entered, [one.pk for one in self.expected], self.decision, self.meeting.version)
        return salted_hmac("navmeet.lobby", repr(told)).hexdigest()[:20]


def lobby_of(meeting: Meeting, *, by: Actor, at: datetime) -> Lobby:
    """For those from Nav on the meeting's list. Raises NotPermitted."""
    door.check_can_keep_door(by, meeting)
    rows = _rows(meeting, at)
    waiting = [row for row in rows if row.is_waiting]
    admitted = [row for row in rows if not row.is_waiting]
    come = {row.participant.pk for row in rows}
    present = meeting.participants.filter(removed_at=None).exclude(role__in=door.KEEPERS)
    expected = [one for one in present.select_related("person", "contact").order_by("id") if one.pk not in come]
    has_guest = any(one.way_in == Format.VIDEO for one in (*expected, *(row.participant for row in rows)))
    citizen_shown = any(row.must_show_identity and row.check is None for row in rows)
    return Lobby(
        meeting=meeting,
        decision=door.may_staff_come_in(meeting, at, has_guest_by_video=has_guest),
        opens_at=meeting.starts_at - door.OPENS_BEFORE,
        waiting=waiting,
        admitted=admitted,
        expected=expected,
        must_wait_for_identity=citizen_shown,
    )


def _rows(meeting: Meeting, at: datetime) -> list[Row]:
    """Of those who waited and went, only they who were here within the last minutes."""
    found = (
        Visit.objects.filter(invitation__participant__meeting=meeting, invitation__participant__removed_at=None)
        .filter(state__in=visits.OPEN_STATES)
        .exclude(state=State.WAITING, seen_at__lt=at - lobby.GONE_AFTER)
        .select_related("invitation__participant__person", "invitation__participant__contact")
        .order_by("arrived_at", "id")
    )
    rows = list(found)
    checks: dict[UUID, IdentityCheck] = {}
    for check in IdentityCheck.objects.filter(participant__meeting=meeting).order_by("at", "id"):
        checks[check.participant_id] = check
    of_link = [row.invitation_id for row in rows]
    return [
        Row(
            visit=row,
            participant=row.invitation.participant,
            name=row.name or "Deltaker",
            level=Level(row.assurance),
            is_here=row.state == State.ADMITTED or at - row.seen_at < lobby.AWAY_AFTER,
            same_link=of_link.count(row.invitation_id),
            must_show_identity=identity.is_demanded(meeting, row),
            check=checks.get(row.invitation.participant_id),
        )
        for row in rows
    ]
