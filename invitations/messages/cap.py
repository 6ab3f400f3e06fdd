"""How much one person is disturbed on one day: at most settings.MOST_MESSAGES_A_DAY, by the calendar day in Oslo.

Over all meetings of a citizen. Of a partner within their meeting: each of a doctor's patients is another matter.
Invitations, changes and what calls something off are exempt, neither held back nor counted; nor is what disturbs nobody
(the notice after an answer, plain words), was sent again by a person, or follows an e-mail that did not arrive. Of all
else, what would be one too many

* falls where it is a reminder: tomorrow it would remind of nothing;
* waits for the first day with room where it is news, and falls only if it would be none by then.

Looked at when it is planned, so that the plan says so; and again just before it leaves, when `reserve` counts it on its
day under a lock on the person: of two senders that hold the last two of a day with room for one, one sends.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from invitations.messages import quiet, rank
from invitations.messages.occasions import CALLS_OFF, NOT_SENT, TELL_OF_MEETING
from invitations.messages.own import own_start
from invitations.messages.rank import Rank
from invitations.models import Channel, Message, MessageState, Occasion, Step, Why
from meetings.models import Meeting, Participant
from meetings.times import OSLO
from navmeet.people.models import Person

EXEMPT = TELL_OF_MEETING | CALLS_OFF | {Occasion.MINUTES_RECALLED, Occasion.ANSWERED}
# Of `capped()`: what surely counts on a day, and what is to come. All bookings ask; Django's own takes thrice as long.
_DAYS = """
SELECT coalesce(participant.person_id, participant.id), message.counted_on,
    message.id, message.occasion, message.step, message.due_at,
    message.not_after, meeting.starts_at, participant.part_offset, participant.part_minutes
FROM invitations_message message JOIN meetings_participant participant ON participant.id = message.participant_id
JOIN meetings_meeting meeting ON meeting.id = message.meeting_id
WHERE (participant.person_id = ANY(%(people)s) OR participant.id = ANY(%(people)s) AND participant.person_id IS NULL)
  AND message.occasion <> ALL(%(exempt)s) AND message.channel <> %(sms)s AND message.again_by IS NULL
  AND message.step <> %(plain)s
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
    """How many messages of each person count on each day: those that surely do (`counted`), and those to come.

    How strong one of those is, is worked out only where it is asked.
    """

    counted: Counter[tuple[UUID, date]] = field(default_factory=Counter)
    to_come: defaultdict[tuple[UUID, date], list[Callable[[], Rank]]] = field(default_factory=lambda: defaultdict(list))

    def take(self, whose: UUID, one: Rank, due_at: datetime, not_after: datetime) -> Place | None:
        """Count one more, on its day or on the first after it with room. None: it goes out when it is due.

        On its own day the weaker ones to come do not stand in its way.
        """
        if self._is_before(whose, day_of(due_at), one):
            self.to_come[whose, day_of(due_at)].append(lambda: one)
            return None
        return Place(None if one.is_reminder else self.take_later(whose, one, due_at, not_after))

    def take_later(self, whose: UUID, one: Rank, due_at: datetime, not_after: datetime) -> datetime | None:
        """When it goes on the first day after its own with room, counted there; None where it would be no news."""
        for _ in range(SEARCHED_DAYS):
            due_at = quiet.next_morning(due_at)
            if due_at > not_after:
                break
            if self.too_many(whose, day_of(due_at)) < 0:
                self.to_come[whose, day_of(due_at)].append(lambda: one)
                return due_at
        return None

    def too_many(self, whose: UUID, day: date) -> int:
        """How many more there are than are told on one day; less than none where there is room."""
        return self.counted[whose, day] + len(self.to_come[whose, day]) - settings.MOST_MESSAGES_A_DAY

    def _is_before(self, whose: UUID, day: date, one: Rank) -> bool:
        if self.too_many(whose, day) < 0:
            return True
        stronger = sum(1 for other in self.to_come[whose, day] if other() < one)
        return self.counted[whose, day] + stronger < settings.MOST_MESSAGES_A_DAY


def is_exempt(message: Message) -> bool:
    """Goes out whatever else the person gets that day."""
    is_so = message.occasion in EXEMPT or message.step == Step.PLAIN
    return is_so or message.channel == Channel.SMS or message.again_by is not None


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
        "plain": Step.PLAIN,
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
        for whose, counted_on, message, occasion, step, due_at, not_after, starts_at, *part in cursor:
            if counted_on is not None:
                days.counted[whose, counted_on] += 1
            else:
                mine = partial(rank.rank, message, occasion, step, own_start(starts_at, *part), due_at, not_after)
                days.to_come[whose, day_of(due_at)].append(mine)
    return days


def full_days(of: Meeting, whose: UUID, since: datetime) -> list[FullDay]:
    """From the day of `since` on: those without room on which something of this meeting is told, falls, or has to wait.

    With what is told on them all the same. At most three queries.
    """
    days = days_of([whose], since)
    counts = days.counted + Counter({key: len(coming) for key, coming in days.to_come.items()})
    full = {day: count for (_, day), count in counts.items() if count >= settings.MOST_MESSAGES_A_DAY}
    mine = _days_of_meeting(of, whose, since) if full else set()
    full = {day: count for day, count in full.items() if day in mine}
    if not full:
        return []
    begins = _begins(day_of(since))
    told = Q(sent_at__gte=begins) | Q(sms_at__gte=begins) | Q(sent_at=None, state__in=NOT_SENT, due_at__gte=begins)
    others = Message.objects.filter(told, of_people([whose])).exclude(pk__in=capped().values("pk"))
    when = others.exclude(occasion=Occasion.ANSWERED).values_list("sms_at", "sent_at", "due_at")
    exempt = Counter(day_of(sms_at or sent_at or due_at) for sms_at, sent_at, due_at in when)
    return [FullDay(day, full[day], exempt[day]) for day in sorted(full)]


def reserve(messages: Iterable[Message], held: UUID, at: datetime) -> dict[UUID, Place]:
    """By message: what is too much today, after what is stronger and in hand or still to come today. All others in
    hand are counted on today. For what has an SMS that waits (put_off.py) today is the day on which that disturbs.

    Inside the transaction that its verdicts are written in: whom they are for is locked until then. What may have left
    before (an attempt that was not confirmed) is let go, and counts: its receiver drops the second.
    """
    counting = [message for message in messages if not is_exempt(message)]
    if not counting:
        return {}
    people = {who(message.participant) for message in counting}
    _lock(counting)
    days = days_of(people, at, but=[message.pk for message in counting])
    disturbs = {message.pk: message.sms_at or at for message in counting}
    places, going = dict[UUID, Place](), defaultdict[date, list[UUID]](list)
    for message in sorted(counting, key=lambda one: (one.attempts <= 1, rank.of(one, disturbs[one.pk]))):
        whose, moment = who(message.participant), disturbs[message.pk]
        place = None
        if message.attempts > 1:
            days.counted[whose, day_of(moment)] += 1
        else:
            place = days.take(whose, rank.of(message, moment), moment, message.not_after)
        if place is not None:
            places[message.pk] = place
        else:
            going[day_of(moment)].append(message.pk)
    for day, rows in going.items():
        Message.objects.filter(pk__in=rows, claim=held, state=MessageState.CLAIMED).update(counted_on=day)
    return places


def _days_of_meeting(of: Meeting, whose: UUID, since: datetime) -> set[date]:
    """Those of its messages to this person: of one that waits for room, all days until there is some."""
    theirs = capped().filter(of_people([whose]), meeting=of)
    matters = Q(state__in=NOT_SENT) | Q(state=MessageState.SKIPPED, why=Why.DAY_IS_FULL) | Q(counted_on__isnull=False)
    days: set[date] = set()
    for one in theirs.filter(matters).only("state", "why", "due_at", "planned_at", "counted_on"):
        last = one.counted_on or day_of(one.due_at)
        waits = one.why == Why.DAY_IS_FULL and one.state in NOT_SENT
        first = day_of(max(since, one.planned_at)) if waits else last
        days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return days


def capped() -> QuerySet[Message]:
    """All that counts towards what one person is told on a day."""
    capped = Message.objects.exclude(occasion__in=EXEMPT).exclude(step=Step.PLAIN)
    return capped.exclude(channel=Channel.SMS).filter(again_by=None)


def of_people(people: Collection[UUID]) -> Q:
    """What is theirs, as `who` says."""
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
