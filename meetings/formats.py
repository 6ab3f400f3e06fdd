"""Meeting another way: the whole meeting by another format, or one participant by their own way in."""

from datetime import datetime
from uuid import UUID

from meetings import calendars, fitting, hours, partners, revisions, rooms, safety, states, todo
from meetings.changes import Why, check_not_over, checked, load_for_change, revised, tell_why
from meetings.events import Aspect, Changed, PartnerChanged
from meetings.models import Format, Meeting, Participant, Task
from meetings.overruling import Overrule
from meetings.people import check_people_can_change, count, partner_of
from meetings.places import Place
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid
from navmeet.outbox.publish import Consequences, gather, publish
from navmeet.people.clearance import Clearance

# What a change of format answers, whatever it changes to; and what only leaving video answers.
ASKED_FOR_ANOTHER = (Task.Kind.OTHER_FORMAT,)
ASKED_FOR_NO_VIDEO = (Task.Kind.NO_TO_VIDEO, Task.Kind.CALL_INSTEAD)


@change
def change_format(
    *,
    meeting_id: UUID,
    version: int,
    to: Format,
    place: Place,
    why: Why,
    can_be_told: bool,
    is_contact_known: bool = True,
    safety_measures: frozenset[str],
    by: Actor,
    clearance: Clearance,
    at: datetime,
    overrule: Overrule | None = None,
) -> Meeting:
    """Hold the meeting in another format, at the same time. What asked for it is settled with it.

    `is_contact_known` False: the contact register did not answer, and the sender asks it before anything leaves.

    Raises NotFound, NotPermitted, Stale, WrongState, InvalidFields naming what the format lacks, Excluded, Conflict
    where it is the format already, Occupied for a room that is taken, NotSuitable unless overruled.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    states.check_is_scheduled(meeting)
    check_not_over(meeting, at)
    reason = checked(why)
    held = _other_than(meeting, to)
    safety.check_allows(held, safety_measures)
    before = revisions.current(meeting)
    new_place, room = rooms.placed(place, held, office_id=meeting.office_id)
    is_elsewhere = new_place != revisions.place_of(before)
    slot = revisions.slot_of(before)
    resources = calendars.lock(calendars.calendars_of(meeting, room_id=new_place.room_id))
    calendars.check_free(resources, starts_at=slot.starts_at, ends_at=slot.ends_at, by=by, ignoring=meeting.pk)
    overruled = hours.check_meeting(meeting, slot=slot, held=held, room=room, at=at, overrule=overrule, before=before)

    revision = revisions.revise(
        meeting, slot=slot, held=held, place=new_place, reason=reason.reason, by=by, at=at, overruled=overruled
    )
    calendars.occupy(meeting, resources)
    tell_why(meeting, reason, at)
    _settle_tasks(meeting, held, by, at)
    if before.booked_room_id is not None and new_place.room_id is None:
        gather(Consequences(lapses=[f"{before.room} holdes ikke lenger av til møtet."]))

    record(
        "meeting.format_changed",
        by=by,
        at=at,
        subject=meeting,
        meeting_id=meeting.pk,
        reason=reason.reason,
        revision=revision.number,
        format=held,
    )
    what = frozenset({Aspect.FORMAT, Aspect.PLACE} if is_elsewhere else {Aspect.FORMAT})
    publish(revised(revision, what=what, can_be_told=can_be_told, at=at))
    fitting.gather_lacks(meeting, safety_measures=safety_measures, can_be_told=can_be_told, new_format=True)
    fitting.gather_unknown(is_contact_known=is_contact_known)
    return meeting


@change
def change_way_in(
    *,
    meeting_id: UUID,
    participant_id: UUID,
    version: int,
    to: Format | str,
    why: Why,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> Participant:
    """One partner takes part by video or by phone (Nav rings the number registered for them); blank: as the meeting.

    The citizen's way in is the meeting's format: `change_format`. Raises NotFound, NotPermitted, Stale, WrongState,
    Invalid at `way_in` and at what is said of why, Conflict where it is so already.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    check_people_can_change(meeting, at)
    reason = checked(why)
    participant = partner_of(meeting, participant_id)
    wanted = partners.way_in(to, Format(meeting.format))
    if wanted == participant.way_in:
        raise Conflict("Deltakeren møter allerede på denne måten.", code="nothing_changed", field="way_in")

    participant.way_in = wanted
    participant.save(update_fields=["way_in"])
    count(meeting)
    tell_why(meeting, reason, at)

    record(
        "partner.changed",
        by=by,
        at=at,
        subject=participant,
        meeting_id=meeting.pk,
        what=Changed.WAY_IN,
        reason=reason.reason,
    )
    what = frozenset({Changed.WAY_IN})
    publish(PartnerChanged(meeting_id=meeting.pk, participant_id=participant.pk, what=what, at=at))
    gather(Consequences(lacks=fitting.lacks_of_partner(participant, meeting)))
    return participant


def _other_than(meeting: Meeting, to: Format) -> Format:
    if to not in Format.values:
        raise Invalid("Velg video, telefon eller oppmøte.", code="format_unknown", field="format")
    if to == meeting.format:
        raise Conflict("Møtet holdes allerede på denne måten.", code="nothing_changed", field="format")
    return Format(to)


def _settle_tasks(meeting: Meeting, held: Format, by: Actor, at: datetime) -> None:
    settled = ASKED_FOR_ANOTHER if held == Format.VIDEO else (*ASKED_FOR_ANOTHER, *ASKED_FOR_NO_VIDEO)
    todo.settle(meeting, settled, by=by, at=at)
