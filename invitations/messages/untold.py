"""Changes that somebody has not been told of yet: one message tells the sum, ten minutes after the first of them.

Sooner where Min side would send the old before that (in_time.py). At once where the meeting, as told or as it is,
starts within three hours, where something may just have left that holds no more, or when the caseworker says so
(tell_now.py).
What is tried and taken back within the ten minutes is told to nobody. The page behind the link shows all at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from invitations.messages import in_time, overtake, rows, told
from invitations.messages.occasions import CALLS_OFF, CHANGES, NOT_SENT, TASKS
from invitations.messages.rows import About, Told
from invitations.messages.told import Last, Part
from invitations.models import NOT_DIGITALLY, Channel, Message, MessageState, Occasion, Retraction, Why
from meetings.events import Aspect
from meetings.models import Meeting
from navmeet.outbox.publish import PlannedMessage

WAITS = timedelta(minutes=10)
SOON = timedelta(hours=3)
OF_ASPECT = {Aspect.TIME: Part.TIME, Aspect.FORMAT: Part.FORMAT, Aspect.PLACE: Part.PLACE}


@dataclass(frozen=True)
class Saying:
    """What a message is to tell: `parts`, under one occasion. `falls`: there is nothing to tell, and why."""

    occasion: Occasion
    at_once: bool
    falls: Why = Why.NONE


def parts_of(what: Iterable[Aspect]) -> frozenset[Part]:
    """The same, of one participant's picture."""
    return frozenset(OF_ASPECT[aspect] for aspect in what)


def waiting(meeting: Meeting) -> QuerySet[Message]:
    """The messages of changes that are planned and have not left. An SMS only follows one that has."""
    unsent = Message.objects.filter(meeting=meeting, occasion__in=CHANGES, state__in=NOT_SENT)
    return unsent.exclude(channel=Channel.SMS)


def first_due(meeting: Meeting) -> dict[UUID, datetime]:
    """By participant: when the first untold change is due. To be asked before anything is void."""
    found = waiting(meeting).values("participant_id").annotate(first=Min("due_at"))
    return {one["participant_id"]: one["first"] for one in found}


def tell(
    to: Told, about: About, parts: frozenset[Part], first: datetime | None = None
) -> tuple[Message, PlannedMessage]:
    """One message of all that is untold, after this change of `parts`; or one that falls, as all is as told.

    What waited before is void already, or is voided here where the sum is told by another occasion.
    """
    saying = _saying(to, told.last_told(to.participant), parts)
    if Part.DETAILS in parts and saying.occasion != Occasion.DETAILS_CHANGED:
        _mark_details(to)
    waits = list(_waits(to))
    same = next((one for one in waits if one.occasion == saying.occasion and one.attempts == 0), None)
    if same is not None and not saying.falls:
        return _kept(to, same, saying)
    first = min([one.due_at for one in waits] + ([first] if first else []), default=None)
    overtake.void_changes(to.participant, Why.AS_TOLD if saying.falls else Why.TOGETHER, to.at)
    timing, ahead_of = _timing(to, saying, first)
    time_changed = Part.TIME in parts and about.id != to.participant.pk
    message, planned = rows.plan(
        to, saying.occasion, about, timing, falls=saying.falls, time_changed=time_changed, again=True
    )
    return message, replace(planned, ahead_of=ahead_of)


def tell_held_after_all(to: Told, about: About, *, by_letter: bool = False) -> tuple[Message, PlannedMessage]:
    """A cancelled meeting is to be held. Whoever may have heard that it was cancelled hears that it is not.

    A cancellation that never left is told to nobody, nor that it is taken back: they are told what else is another
    than they know, at once, or nothing. Who knows of no meeting is invited. `by_letter`: a letter has told them of it.
    """
    last = told.last_told(to.participant)
    if _knows_of_no_cancellation(to, last) and _is_gone(to):
        # It was called off in silence, for one who was taken to have died: nothing of the meeting is there any more.
        return rows.plan(to, Occasion.INVITED, about, rows.until_end(to.meeting, to.at))
    if _knows_of_no_cancellation(to, last):
        return tell(to, about, frozenset(), first=to.at)
    knows = by_letter or (last is not None and last.occasion != Occasion.REMOVED)
    timing = rows.email(to) if to.participant.is_partner else rows.until_end(to.meeting, to.at)
    return rows.plan(to, Occasion.REINSTATED if knows else Occasion.INVITED, about, timing)


def tell_cancelled(to: Told, about: About) -> tuple[Message, PlannedMessage]:
    """That it is cancelled, at once. It falls for one who surely heard so last, and not that it is held after all."""
    last = told.last_told(to.participant)
    is_known = last is not None and last.is_sure and last.occasion == Occasion.CANCELLED
    timing = rows.email(to) if to.participant.is_partner else rows.cancellation(to.meeting, to.at)
    return rows.plan(to, Occasion.CANCELLED, about, timing, falls=Why.AS_TOLD if is_known else Why.NONE)


def take_the_place(to: Told, message: Message) -> None:
    """Of what was sent of the meeting, once this is there. What falls takes no place, nor does what only adds to it."""
    if message.why == Why.AS_TOLD or message.occasion not in TASKS | CALLS_OFF:
        overtake.stays(to.meeting, to.participant)
    elif message.occasion == Occasion.REINSTATED:
        overtake.replace_all(to.meeting, message, to.at)
    else:
        overtake.replace(to.meeting, message, to.at)


def _mark_details(to: Told) -> None:
    """New texts that another message tells of: kept in the ledger, so that they are told if that one falls."""
    about = About(to.participant.pk, to.meeting.revision_number)
    timing = rows.until_end(to.meeting, to.at)
    rows.plan(to, Occasion.DETAILS_CHANGED, about, timing, falls=Why.TOGETHER, again=True)


def _saying(to: Told, last: Last | None, parts: frozenset[Part]) -> Saying:
    if not to.can_be_told or (last is None and _was_written_to(to)):
        return Saying(_occasion(parts), at_once=True)
    if last is None or last.occasion == Occasion.REMOVED:
        return Saying(Occasion.INVITED, at_once=True)
    if last.occasion == Occasion.CANCELLED:
        return Saying(Occasion.REINSTATED, at_once=True)
    now = told.picture_now(to.participant, to.meeting)
    untold = told.differs(last.picture, now) if last.picture is not None else parts
    if Part.DETAILS in untold and Part.DETAILS not in parts and not _details_wait(to, last):
        untold -= {Part.DETAILS}
    if last.picture is None or not last.is_sure:
        untold |= parts
    starts = [datetime.fromisoformat(now.starts_at)] + ([last.picture.start] if last.picture else [])
    # What was in a sender's hand may have left with what holds no more: the truth follows at once.
    at_once = min(starts) - to.at <= SOON or not last.is_sure
    if not untold:
        return Saying(_occasion(parts), at_once=at_once, falls=Why.AS_TOLD)
    return Saying(_occasion(untold), at_once=at_once)


def _occasion(parts: frozenset[Part]) -> Occasion:
    """The one that says most. A move that is another format too says so in its words.

    Nothing is another where the meeting is only held after all.
    """
    if Part.TIME in parts:
        return Occasion.MOVED
    if Part.FORMAT in parts:
        return Occasion.FORMAT_CHANGED
    if Part.PLACE in parts:
        return Occasion.MOVED
    if Part.PEOPLE in parts:
        return Occasion.PEOPLE_CHANGED
    return Occasion.DETAILS_CHANGED if parts else Occasion.REINSTATED


def _knows_of_no_cancellation(to: Told, last: Last | None) -> bool:
    """Is it sure that they know of the meeting, and how, and that it stands?"""
    is_sure = to.can_be_told and last is not None and last.is_sure and last.picture is not None
    return is_sure and last is not None and last.occasion not in CALLS_OFF


def _is_gone(to: Told) -> bool:
    """Was all that a citizen was shown of the meeting taken back, and nothing put in its place?"""
    if to.participant.is_partner:
        return False
    shown = Message.objects.filter(participant=to.participant, channel=to.channel).exclude(sent_at=None)
    there = Q(retraction__isnull=True) | Q(
        retraction__state__in=[Retraction.State.PLANNED, Retraction.State.NOT_NEEDED]
    )
    return shown.exists() and not shown.filter(there).exists()


def _timing(to: Told, saying: Saying, first: datetime | None) -> tuple[rows.Timing, datetime | None]:
    """And when Min side would send the old, where that is what hurries."""
    timing = rows.email(to) if to.participant.is_partner else rows.until_end(to.meeting, to.at)
    if saying.at_once:
        return timing, None
    wanted = min(first, to.at + WAITS) if first is not None else to.at + WAITS
    ahead_of = _ahead_of(to, saying, wanted)
    due_at = max(in_time.before(ahead_of, wanted), to.at)
    return rows.Timing(due_at, timing.not_after, timing.active_until), ahead_of


def _ahead_of(to: Told, saying: Saying, due_at: datetime) -> datetime | None:
    """What takes no place stops nothing that waits at Min side."""
    return in_time.speaks_at(to, due_at) if saying.occasion in TASKS and not saying.falls else None


def _kept(to: Told, waits: Message, saying: Saying) -> tuple[Message, PlannedMessage]:
    """The one that waits tells this too, when it leaves."""
    if saying.at_once and waits.due_at > to.at:
        waits.due_at = to.at
        waits.save(update_fields=["due_at"])
    return waits, replace(rows.as_planned(waits, to), ahead_of=_ahead_of(to, saying, waits.due_at))


def _waits(to: Told) -> QuerySet[Message]:
    return waiting(to.meeting).filter(participant=to.participant).order_by("pk")


def _details_wait(to: Told, last: Last) -> bool:
    """Were new texts, and not only a corrected spelling, written since they were told?"""
    rows_of = Message.objects.filter(participant=to.participant, occasion=Occasion.DETAILS_CHANGED, sent_at=None)
    return rows_of.filter(planned_at__gte=last.sent_at).exists() if last.sent_at else rows_of.exists()


def _was_written_to(to: Told) -> bool:
    """By letter, as they could not be told digitally then."""
    return Message.objects.filter(
        participant=to.participant, state=MessageState.SKIPPED, why__in=NOT_DIGITALLY
    ).exists()
