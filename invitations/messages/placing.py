"""Which of several messages to one who takes part go, and when: decided last, of what can be said at all.

What is too much for its day goes another day, or falls (cap.py); what is weaker and to come that day does not stand in
its way, and gives it its place once it is written (yielding.py). The day of what has an SMS that waits (put_off.py) is
the SMS's. A reminder that quiet time has moved gives way to one that goes within twelve hours of it, and to nothing
else: of two that are too close one goes, where one can.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from invitations.messages import cap, put_off, rank, reminders
from invitations.models import Message, MessageState, Occasion, Why


@dataclass
class Placed:
    """What became of them: those `moved`, or that fall; and those that go on a day that has too many (`crowding`)."""

    moved: set[UUID] = field(default_factory=set)
    crowding: set[UUID] = field(default_factory=set)


def place(messages: Sequence[Message], gives_way: Collection[UUID] = (), *, is_new: bool = False) -> Placed:
    """By their rows, which are not saved here. One query where any counts on its day.

    `is_new`: nothing was told to them before.
    """
    planned = [message for message in messages if message.state == MessageState.PLANNED]
    counting = [message for message in planned if not cap.is_exempt(message)]
    if not counting:
        return Placed()
    whose = cap.who(counting[0].participant)
    since, until = min(message.due_at for message in counting), max(message.not_after for message in counting)
    days = cap.Days() if is_new else cap.days_of([whose], since, until)
    placed, reminded = Placed(), list[datetime]()
    for message in sorted(counting, key=lambda one: (one.pk in gives_way, one.due_at)):
        is_reminder = message.occasion == Occasion.REMINDER
        if message.pk in gives_way and reminders.is_too_close(message.due_at, reminded):
            _falls(message, Why.TOO_CLOSE)
            placed.moved.add(message.pk)
            continue
        sms_at = put_off.until(message, message.due_at)
        moment = sms_at or message.due_at
        to = days.take(whose, rank.of(message, moment), moment, message.not_after)
        if to is None:
            reminded += [message.due_at] if is_reminder else []
            # What it crowds tomorrow finds that out tomorrow, or as it is planned anew.
            if sms_at is None and days.too_many(whose, cap.day_of(moment)) > 0:
                placed.crowding.add(message.pk)
            continue
        placed.moved.add(message.pk)
        if to.due_at is None:
            _falls(message, Why.DAY_IS_FULL)
        else:
            message.due_at, message.why = to.due_at, Why.DAY_IS_FULL
    return placed


def _falls(message: Message, why: Why) -> None:
    message.state, message.why, message.settled_at = MessageState.SKIPPED, why, message.planned_at
