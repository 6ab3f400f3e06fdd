"""Which of several messages to one who takes part go, and when: decided last, of what can be said at all.

What is too much for its day goes another day, or falls (cap.py). A reminder that quiet time has moved gives way to one
that goes within twelve hours of it, and to nothing else: of two that are too close one goes, where one can.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from invitations.messages import cap, reminders
from invitations.models import Message, MessageState, Occasion, Why


def place(messages: Sequence[Message], gives_way: Collection[UUID] = (), *, is_new: bool = False) -> set[UUID]:
    """Those that are moved or fall, by their rows, which are not saved here. One query where any counts on its day.

    `is_new`: nothing was told to them before.
    """
    planned = [message for message in messages if message.state == MessageState.PLANNED]
    counting = [message for message in planned if not cap.is_exempt(message)]
    if not counting:
        return set()
    whose = cap.who(counting[0].participant)
    since, until = min(message.due_at for message in counting), max(message.not_after for message in counting)
    days = cap.Days() if is_new else cap.days_of([whose], since, until)
    placed, reminded = set(), list[datetime]()
    for message in sorted(counting, key=lambda one: (one.pk in gives_way, one.due_at)):
        is_reminder = message.occasion == Occasion.REMINDER
        if message.pk in gives_way and reminders.is_too_close(message.due_at, reminded):
            _falls(message, Why.TOO_CLOSE)
            placed.add(message.pk)
            continue
        to = days.take(whose, message.due_at, message.not_after, is_reminder=is_reminder)
        if to is None:
            reminded += [message.due_at] if is_reminder else []
            continue
        placed.add(message.pk)
        if to.due_at is None:
            _falls(message, Why.DAY_IS_FULL)
        else:
            message.due_at, message.why = to.due_at, Why.DAY_IS_FULL
    return placed


def _falls(message: Message, why: Why) -> None:
    message.state, message.why, message.settled_at = MessageState.SKIPPED, why, message.planned_at
