"""Changing what was booked: move, cancel. Each is one transaction, with a reason, and tells those whom it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from meetings import calendars, fitting, hours, partners, permissions, revisions, rooms, states, todo
from meetings.events import Aspect, MeetingCancelled, MeetingRevised
from meetings.models import FROM_NAV, Format, Meeting, Reason, ReasonToRecipient, Revision, Status, Task
from meetings.overruling import Overrule
from meetings.places import Place
from meetings.texts import SENTENCE
from meetings.times import Slot
from navmeet.accounts.actor import Actor
from navmeet.api.text import clean
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid, NotFound, Stale
from navmeet.outbox.publish import publish
from navmeet.people.clearance import Clearance

ASKED_FOR_ANOTHER_TIME = (Task.Kind.OTHER_TIME, Task.Kind.CANNOT_COME)
# Whoever must be told by letter or by phone must hear of the cancellation too; a protection is looked at all the same.
STILL_TO_DO_WHEN_CANCELLED = {Task.Kind.SEND_LETTER, Task.Kind.CALL, Task.Kind.NOT_REACHED, Task.Kind.PROTECTED}


@dataclass(frozen=True)
class Why:
    """The reason for a change: one of the fixed list, and a sentence to each recipient, which never reaches logs.

    `sentence` is the citizen's. `sentences` are others', by participant: each reads their own and nobody else's.
    """

    reason: Reason
    sentence: str = field(default="", repr=False)
    sentences: Mapping[UUID, str] = field(default_factory=dict, repr=False)


def load_for_change(meeting_id: UUID, *, version: int | None, by: Actor, clearance: Clearance, at: datetime) -> Meeting:
    """The meeting, locked, if `by` may know of it and change it and has read it as it is now.

    `version` None: the verb compares it itself, with `check_version`.

    Raises NotFound, NotPermitted, Unavailable, Stale.
    """
    meeting = Meeting.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound("Vi finner ikke møtet.", code="meeting_not_found")
    permissions.check_can_change(by, meeting)
    clearance.check_covers(person_id=meeting.citizen_id(), by=by, at=at)
    if version is not None:
        check_version(meeting, version)
    return meeting


def check_version(meeting: Meeting, version: int) -> None:
    """Raises Stale unless the meeting is as it was read."""
    if meeting.version != version:
        raise Stale("Møtet er endret siden du åpnet siden. Se hva som er nytt, og prøv igjen.")


@change
def move(
    *,
    meeting_id: UUID,
    version: int,
    to: Slot,
    place: Place | None,
    why: Why,
    can_be_told: bool,
    is_contact_known: bool = True,
    safety_measures: frozenset[str] = frozenset(),
    by: Actor,
    clearance: Clearance,
    at: datetime,
    overrule: Overrule | None = None,
) -> Meeting:
    """Hold the meeting at another time or place (`None` keeps the place).

    `is_contact_known` False: the contact register did not answer, and the sender asks it before anything leaves.
    Raises NotFound, NotPermitted, Stale, WrongState, Invalid naming the field, Occupied, NotSuitable unless overruled.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    states.check_is_scheduled(meeting)
    check_not_over(meeting, at)
    reason = checked(why)
    held = Format(meeting.format)
    before = revisions.current(meeting)
    wanted = revisions.place_of(before) if place is None else place
    new_place, room = rooms.placed(wanted, held, office_id=meeting.office_id, kept=before.booked_room_id)
    what = _what_changes(meeting, to, revisions.place_of(before), new_place)
    partners.check_parts_fit(meeting, to.ends_at - to.starts_at)
    resources = calendars.lock(calendars.calendars_of(meeting, room_id=new_place.room_id))
    calendars.check_free(resources, starts_at=to.starts_at, ends_at=to.ends_at, by=by, ignoring=meeting.pk)
    overruled = hours.check_meeting(meeting, slot=to, held=held, room=room, at=at, overrule=overrule, before=before)

    revision = revisions.revise(
        meeting, slot=to, held=held, place=new_place, reason=reason.reason, by=by, at=at, overruled=overruled
    )
    calendars.occupy(meeting, resources)
    if Aspect.TIME in what:
        todo.settle(meeting, ASKED_FOR_ANOTHER_TIME, by=by, at=at)
    tell_why(meeting, reason, at)

    record(
        "meeting.moved",
        by=by,
        at=at,
        subject=meeting,
        meeting_id=meeting.pk,
        reason=reason.reason,
        revision=revision.number,
    )
    publish(revised(revision, what=what, can_be_told=can_be_told, at=at))
    fitting.gather_lacks(meeting, safety_measures=safety_measures, can_be_told=can_be_told)
    fitting.gather_unknown(is_contact_known=is_contact_known)
    return meeting


@change
def cancel(
    *,
    meeting_id: UUID,
    version: int,
    why: Why,
    can_be_told: bool,
    is_contact_known: bool = True,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> Meeting:
    """The meeting will not be held. `is_contact_known` as in `move`.

    Raises NotFound, NotPermitted, Stale, WrongState, Invalid.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    states.check_can_become(meeting, Status.CANCELLED)
    check_not_over(meeting, at)
    reason = checked(why)

    _cancel(meeting, by, at)
    todo.settle(meeting, set(Task.Kind.values) - STILL_TO_DO_WHEN_CANCELLED, by=by, at=at)
    tell_why(meeting, reason, at)

    record("meeting.cancelled", by=by, at=at, subject=meeting, meeting_id=meeting.pk, reason=reason.reason)
    publish(MeetingCancelled(meeting_id=meeting.pk, can_be_told=can_be_told, at=at))
    fitting.gather_unknown(is_contact_known=is_contact_known)
    return meeting


def call_off(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """Its citizen has died: it will not be held, and nobody has anything to do about it. Inside a change.

    To everybody outside it is a cancellation like any other.
    """
    _cancel(meeting, by, at)
    todo.settle(meeting, set(Task.Kind.values), by=by, at=at)
    record("meeting.called_off", by=by, at=at, subject=meeting, meeting_id=meeting.pk)
    publish(MeetingCancelled(meeting_id=meeting.pk, can_be_told=False, at=at))


def _cancel(meeting: Meeting, by: Actor, at: datetime) -> None:
    meeting.status = Status.CANCELLED
    meeting.cancelled_at, meeting.cancelled_by = at, by.id
    meeting.sequence += 1
    meeting.version += 1
    meeting.save(update_fields=["status", "cancelled_at", "cancelled_by", "sequence", "version"])
    calendars.release(meeting)


def revised(revision: Revision, *, what: frozenset[Aspect], can_be_told: bool, at: datetime) -> MeetingRevised:
    """What is published of a revision just made."""
    return MeetingRevised(
        meeting_id=revision.meeting_id,
        revision_id=revision.pk,
        number=revision.number,
        what=what,
        can_be_told=can_be_told,
        at=at,
    )


def check_not_over(meeting: Meeting, at: datetime) -> None:
    """Raises WrongState once its time has passed or the host has ended it."""
    if at >= meeting.ends_at:
        raise states.WrongState("Tiden for møtet er passert. Du kan ikke endre eller avlyse det nå.")
    if meeting.ended_at is not None:
        raise states.WrongState("Møtet er avsluttet. Du kan ikke endre eller avlyse det nå.")


def checked(why: Why) -> Why:
    """The reason as it is kept. Raises Invalid at `reason`, `sentence` or `sentences.<participant>`."""
    if why.reason not in set(Reason.values) - {Reason.BOOKED}:
        raise Invalid("Velg en grunn.", code="reason_missing", field="reason")
    sentence = clean(why.sentence, field="sentence", longest=SENTENCE, lines=True)
    others = {
        to: clean(text, field=f"sentences.{to}", longest=SENTENCE, lines=True) for to, text in why.sentences.items()
    }
    return replace(why, reason=Reason(why.reason), sentence=sentence, sentences=others)


def _what_changes(meeting: Meeting, to: Slot, old: Place, new: Place) -> frozenset[Aspect]:
    what = set()
    if (to.starts_at, to.ends_at) != (meeting.starts_at, meeting.ends_at):
        what.add(Aspect.TIME)
    if new != old:
        what.add(Aspect.PLACE)
    if not what:
        raise Conflict("Møtet er allerede på dette tidspunktet og stedet.", code="nothing_changed", field="time")
    return frozenset(what)


def tell_why(meeting: Meeting, why: Why, at: datetime) -> None:
    """Keep each recipient's sentence, beside the change that `meeting.version` counts.

    Raises Invalid at `sentences.<participant>` for one who is from Nav, or takes no part.
    """
    outside = meeting.participants.filter(removed_at=None).exclude(role__in=FROM_NAV)
    present = {one.pk: one for one in outside}
    theirs = {to: text for to, text in why.sentences.items() if text}
    if why.sentence:
        theirs[meeting.citizen().pk] = why.sentence
    for to, sentence in theirs.items():
        if to not in present:
            raise Invalid(
                "Beskjeden er til en som ikke er med i møtet.", code="sentence_to_nobody", field=f"sentences.{to}"
            )
        ReasonToRecipient.objects.create(
            participant=present[to],
            sequence=meeting.sequence,
            version=meeting.version,
            sentence=sentence,
            written_at=at,
        )
