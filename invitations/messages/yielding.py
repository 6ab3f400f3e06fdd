"""Places on a day that has no room for all: who gives theirs to a stronger one, and who takes one that is free.

In the transaction of what makes it so. What a sender has in hand, or another change has locked, is left as it is:
cap.reserve has the last word, just before it leaves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import F

from invitations.messages import apart, cap, letters, rank, reminders
from invitations.messages.own import own
from invitations.messages.rank import Rank
from invitations.models import Message, MessageState, Occasion, Why
from meetings.models import Status

# Against one reminder alone, and not against telling this participant of this meeting.
_ITS_OWN: Final = frozenset({Why.DAY_IS_FULL, Why.QUIET_TIME, Why.TOO_CLOSE, Why.REFUSED_BY_RULES, Why.NO_WORDS})


@dataclass(frozen=True)
class Yielded:
    """What gave its place: so many fell, and so many go another day."""

    fell: int = 0
    later: int = 0

    def __bool__(self) -> bool:
        return bool(self.fell or self.later)

    @property
    def words(self) -> str:
        """For who plans it: that others yield, and nothing of what they are about, which may not be theirs to know."""
        became = [(self.fell, "går ikke ut den dagen"), (self.later, "sendes en senere dag")]
        said = [f"{_others(count)} til samme person {what}" for count, what in became if count]
        return f"{', og '.join(said)}, for dette haster mer".capitalize()


def yield_to(message: Message, at: datetime) -> Yielded:
    """Its day has too many, and it is planned on it: the weakest give their places to it, one for each too many."""
    whose, day = cap.who(message.participant), cap.day_of(message.due_at)
    days, mine = cap.days_of([whose], message.due_at, message.due_at), rank.of(message)
    weaker = [one for one in (other() for other in days.to_come[whose, day]) if one > mine]
    fell = later = 0
    for one in sorted(weaker, reverse=True):
        if fell + later >= days.too_many(whose, day):
            break
        found = _hold(one, day)
        if found is not None and _yields(found, one, at):
            later += 1
        elif found is not None:
            fell += 1
    return Yielded(fell, later)


def fill(freed: Iterable[Message], at: datetime) -> int:
    """Some will not go out: of the reminders that fell on their days for want of room the strongest are planned again;
    how many.
    """
    people = {cap.who(message.participant) for message in freed if not cap.is_exempt(message)}
    if not people:
        return 0
    fallen = cap.capped().filter(
        cap.of_people(people),
        occasion=Occasion.REMINDER,
        state=MessageState.SKIPPED,
        why=Why.DAY_IS_FULL,
        due_at__gt=at,
        about_number=F("meeting__revision_number"),
        meeting__status=Status.SCHEDULED,
    )
    waiting = sorted(fallen.select_related("participant", "meeting"), key=rank.of)
    if not waiting:
        return 0
    days, reminded = cap.days_of(people, at), apart.going({one.participant_id for one in waiting})
    again = []
    for one in waiting:
        others = reminded.setdefault((one.participant_id, one.about_number), [])
        whose, day = cap.who(one.participant), cap.day_of(one.due_at)
        if reminders.is_too_close(one.due_at, others) or days.too_many(whose, day) >= 0:
            continue
        if days.take(whose, rank.of(one), one.due_at, one.not_after) is None:
            again.append(one.pk)
            others.append(one.due_at)
    fell = Message.objects.filter(pk__in=again, state=MessageState.SKIPPED, why=Why.DAY_IS_FULL)
    # Whoever has one of them is giving it a place.
    held = list(fell.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)) if again else []
    return Message.objects.filter(pk__in=held).update(state=MessageState.PLANNED, why=Why.NONE, settled_at=None)


def did_not_go(message: Message, why: str, at: datetime) -> None:
    """Its sender found that it should not go: what gave way to it may, and its place is free for later that day.

    Inside the transaction in which it is settled.
    """
    stand_in(message, why, at)
    if why != Why.DAY_IS_FULL:
        fill([message], at)


def stand_in(fallen: Message, why: str, at: datetime) -> None:
    """A reminder does not go, for a reason of its own: what gave way to it goes, if it still helps and is apart.

    The sender looks at it again as at any other. Inside the transaction in which the other is settled.
    """
    if fallen.occasion != Occasion.REMINDER or why not in _ITS_OWN:
        return
    gave_way = Message.objects.filter(
        participant=fallen.participant_id,
        occasion=Occasion.REMINDER,
        state=MessageState.SKIPPED,
        why=Why.TOO_CLOSE,
        about_number=fallen.about_number,
    ).exclude(pk=fallen.pk)
    for one in gave_way.select_related("meeting", "participant").order_by("due_at", "pk"):
        starts_at = own(one.participant, one.meeting).starts_at
        moment = reminders.later(now=max(at, one.due_at), starts_at=starts_at, not_after=one.not_after)
        if moment is not None and not reminders.is_too_close(moment.due_at, apart.others(one)):
            one.due_at, one.not_after = moment.due_at, moment.not_after
            _take(one, at)


def _others(count: int) -> str:
    return "et annet varsel" if count == 1 else f"{count} andre varsler"


def _take(fallen: Message, at: datetime) -> None:
    """It goes after all where its day has a place for it, at the cost of a weaker one if need be."""
    whose = cap.who(fallen.participant)
    days = cap.days_of([whose], fallen.due_at, fallen.due_at)
    goes = days.take(whose, rank.of(fallen), fallen.due_at, fallen.not_after) is None
    fallen.state = MessageState.PLANNED if goes else MessageState.SKIPPED
    fallen.why, fallen.settled_at = (Why.NONE, None) if goes else (Why.DAY_IS_FULL, at)
    fallen.save(update_fields=["state", "why", "settled_at", "due_at", "not_after"])
    if days.too_many(whose, cap.day_of(fallen.due_at)) > 0:
        yield_to(fallen, at)


def _hold(one: Rank, day: date) -> Message | None:
    """Locked, if nobody else has it or had, and it is still only planned for that day."""
    planned = Message.objects.filter(pk=one.message, state=MessageState.PLANNED, attempts=0)
    rows = planned.select_related("meeting", "participant__person")
    found = rows.select_for_update(skip_locked=True, of=("self",)).first()
    return found if found is not None and cap.day_of(found.due_at) == day else None


def _yields(found: Message, one: Rank, at: datetime) -> bool:
    """A reminder falls, and what gave way to it may go in its stead. News goes another day, if there is one: True."""
    whose, later = cap.who(found.participant), None
    if not one.is_reminder:
        days = cap.days_of([whose], found.due_at, found.not_after, but=[found.pk])
        later = days.take_later(whose, one, found.due_at, found.not_after)
    found.why = Why.DAY_IS_FULL
    if later is not None:
        found.due_at = later
    else:
        found.state, found.settled_at = MessageState.SKIPPED, at
    found.save(update_fields=["state", "why", "due_at", "settled_at"])
    if later is None:
        _fell(found, at)
    return later is not None


def _fell(found: Message, at: datetime) -> None:
    if found.occasion in letters.WORTH_A_LETTER:
        letters.not_reached(found, at)
    stand_in(found, Why.DAY_IS_FULL, at)
