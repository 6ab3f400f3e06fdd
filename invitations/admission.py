"""The lobby, from the side of those who keep the door: let in, turn away, send a word."""

from datetime import datetime
from uuid import UUID

from invitations import door, visits
from invitations.models import Visit
from meetings.models import Meeting
from meetings.texts import SENTENCE
from navmeet.accounts.actor import Actor
from navmeet.api.text import clean
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid

State = Visit.State


class AnotherIsIn(Conflict):
    """Somebody is let in with this link already."""

    code = "another_is_in"


@change
def admit(*, visit_id: UUID, by: Actor, at: datetime, instead: bool = False) -> Visit:
    """Let somebody in. Doing it twice is doing it once.

    One at a time with one link: beside another it is refused, unless this one comes `instead` of them, who are then
    turned away. Raises NotFound, NotPermitted, DoorClosed, WrongState, AnotherIsIn.
    """
    visit, meeting = _at_the_door(visit_id, by)
    door.check_can_be_let_in(visit.invitation, at)
    if visit.state == State.ADMITTED:
        return visit
    visits.check_can_become(visit, State.ADMITTED)
    others = list(visit.invitation.visits.filter(state=State.ADMITTED))
    if others and not instead:
        raise AnotherIsIn("Noen er allerede sluppet inn med denne lenken. Bare én kan være inne med den om gangen.")
    for other in others:
        other.state, other.decided_at, other.decided_by = State.TURNED_AWAY, at, by.known_id
        other.save(update_fields=["state", "decided_at", "decided_by"])
        record("door.turned_away", by=by, at=at, subject=other, meeting_id=meeting.pk)
    visit.state, visit.decided_at, visit.decided_by = State.ADMITTED, at, by.known_id
    visit.save(update_fields=["state", "decided_at", "decided_by"])

    record("door.admitted", by=by, at=at, subject=visit, meeting_id=meeting.pk, assurance=visit.assurance)
    return visit


@change
def turn_away(*, visit_id: UUID, by: Actor, at: datetime) -> Visit:
    """Do not let somebody in, or not any more. Twice is once. Raises NotFound, NotPermitted, WrongState."""
    visit, meeting = _at_the_door(visit_id, by)
    if visit.state == State.TURNED_AWAY:
        return visit
    visits.check_can_become(visit, State.TURNED_AWAY)
    visit.state, visit.decided_at, visit.decided_by = State.TURNED_AWAY, at, by.known_id
    visit.save(update_fields=["state", "decided_at", "decided_by"])

    record("door.turned_away", by=by, at=at, subject=visit, meeting_id=meeting.pk)
    return visit


@change
def send_word(*, visit_id: UUID, words: str, by: Actor, at: datetime) -> Visit:
    """A sentence to one who waits; the last one stands. Raises NotFound, NotPermitted, WrongState, Invalid at `words`.

    It is shown to whoever waits there, who may be known by nothing but a link: the page tells the host so.
    """
    visit, meeting = _at_the_door(visit_id, by)
    if visit.state not in visits.OPEN_STATES:
        visits.check_can_become(visit, State.LEFT)
    kept = clean(words, field="words", longest=SENTENCE, lines=True)
    if not kept:
        raise Invalid("Skriv beskjeden.", code="words_missing", field="words")
    visit.word = kept
    visit.save(update_fields=["word"])

    record("door.word_sent", by=by, at=at, subject=visit, meeting_id=meeting.pk)
    return visit


def _at_the_door(visit_id: UUID, by: Actor) -> tuple[Visit, Meeting]:
    visit, meeting = visits.lock(visit_id, visits.of_meetings(by))
    door.check_can_keep_door(by, meeting)
    return visit, meeting
