"""The only place that sets a meeting's time, format and place: a new revision, and the meeting's copy of it."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from meetings.models import Format, Meeting, Reason, Revision
from meetings.overruling import NOTHING, Overruled
from meetings.places import Place
from meetings.times import Slot
from navmeet.accounts.actor import Actor


def current(meeting: Meeting) -> Revision:
    """The revision that holds now."""
    return meeting.revisions.get(number=meeting.revision_number)


def in_force(meeting_id: UUID) -> Revision:
    """The revision that holds now, with its meeting and the meeting's type. One query."""
    found = Revision.objects.select_related("meeting__type")
    return found.get(meeting=meeting_id, number=F("meeting__revision_number"))


def place_of(revision: Revision) -> Place:
    """The revision's place as plain values."""
    return Place(
        address=revision.address or "",
        room=revision.room or "",
        directions=revision.directions or "",
        caller=revision.caller,
        phone=revision.phone or "",
        room_id=revision.booked_room_id,
    )


def slot_of(revision: Revision) -> Slot:
    """The revision's time as plain values."""
    return Slot(
        starts_at=revision.starts_at,
        ends_at=revision.ends_at,
        meant=revision.meant,
        fold=revision.fold,
        zone=revision.zone,
    )


def add(
    meeting: Meeting,
    *,
    slot: Slot,
    held: Format,
    place: Place,
    reason: Reason,
    by: Actor,
    at: datetime,
    overruled: Overruled = NOTHING,
) -> Revision:
    """Store revision `meeting.revision_number`, whose values the meeting already carries."""
    revision = Revision(
        meeting=meeting,
        number=meeting.revision_number,
        format=held,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        zone=slot.zone,
        meant=slot.meant,
        fold=slot.fold,
        caller=place.caller,
        booked_room_id=place.room_id,
        reason=reason,
        overruled=list(overruled.codes),
        overruled_why=overruled.why,
        made_at=at,
        made_by=by.known_id,
    )
    for column in ("address", "room", "directions", "phone"):
        text = getattr(place, column)
        setattr(revision, column, text or None)
    revision.save(force_insert=True)
    return revision


def revise(
    meeting: Meeting,
    *,
    slot: Slot,
    held: Format,
    place: Place,
    reason: Reason,
    by: Actor,
    at: datetime,
    overruled: Overruled = NOTHING,
) -> Revision:
    """Give the meeting its next revision and count it everywhere it counts."""
    meeting.starts_at, meeting.ends_at, meeting.format = slot.starts_at, slot.ends_at, held
    meeting.booked_room_id = place.room_id
    meeting.revision_number += 1
    meeting.sequence += 1
    meeting.version += 1
    meeting.save(
        update_fields=["starts_at", "ends_at", "format", "booked_room", "revision_number", "sequence", "version"]
    )
    return add(meeting, slot=slot, held=held, place=place, reason=reason, by=by, at=at, overruled=overruled)
