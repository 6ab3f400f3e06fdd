"""Who is in the video meeting just now, as the platform tells it. What it does not tell is not guessed."""

from datetime import datetime
from uuid import UUID

from invitations.models import Presence, Visit
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change


@change
def join(*, visit_id: UUID, connection: str, alias: str, by: Actor, at: datetime) -> Presence | None:
    """A connection of this visit is in. Told twice, or after it left, is told once. None: no such visit."""
    found = _load(visit_id)
    if found is None:
        return None
    presence, is_new = Presence.objects.get_or_create(
        visit=found, connection=connection, defaults={"alias": alias, "came_at": at}
    )
    if is_new:
        meeting_id = found.invitation.participant.meeting_id
        record("door.connected", by=by, at=at, subject=found, meeting_id=meeting_id)
    return presence


@change
def part(*, visit_id: UUID, connection: str, by: Actor, at: datetime) -> Presence | None:
    """A connection of this visit is gone, also one of which we never heard that it came. Twice is once."""
    found = _load(visit_id)
    if found is None:
        return None
    presence, is_new = Presence.objects.get_or_create(
        visit=found, connection=connection, defaults={"came_at": at, "left_at": at}
    )
    if is_new or presence.left_at is not None:
        return presence
    presence.left_at = at
    presence.save(update_fields=["left_at"])

    meeting_id = found.invitation.participant.meeting_id
    record("door.disconnected", by=by, at=at, subject=found, meeting_id=meeting_id)
    return presence


def _load(visit_id: UUID) -> Visit | None:
    found = Visit.objects.select_for_update(of=("self",)).select_related("invitation__participant")
    return found.filter(pk=visit_id).first()
