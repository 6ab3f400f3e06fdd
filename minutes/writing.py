"""Writing minutes: one draft a meeting, saved as it is typed, by one hand at a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from meetings.models import Meeting
from minutes import sections as parts
from minutes import states
from minutes.access import lock_meeting
from minutes.models import Draft, Version
from minutes.sections import Section
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, NotPermitted, Stale
from navmeet.people.clearance import Clearance

NOTHING_YET = 0


def stale(newest: int) -> Stale:
    """The draft is another than the one that was read. Names the newest version; its text is read as any text is."""
    return Stale(
        "Noen andre har lagret dette referatet siden du åpnet det. Ingenting av det du skrev, er lagret ennå.",
        code="minutes_changed",
        extra={"newest_version": newest},
    )


@change
def save_draft(
    *, meeting_id: UUID, sections: Sequence[Section], version: int, by: Actor, clearance: Clearance, at: datetime
) -> Draft:
    """Keep what is written so far; `version` is the one it was written on, 0 before the first save.

    Saving what already stands there changes nothing and succeeds, whatever the version: an answer that got lost on
    its way is no conflict. Raises NotFound, NotPermitted, Conflict (not started, cancelled, already shared), Stale,
    Invalid naming the section.
    """
    meeting = lock_meeting(meeting_id, by=by, clearance=clearance, at=at)
    states.check_may_have_minutes(meeting, at)
    written = parts.to_json(parts.checked(sections))
    draft = Draft.objects.filter(meeting=meeting).first()
    if draft is not None and draft.sections == written:
        return draft
    _check_not_shared(meeting)
    if version != (draft.version if draft else NOTHING_YET):
        raise stale(draft.version if draft else NOTHING_YET)

    draft = _store(draft or Draft(meeting=meeting, version=NOTHING_YET), written, by, at)

    record("minutes.draft_saved", by=by, at=at, subject=draft, meeting_id=meeting.pk, version=draft.version)
    return draft


def _check_not_shared(meeting: Meeting) -> None:
    if Version.objects.filter(meeting=meeting).exists():
        raise Conflict("Referatet er delt med innbyggeren, og kan ikke endres her.", code="minutes_shared")


def _store(draft: Draft, written: str, by: Actor, at: datetime) -> Draft:
    if by.id is None:
        raise NotPermitted("Bare en person kan skrive et referat.", code="may_not_write_minutes")
    draft.sections = written
    draft.version += 1
    draft.saved_at, draft.saved_by = at, by.id
    if draft._state.adding:
        draft.save(force_insert=True)
    else:
        draft.save(update_fields=["sections", "version", "saved_at", "saved_by"])
    return draft
