"""How much one person is disturbed on one day: at most settings.MOST_MESSAGES_A_DAY, by the calendar day in Oslo.

Over all meetings of a citizen. Of a partner within their meeting: each of a doctor's patients is another matter.
Invitations, changes and what calls something off are exempt, neither held back nor counted; nor is what disturbs nobody
(the notice after an answer), was sent again by a person, or follows an e-mail that did not arrive. Of all else, what
would be one too many

* falls where it is a reminder: tomorrow it would remind of nothing;
* waits for the first day with room where it is news, and falls only if it would be none by then.

Looked at when it is planned, so that the plan says so; and again just before it leaves, when `reserve` counts it on its
day under a lock on the person: of two senders that hold the last two of a day with room for one, one sends.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet

from invitations.messages import apart, quiet, reminders
from invitations.messages.occasions import CALLS_OFF, NOT_SENT, TELL_OF_MEETING
from invitations.models import Channel, Message, MessageState, Occasion, Why
from meetings.models import Meeting, Participant, Status
from meetings.times import OSLO
from navmeet.people.models import Person

EXEMPT = TELL_OF_MEETING | CALLS_OFF | {Occasion.MINUTES_RECALLED, Occasion.ANSWERED}
# Of `_capped()`: what surely counts on a day, and what is to come. All bookings ask; Django's own takes thrice as long.
_DAYS = """
SELECT coalesce(participant.person_id, participant.id), message.counted_on, message.due_at
FROM invitations_message message JOIN meetings_participant participant ON participant.id = message.participant_id
WHERE (participant.person_id = ANY(%(people)s) OR participant.id = ANY(%(people)s) AND participant.person_id IS NULL)
  AND message.occasion <> ALL(%(exempt)s) AND message.channel <> %(sms)s AND message.again_by IS NULL
  AND message.id <> ALL(%(but)s::uuid[])
  AND (message.counted_on BETWEEN %(first)s AND %(last)s AND message.state <> %(skipped)s
    OR message.counted_on IS NULL AND message.state = ANY(%(not_sent)s)
      AND message.due_at >= %(begins)s AND message.due_at < %(ends)s)
"""
_LAST = date(9999, 12, 30)
# No run of full days is looked through for longer: all news is old by then.
SEARCHED_DAYS = 31


@dataclass(frozen=True)
class Place:
    """When something goes out instead; None where it falls."""

    due_at: datetime | None


@dataclass(frozen=True)
class FullDay:
    """A day on which nothing more that counts is told to a person; `exempt`: what is told besides."""

    day: date
    counting: int
    exempt: int


@dataclass
class Days:
    """How many messages of each person count on each day: those that surely do (`counted`), and those to come."""

    counted: Counter[tuple[UUID, date]] = field(default_factory=Counter)
    to_come: Counter[tuple[UUID, date]] = field(default_factory=Counter)

    def take(self, who: UUID, due_at: datetime, not_after: datetime, *, is_reminder: bool) -> Place | None:
        """Count one more, on its day or on the first after it with room. None: it goes out when it is due."""
        if self._has_room(who, day_of(due_at)):
            self.to_come[who, day_of(due_at)] += 1
            return None
        if is_reminder:
            return Place(None)
        for _ in range(SEARCHED_DAYS):
            due_at = quiet.next_allowed(_begins(day_of(due_at) + timedelta(days=1)))
            if due_at > not_after:
                break
            if self._has_room(who, day_of(due_at)):
                self.to_come[who, day_of(due_at)] += 1
                return Place(due_at)
        return Place(None)

    def _has_room(self, who: UUID, day: date) -> bool:
        return self.counted[who, day] + self.to_come[who, day] < settings.MOST_MESSAGES_A_DAY


def is_exempt(message: Message) -> bool:
    """Goes out whatever else the person gets that day."""
    return message.occasion in EXEMPT or message.channel == Channel.SMS or message.again_by is not None


def day_of(moment: datetime) -> date:
    """The day that people in Norway call it."""
    return moment.astimezone(OSLO).date()


def who(participant: Participant) -> UUID:
    """Whose days they are: the person's, over all their meetings; a partner's of this meeting."""
    return participant.person_id or participant.pk


def days_of(
    people: Collection[UUID], since: datetime, until: datetime | None = None, but: Collection[UUID] = ()
) -> Days:
    """What counts, or is to come, from the day of `since` to that of `until`; `but` not counted. One query."""
    first, last = day_of(since), day_of(until) if until else _LAST
    asked: dict[str, Any] = {
        "people": list(people),
        "exempt": sorted(EXEMPT),
        "sms": Channel.SMS,
        "skipped": MessageState.SKIPPED,
        "but": list(but),
        "first": first,
        "last": last,
        "not_sent": sorted(NOT_SENT),
        "begins": _begins(first),
        "ends": _begins(last + timedelta(days=1)),
    }
    days = Days()
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, asked)
        for whose, counted_on, due_at in cursor:
            if counted_on is not None:
                days.counted[whose, counted_on] += 1
            else:
                days.to_come[whose, day_of(due_at)] += 1
    return days


def full_days(of: Meeting, whose: UUID, since: datetime) -> list[FullDay]:
    """From the day of `since` on: those without room on which something of this meeting is told, falls, or has to wait.

    With what is told on them all the same. At most three queries.
    """
    days = days_of([whose], since)
    counts = days.counted + days.to_come
    full = {day: count for (_, day), count in counts.items() if count >= settings.MOST_MESSAGES_A_DAY}
    mine = _days_of_meeting(of, whose, since) if full else set()
    full = {day: count for day, count in full.items() if day in mine}
    if not full:
        return []
    begins = _begins(day_of(since))
    told = Q(sent_at__gte=begins) | Q(sent_at=None, state__in=NOT_SENT, due_at__gte=begins)
    others = Message.objects.filter(told, _of([whose])).exclude(pk__in=_capped().values("pk"))
    when = others.exclude(occasion=Occasion.ANSWERED).values_list("sent_at", "due_at")
    exempt = Counter(day_of(sent_at or due_at) for sent_at, due_at in when)
    return [FullDay(day, full[day], exempt[day]) for day in sorted(full)]


def reserve(messages: Iterable[Message], held: UUID, at: datetime) -> dict[UUID, Place]:
    """By message: what is too much today. All others in hand are counted on today.

    Inside the transaction that its verdicts are written in: whom they are for is locked until then. What may have left
    before (an attempt that was not confirmed) is let go, and counts: its receiver drops the second.
    """
    capped = [message for message in messages if not is_exempt(message)]
    if not capped:
        return {}
    people = {who(message.participant) for message in capped}
    _lock(capped)
    today, days = day_of(at), days_of(people, at, but=[message.pk for message in capped])
    # What is only planned for today is looked at when it leaves: today is for those who come first.
    days.to_come = Counter({key: count for key, count in days.to_come.items() if key[1] != today})
    places = {}
    for message in sorted(capped, key=lambda one: (one.attempts <= 1, one.due_at, one.pk)):
        whose, may_be_out = who(message.participant), message.attempts > 1
        is_reminder = message.occasion == Occasion.REMINDER
        if may_be_out:
            days.counted[whose, today] += 1
        else:
            place = days.take(whose, at, message.not_after, is_reminder=is_reminder)
            if place is not None:
                places[message.pk] = place
    going = [message.pk for message in capped if message.pk not in places]
    Message.objects.filter(pk__in=going, claim=held, state=MessageState.CLAIMED).update(counted_on=today)
    return places


def give_room(freed: Iterable[Message], at: datetime) -> int:
    """Some will not go out: reminders that fell on their days for want of room are planned again; how many."""
    people = {who(message.participant) for message in freed if not is_exempt(message)}
    if not people:
        return 0
    fallen = _capped().filter(
        _of(people),
        occasion=Occasion.REMINDER,
        state=MessageState.SKIPPED,
        why=Why.DAY_IS_FULL,
        due_at__gt=at,
        about_number=F("meeting__revision_number"),
        meeting__status=Status.SCHEDULED,
    )
    waiting = list(fallen.select_related("participant").order_by("due_at", "pk"))
    if not waiting:
        return 0
    days, reminded = days_of(people, at), apart.going({one.participant_id for one in waiting})
    again = []
    for one in waiting:
        others = reminded.setdefault((one.participant_id, one.about_number), [])
        if reminders.is_too_close(one.due_at, others):
            continue
        if days.take(who(one.participant), one.due_at, one.not_after, is_reminder=True) is None:
            again.append(one.pk)
            others.append(one.due_at)
    fell = Message.objects.filter(pk__in=again, state=MessageState.SKIPPED, why=Why.DAY_IS_FULL)
    return fell.update(state=MessageState.PLANNED, why=Why.NONE, settled_at=None)


def _days_of_meeting(of: Meeting, whose: UUID, since: datetime) -> set[date]:
    """Those of its messages to this person: of one that waits for room, all days until there is some."""
    theirs = _capped().filter(_of([whose]), meeting=of)
    matters = Q(state__in=NOT_SENT) | Q(state=MessageState.SKIPPED, why=Why.DAY_IS_FULL) | Q(counted_on__isnull=False)
    days: set[date] = set()
    for one in theirs.filter(matters).only("state", "why", "due_at", "planned_at", "counted_on"):
        last = one.counted_on or day_of(one.due_at)
        waits = one.why == Why.DAY_IS_FULL and one.state in NOT_SENT
        first = day_of(max(since, one.planned_at)) if waits else last
        days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return days


def _capped() -> QuerySet[Message]:
    return Message.objects.exclude(occasion__in=EXEMPT).exclude(channel=Channel.SMS).filter(again_by=None)


def _of(people: Collection[UUID]) -> Q:
    return Q(participant__person__in=people) | Q(participant__in=people, participant__person=None)


def _lock(messages: Iterable[Message]) -> None:
    """Whom they are for; in order, so that two who lock several do not wait for each other."""
    people = {person_id for message in messages if (person_id := message.participant.person_id)}
    partners = {message.participant_id for message in messages if not message.participant.person_id}
    for model, ids in ((Person, people), (Participant, partners)):
        if ids:
            found = model._default_manager.filter(pk__in=ids).order_by("pk")
            list(found.select_for_update(no_key=True).values_list("pk"))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=OSLO)
