"""What is seen in the lobby: by one who waits, of their own; by those who keep the door, of all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.crypto import salted_hmac

from invitations import door, identity, lobby, visits
from invitations.door import Decision
from invitations.models import IdentityCheck, Visit
from invitations.same_link import Beside, beside
from meetings.models import FROM_NAV, Caller, Format, Meeting, Participant
from meetings.revisions import current
from navmeet.accounts.actor import Actor, ActorKind, Level
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
    """One visit as the one who waits is shown it. Nothing of the matter or of others.

    `phone`: the number that is rung or to ring, for the citizen who is logged in, and for nobody else.
    """

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
    phone: str
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
        phone=(revision.phone or "") if by.kind == ActorKind.CITIZEN and not participant.way_in else "",
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
    """One visit as those who keep the door see it.

    `decision` is the door's, for them. `same_link`: how many come with this link just now; `beside`: what that means.
    `check` is the note of who they are, made since they were let in. `inside`: how many of their connections the
    platform tells of, `inside_since` or `left_at` when; neither where it has told nothing.
    """

    visit: Visit
    participant: Participant
    decision: Decision
    name: str
    level: Level
    is_here: bool
    same_link: int
    beside: Beside
    must_show_identity: bool
    check: IdentityCheck | None
    inside: int
    inside_since: datetime | None
    left_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        return self.visit.state == State.WAITING

    @property
    def is_to_show_identity(self) -> bool:
        """They are asked who they are; not where another with their link is surer known, or in: they are a warning."""
        return self.must_show_identity and self.check is None and not self.beside.is_doubtful

    @property
    def must_leave(self) -> bool:
        """They went on to the platform, may be there still, and are not to be there any more."""
        may_be_there = self.visit.entered_at is not None and (self.inside > 0 or self.left_at is None)
        return may_be_there and (self.visit.state == State.TURNED_AWAY or self.decision == Decision.CLOSED)


@dataclass(frozen=True)
class Lobby:
    """Who waits, the longest first; who was let in; whom we still expect; and what the door itself says.

    `must_leave`: who is to go out of the video meeting now; they are not among those let in.
    """

    meeting: Meeting
    decision: Decision
    opens_at: datetime
    waiting: list[Row]
    admitted: list[Row]
    must_leave: list[Row]
    expected: list[Participant]
    must_wait_for_identity: bool

    @property
    def mark(self) -> str:
        """Another whenever anything shown is another."""
        rows = [_told_of(row) for row in (*self.waiting, *self.admitted, *self.must_leave)]
        told = (rows, [one.pk for one in self.expected], self.decision, self.meeting.version)
        return salted_hmac("navmeet.lobby", repr(told)).hexdigest()[:20]


def _told_of(row: Row) -> tuple[object, ...]:
    visit, others = row.visit, row.beside
    return (
        *(visit.pk, visit.state, row.name, visit.wants, visit.word, visit.entered_at, row.is_here, row.decision),
        *(row.same_link, others.surer and others.surer.pk, others.inside and others.inside.pk, others.turned_away_at),
        *(row.check and row.check.pk, row.inside, row.inside_since, row.left_at),
    )


def lobby_of(meeting: Meeting, *, by: Actor, at: datetime) -> Lobby:
    """For those from Nav on the meeting's list. Raises NotPermitted."""
    door.check_can_keep_door(by, meeting)
    rows = _rows(meeting, at)
    is_open = [row for row in rows if row.visit.state in visits.OPEN_STATES]
    come = {row.participant.pk for row in is_open}
    present = meeting.participants.filter(removed_at=None).exclude(role__in=FROM_NAV)
    expected = [one for one in present.select_related("person", "contact").order_by("id") if one.pk not in come]
    here = [row.participant for row in is_open if row.participant.removed_at is None]
    has_guest = any(one.way_in == Format.VIDEO for one in (*expected, *here))
    decision = door.may_staff_come_in(meeting, at, has_guest_by_video=has_guest)
    return Lobby(
        meeting=meeting,
        decision=decision,
        opens_at=meeting.starts_at - door.OPENS_BEFORE,
        waiting=[row for row in is_open if row.is_waiting],
        admitted=[row for row in is_open if not row.is_waiting and not row.must_leave],
        must_leave=[row for row in rows if row.must_leave] if decision == Decision.OPEN else [],
        expected=expected,
        must_wait_for_identity=any(row.is_to_show_identity for row in is_open),
    )


def _rows(meeting: Meeting, at: datetime) -> list[Row]:
    """Of those who waited and went, only they who were here within the last minutes; of those turned away, all who went
    on to the platform before.
    """
    found = list(
        Visit.objects.filter(invitation__participant__meeting=meeting)
        .exclude(state=State.LEFT)
        .exclude(state=State.WAITING, seen_at__lt=at - lobby.GONE_AFTER)
        .select_related("invitation__participant__person", "invitation__participant__contact")
        .prefetch_related("presences")
        .order_by("arrived_at", "id")
    )
    checks: dict[UUID, IdentityCheck] = {}
    for check in IdentityCheck.objects.filter(participant__meeting=meeting).order_by("at", "id"):
        checks[check.participant_id] = check
    return [_row(one, found, meeting, checks, at) for one in found if _is_shown(one)]


def _is_shown(visit: Visit) -> bool:
    """Nobody turned away, or taken out of the meeting, who never went on."""
    is_out = visit.state == State.TURNED_AWAY or visit.invitation.participant.removed_at is not None
    return not is_out or visit.entered_at is not None


def _row(visit: Visit, found: list[Visit], meeting: Meeting, checks: dict[UUID, IdentityCheck], at: datetime) -> Row:
    participant = visit.invitation.participant
    participant.meeting = meeting
    check = checks.get(participant.pk)
    is_theirs = check is not None and visit.decided_at is not None and visit.decided_at <= check.at
    came = [one.came_at for one in visit.presences.all() if one.left_at is None]
    left = [one.left_at for one in visit.presences.all() if one.left_at is not None]
    with_link = [one for one in found if one.invitation_id == visit.invitation_id]
    return Row(
        visit=visit,
        participant=participant,
        decision=door.may_come_in(visit.invitation, at),
        name=visit.name or "Deltaker",
        level=Level(visit.assurance),
        is_here=visit.state == State.ADMITTED or at - visit.seen_at < lobby.AWAY_AFTER,
        same_link=sum(one.state in visits.OPEN_STATES for one in with_link),
        beside=beside(visit, with_link),
        must_show_identity=identity.is_demanded(meeting, visit),
        check=check if is_theirs else None,
        inside=len(came),
        inside_since=min(came, default=None),
        left_at=None if came else max(left, default=None),
    )
