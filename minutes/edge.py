"""What the network must say before minutes are opened, written or shared: asked here, before any transaction."""

from datetime import datetime
from uuid import UUID

from meetings import asking
from meetings.asking import Answers
from minutes import access
from navmeet.accounts.actor import Actor
from navmeet.people import clearance, looking
from navmeet.people.clearance import Clearance


def may_open(meeting_id: UUID, *, by: Actor, at: datetime) -> Clearance:
    """For opening and writing. Raises NotFound, NotPermitted, Unavailable."""
    person_id = access.citizen_to_ask_about(meeting_id, by)
    allowed = clearance.ask(person_id=person_id, by=by, at=at)
    looking.look_before_opening(person_id, by=by, at=at)
    return allowed


def may_open_and_tell(meeting_id: UUID, *, by: Actor, at: datetime) -> Answers:
    """For sharing: also whether the citizen can be told digitally. Raises NotFound, NotPermitted, Unavailable."""
    return asking.about_person(access.citizen_to_ask_about(meeting_id, by), by=by, at=at)
