"""What waits to be told as a sum is told now: the caseworker says that there will be no more changes."""

from datetime import datetime
from uuid import UUID

from invitations.messages import rows, untold, wake
from invitations.messages.rows import Told
from invitations.models import MessageState
from meetings.changes import load_for_change
from meetings.models import Meeting
from meetings.states import check_is_scheduled
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict
from navmeet.outbox.publish import Consequences, gather
from navmeet.people.clearance import Clearance


@change
def tell_now(*, meeting_id: UUID, by: Actor, clearance: Clearance, at: datetime) -> Meeting:
    """All that waits for its ten minutes is due. The meeting is as it was: no version is demanded, and none is counted.

    In quiet time SMS and e-mail still wait for the morning where they may (put_off.py).

    Raises NotFound, NotPermitted, Unavailable, WrongState, Conflict where nothing waits.
    """
    meeting = load_for_change(meeting_id, version=None, by=by, clearance=clearance, at=at)
    check_is_scheduled(meeting)
    waits = list(
        untold.waiting(meeting)
        .filter(state=MessageState.PLANNED, due_at__gt=at)
        .select_for_update(of=("self",))
        .select_related("meeting", "participant__person")
        .order_by("pk")
    )
    if not waits:
        raise Conflict("Ingen endringer venter på å bli fortalt.", code="nothing_waits")

    for message in waits:
        message.due_at = at
        message.save(update_fields=["due_at"])

    record("messages.told_now", by=by, at=at, subject=meeting, meeting_id=meeting.pk)
    planned = [rows.as_planned(one, Told(meeting, one.participant, can_be_told=True, at=at)) for one in waits]
    gather(Consequences(messages=planned))
    wake.on_commit()
    return meeting


def may_tell_now(meeting: Meeting, at: datetime) -> bool:
    """Does anything wait?"""
    return untold.waiting(meeting).filter(state=MessageState.PLANNED, due_at__gt=at).exists()
