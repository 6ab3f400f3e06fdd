"""Sharing minutes: the draft becomes version 1, open to the citizen, who is told."""

from datetime import datetime
from uuid import UUID

from meetings.models import Meeting
from minutes import sections as parts
from minutes import states
from minutes.access import lock_meeting
from minutes.events import MinutesShared
from minutes.models import Draft, Version
from minutes.writing import NOTHING_YET, stale
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, NotPermitted
from navmeet.outbox.publish import publish
from navmeet.people.clearance import Clearance

FIRST = 1


@change
def share(
    *, meeting_id: UUID, version: int, can_be_told: bool, by: Actor, clearance: Clearance, at: datetime
) -> Version:
    """Open the draft of this version to the citizen. `can_be_told` is the contact register's word on them.

    Sharing it again gives the version that is there, and tells nobody anew. Raises NotFound, NotPermitted, Stale,
    Conflict (not started, cancelled, nothing written).
    """
    meeting = lock_meeting(meeting_id, by=by, clearance=clearance, at=at)
    draft = _draft(meeting, version)
    already = Version.objects.filter(meeting=meeting, number=FIRST).first()
    if already is not None:
        return already
    states.check_may_have_minutes(meeting, at)
    shared = _store(meeting, draft, by, at)

    record("minutes.shared", by=by, at=at, subject=shared, meeting_id=meeting.pk, number=shared.number)
    publish(
        MinutesShared(meeting_id=meeting.pk, version_id=shared.pk, number=shared.number, can_be_told=can_be_told, at=at)
    )
    return shared


def _draft(meeting: Meeting, version: int) -> Draft | None:
    """As it was read by who shares it. Raises Stale."""
    draft = Draft.objects.filter(meeting=meeting).first()
    newest = draft.version if draft else NOTHING_YET
    if version != newest:
        raise stale(newest)
    return draft


def _store(meeting: Meeting, draft: Draft | None, by: Actor, at: datetime) -> Version:
    if draft is None or not parts.has_text(parts.from_json(draft.sections)):
        raise Conflict("Referatet er tomt. Skriv noe før du deler det.", code="minutes_empty")
    if by.id is None:
        raise NotPermitted("Bare en person kan dele et referat.", code="may_not_write_minutes")
    return Version.objects.create(meeting=meeting, number=FIRST, sections=draft.sections, shared_at=at, shared_by=by.id)
