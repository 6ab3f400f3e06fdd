"""The states of a meeting and the ways between them. docs/states.md is drawn from this table."""

from meetings.models import Meeting, Status
from navmeet.exceptions import Conflict

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.PROPOSED: frozenset({Status.SCHEDULED, Status.CANCELLED}),
    Status.SCHEDULED: frozenset({Status.HELD, Status.NOT_HELD, Status.CANCELLED}),
    # What was said of a meeting can be corrected, one way and the other.
    Status.HELD: frozenset({Status.NOT_HELD}),
    Status.NOT_HELD: frozenset({Status.HELD}),
    Status.CANCELLED: frozenset({Status.SCHEDULED}),
}

_SENTENCES = {
    Status.PROPOSED: "Møtet er foreslått, men ikke avtalt ennå.",
    Status.SCHEDULED: "Møtet er avtalt.",
    Status.HELD: "Møtet er holdt og kan ikke endres.",
    Status.NOT_HELD: "Møtet ble ikke holdt og kan ikke endres.",
    Status.CANCELLED: "Møtet er allerede avlyst.",
}


class WrongState(Conflict):
    """The meeting's state does not allow it."""

    code = "wrong_state"


def check_can_become(meeting: Meeting, to: Status) -> None:
    """Raises WrongState unless the table allows it."""
    if to not in TRANSITIONS[Status(meeting.status)]:
        raise WrongState(_SENTENCES[Status(meeting.status)])


def check_is(meeting: Meeting, *allowed: Status) -> None:
    """Raises WrongState unless the meeting is in one of these states."""
    if meeting.status not in allowed:
        raise WrongState(_SENTENCES[Status(meeting.status)])


def check_is_scheduled(meeting: Meeting) -> None:
    """Raises WrongState unless the meeting is to be held."""
    check_is(meeting, Status.SCHEDULED)
