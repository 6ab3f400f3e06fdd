"""One planned message: its row, and the same as the caseworker sees it before it is kept.

| occasion       | on Ditt NAV as | due             | must not go out after   | there until                        |
|----------------|----------------|-----------------|-------------------------|------------------------------------|
| INVITED        | oppgave        | at once         | the planned end         | an hour after the planned end      |
| MOVED          | oppgave        | untold.py       | the planned end         | an hour after the planned end      |
| FORMAT_CHANGED | oppgave        | untold.py       | the planned end         | an hour after the planned end      |
| PEOPLE_CHANGED | beskjed        | untold.py       | the planned end         | an hour after the planned end      |
| DETAILS_CHANGED| beskjed        | untold.py       | the planned end         | an hour after the planned end      |
| REINSTATED     | oppgave        | at once         | the planned end         | an hour after the planned end      |
| ANSWERED       | beskjed, quiet | at once         | the planned end         | an hour after the planned end      |
| ANSWER_SETTLED | beskjed        | at once         | the planned end         | an hour after the planned end      |
| REMINDER       | beskjed        | reminders.py    | reminders.py            | an hour after the planned end      |
| CANCELLED      | beskjed        | at once         | the planned end         | the same, at least a day           |
| MINUTES_SHARED | beskjed, high  | at once         | 14 days                 | until Min side archives it         |
| MINUTES_AMENDED, MINUTES_RECALLED: as MINUTES_SHARED, in the place of what was told before (plan_minutes.py)       |
| WHAT_HAPPENED  | beskjed        | at once         | 14 days                 | until Min side archives it         |

Partners get e-mails: the same, within their own part of the time; and REMOVED, at once, when they are to come no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from invitations.messages import cap, foretold, ladder, no_longer, placing, plain, sayable, standing, texts, yielding
from invitations.messages import told as what_was_told
from invitations.messages.default_plan import Plan
from invitations.messages.letters import WORTH_A_LETTER, ask_for_letter, ask_to_ring, not_reached
from invitations.messages.own import own
from invitations.messages.placing import Placed
from invitations.models import NOT_DIGITALLY, Because, Channel, Message, MessageState, Occasion, Step, Why
from meetings.models import Meeting, Participant
from navmeet.outbox.publish import Consequences, PlannedMessage, gather

STAYS_AFTER_END = timedelta(hours=1)
CANCELLATION_STAYS = timedelta(days=1)
MINUTES_STILL_NEWS = timedelta(days=14)
# With its number in the row of the same, what makes a message another: the constraint told_once.
_SAME = ("participant", "occasion", "step", "about_id", "about_number", "channel")


@dataclass(frozen=True)
class About:
    """What a message speaks of."""

    id: UUID
    number: int


@dataclass(frozen=True)
class Told:
    """Who is told, of which meeting, by when it was decided.

    `can_be_told` is the contact register's word on a citizen; a partner is told by e-mail, if at all. `is_new`: they
    were added just now, and have heard and asked for nothing in this meeting. `steps`: the office's reminders, where
    they were read already. `again_by` has it sent again, and `again_because` says why.
    """

    meeting: Meeting
    participant: Participant
    can_be_told: bool
    at: datetime
    is_new: bool = False
    steps: Plan | None = None
    again_by: UUID | None = None
    again_because: Because | None = None

    @property
    def channel(self) -> Channel:
        return Channel.EMAIL if self.participant.is_partner else Channel.DITT_NAV


@dataclass(frozen=True)
class Timing:
    due_at: datetime
    not_after: datetime
    active_until: datetime | None


@dataclass(frozen=True)
class Wanted:
    """A message to be planned. `falls`: it is written, and not sent. `gives_way` to others too close (placing.py)."""

    occasion: Occasion
    timing: Timing
    step: Step = Step.ONCE
    falls: str = Why.NONE
    gives_way: bool = False


def until_end(meeting: Meeting, at: datetime) -> Timing:
    """At once, for what is about a meeting to come."""
    return Timing(at, meeting.ends_at, meeting.ends_at + STAYS_AFTER_END)


def email(told: Told) -> Timing:
    """At once, until their own part of the time is over."""
    return Timing(told.at, own(told.participant, told.meeting).ends_at, None)


def cancellation(meeting: Meeting, at: datetime) -> Timing:
    """At once; there for at least a day, so that somebody who was on the way can read it again."""
    return Timing(at, meeting.ends_at, max(meeting.ends_at + STAYS_AFTER_END, at + CANCELLATION_STAYS))


def minutes(at: datetime) -> Timing:
    """At once; sent two weeks late it would be no news."""
    return Timing(at, at + MINUTES_STILL_NEWS, None)


def plan(
    told: Told,
    occasion: Occasion,
    about: About,
    timing: Timing,
    *,
    step: Step = Step.ONCE,
    falls: str = Why.NONE,
    time_changed: bool = True,
    again: bool = False,
) -> tuple[Message, PlannedMessage]:
    """Write the row, once for each occasion, step and thing it is about. One that `falls` is written, and not sent.

    `again`: another one, whatever was told of it before. For one who cannot be told digitally the row says so, and a
    letter is asked for. What its receiver would refuse is written as failed, and a task says so at once.
    """
    message = _row(told, about, Wanted(occasion, timing, step, falls))
    planned = _checked(message, told, time_changed=time_changed)
    placed = placing.place([message], is_new=_is_new_partner(told))
    if placed.moved:
        planned = as_planned(message, told, time_changed=time_changed)
    same = Message.objects.filter(**{name: getattr(message, name) for name in _SAME})
    if again:
        last = same.aggregate(last=Max("repeat"))["last"]
        message.repeat = 0 if last is None else last + 1
    # Somebody may be writing the same: theirs is found then, and nothing is undone for it.
    Message.objects.bulk_create([message], ignore_conflicts=True)
    there = same.filter(repeat__gte=message.repeat).latest("repeat")
    if there.pk != message.pk:
        return there, as_planned(there, told, time_changed=time_changed)
    _ask_others(told, message)
    return message, _with_room(message, planned, placed)


def plan_all(told: Told, about: About, wanted: Iterable[Wanted], *, again: bool = False) -> list[PlannedMessage]:
    """As `plan`, for several in one query, or two where they may be told `again`. What is there already stays."""
    rows = {_row(told, about, one): one for one in wanted}
    messages = list(rows)
    waits = not told.is_new and bool(standing.waiting(messages))
    planned = {message: _checked(message, told, waits=waits) for message in messages}
    placed = placing.place(messages, _giving_way(rows), is_new=_is_new_partner(told))
    planned |= {message: as_planned(message, told, waits=waits) for message in messages if message.pk in placed.moved}
    if again and messages:
        _count_on(told, about, messages)
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    for message in messages:
        _ask_others(told, message)
    return [_with_room(message, shown, placed) for message, shown in planned.items()]


def foreseen(told: Told, wanted: Iterable[Wanted]) -> list[PlannedMessage]:
    """What `plan_all` would write, to be looked at; no row is written while there is no basis for telling it."""
    rows = {_row(told, About(told.participant.pk, 0), one): one for one in wanted}
    placing.place(list(rows), _giving_way(rows), is_new=True)
    return [as_planned(message, told) for message in rows]


def _with_room(message: Message, planned: PlannedMessage, placed: Placed) -> PlannedMessage:
    """It is written: where its day has too many by that, weaker ones give it their place, and it says so."""
    made = yielding.yield_to(message, message.planned_at) if message.pk in placed.crowding else yielding.Yielded()
    return replace(planned, at_cost_of=made.words) if made else planned


def _giving_way(rows: Mapping[Message, Wanted]) -> set[UUID]:
    return {message.pk for message, one in rows.items() if one.gives_way}


def _is_new_partner(told: Told) -> bool:
    """A partner's days are those of this meeting."""
    return told.is_new and told.participant.is_partner


def _row(told: Told, about: About, wanted: Wanted) -> Message:
    """The row, not saved."""
    why = wanted.falls or (Why.NONE if told.can_be_told else _not_digitally(told.participant))
    return Message(
        meeting=told.meeting,
        participant=told.participant,
        occasion=wanted.occasion,
        step=wanted.step,
        about_id=about.id,
        about_number=about.number,
        channel=told.channel,
        language=told.participant.language,
        due_at=wanted.timing.due_at,
        not_after=wanted.timing.not_after,
        active_until=wanted.timing.active_until,
        state=MessageState.SKIPPED if why else MessageState.PLANNED,
        why=why,
        planned_at=told.at,
        settled_at=told.at if why else None,
        again_by=told.again_by,
        again_because=told.again_because or "",
    )


def _not_digitally(citizen: Participant) -> Why:
    """Reserved, or only not to be reached: as the contact register said when it was asked for this."""
    return Why.RESERVED if citizen.person is not None and citizen.person.is_reserved else Why.CANNOT_BE_TOLD


def _count_on(told: Told, about: About, messages: Iterable[Message]) -> None:
    """The next number for each."""
    same = Message.objects.filter(
        participant=told.participant, about_id=about.id, about_number=about.number, channel=told.channel
    )
    numbers = same.values_list("occasion", "step").annotate(last=Max("repeat"))
    last = {(occasion, step): number for occasion, step, number in numbers}
    for one in messages:
        one.repeat = last.get((one.occasion, one.step), -1) + 1


def _ask_others(told: Told, message: Message) -> None:
    """Where a message is not enough, or cannot leave: a letter, or a call. Once for each occasion and number.

    What was asked of them about something that this tells anew is asked no more.
    """
    person = told.participant.person
    if not told.is_new and (message.why in NOT_DIGITALLY or message.state != MessageState.SKIPPED):
        no_longer.overtaken(message, told.at)
    if message.state == MessageState.FAILED:
        ladder.did_not_arrive(message, told.at)
        if plain.stands_alone(message, message.why) and plain.instead_of(message, told.at) is not None:
            gather(Consequences(lacks=[plain.PLAIN_ONLY]))
    elif message.why in NOT_DIGITALLY:
        ask_for_letter(told.meeting, message.occasion, message.about_number, told.at)
    elif message.why == Why.DAY_IS_FULL and message.state == MessageState.SKIPPED:
        if message.occasion in WORTH_A_LETTER:
            not_reached(message, told.at)
    elif not message.why and person is not None and person.is_strictly_protected:
        ask_to_ring(told.meeting, message.occasion, message.about_number, told.at)


def _checked(message: Message, told: Told, *, time_changed: bool = True, waits: bool | None = None) -> PlannedMessage:
    """What a new row will tell. One that cannot be said has failed before it is written."""
    planned = as_planned(message, told, time_changed=time_changed, waits=waits)
    if planned.falls and message.state == MessageState.PLANNED:
        message.state, message.why, message.settled_at = MessageState.FAILED, planned.falls, told.at
    return planned


def as_planned(message: Message, told: Told, *, time_changed: bool = True, waits: bool | None = None) -> PlannedMessage:
    """What the row will tell, as a caseworker sees it. `time_changed` where nothing is known of before.

    `waits`: they have asked for something and not heard; None: looked up here, for a reminder. One that cannot be
    said has no texts, and falls.
    """
    was = what_was_told.before([message]).get(message.pk)
    waits = bool(standing.waiting([message])) if waits is None else waits
    facts = replace(what_was_told.facts(message, told.meeting, was, time_changed=time_changed), waits=waits)
    said, falls = {}, "" if message.state == MessageState.PLANNED else message.why
    try:
        said = sayable.words_of(message, facts).as_dict()
    except texts.CannotBeSaid as error:
        falls = falls or error.why
    by_sms = bool(said.get("sms"))
    how = foretold.when_and_how(message, told.at, by_sms=by_sms, was=was)
    reminded_at = foretold.min_side_reminds_at(message, by_sms=by_sms, was=was)
    moved_from = foretold.moved_from(message) if message.state == MessageState.PLANNED else None
    moved = "" if message.state != MessageState.PLANNED else Why.QUIET_TIME if moved_from else message.why
    return PlannedMessage(
        participant_id=told.participant.pk,
        role=told.participant.role,
        occasion=message.occasion,
        step=message.step,
        channel=message.channel,
        due_at=message.due_at,
        not_after=message.not_after,
        texts=said,
        falls=falls,
        moved=moved,
        moved_from=moved_from,
        words="Sendes ikke" if falls else f"Sendes {how}",
        counts=not cap.is_exempt(message),
        reminded_at=None if falls else reminded_at,
        is_sms_too_late=not falls and foretold.is_sms_too_late(message, told.at, by_sms=by_sms, was=was),
        sms_at=None if falls else foretold.sms_at(message, told.at, by_sms=by_sms, was=was),
    )
