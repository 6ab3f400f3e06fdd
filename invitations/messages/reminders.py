"""Which reminders a meeting gets, and when: pure, from the times and the office's plan (default_plan.py).

| step   | due                          | must not go out after   | when                                              |
|--------|------------------------------|-------------------------|---------------------------------------------------|
| 7_DAYS | 7 days before, same time     | 3 days before           | booked more than 14 days ahead; falls at sending  |
|        |                              |                         | while the oppgave is open: Min side reminds of it |
| 1_DAY  | 1 day before, same time      | 2 hours before          | by default always                                 |
| 1_HOUR | 1 hour before                | the start               | by default for video and phone                    |

"Same time" is by the clock on the wall. A reminder in quiet time moves to the nearest allowed minute; moved so, it
falls if that is less than 30 minutes before the start (or after it), and gives way to another that goes within 12 hours
of it (placing.py). One whose time has passed when the meeting is booked is not planned. One whose sender was away until
it was quiet moves later by the same rules, and else falls.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from invitations.messages import quiet
from invitations.models import Step, Why

FAR_AHEAD = timedelta(days=14)
LEAST_BEFORE = timedelta(minutes=30)
LEAST_APART = timedelta(hours=12)


@dataclass(frozen=True)
class Reminder:
    """`falls` says why it will not go out; "" when it may. `gives_way`: quiet time has moved it."""

    step: Step
    due_at: datetime
    not_after: datetime
    falls: Why = Why.NONE
    gives_way: bool = False


@dataclass(frozen=True)
class Moment:
    """When something is due, and after when it must not go out."""

    due_at: datetime
    not_after: datetime


def reminders(*, starts_at: datetime, steps: Collection[Step], at: datetime) -> list[Reminder]:
    """Those of `steps` that a meeting booked or moved at `at` gets, in order of their time, those that fall too."""
    wanted = [one for one in _possible(starts_at.astimezone(UTC), at) if one.step in steps and one.due_at > at]
    placed = [_moved(one, starts_at, at) if quiet.is_quiet(one.due_at) else one for one in wanted]
    return sorted(placed, key=lambda one: (one.due_at, one.step))


def ordinary(step: str, starts_at: datetime) -> datetime | None:
    """When the step is due where quiet time does not move it; None for what is no step of a reminder."""
    if step == Step.HOUR_1:
        return starts_at - timedelta(hours=1)
    days = {Step.DAYS_7: 7, Step.DAY_1: 1}.get(Step(step))
    return quiet.days_before(starts_at, days) if days is not None else None


def _possible(starts_at: datetime, at: datetime) -> list[Reminder]:
    limits = {Step.DAY_1: starts_at - timedelta(hours=2), Step.HOUR_1: starts_at}
    if starts_at - at > FAR_AHEAD:
        limits = {Step.DAYS_7: quiet.days_before(starts_at, 3)} | limits
    return [
        Reminder(step, due_at, not_after)
        for step, not_after in limits.items()
        if (due_at := ordinary(step, starts_at)) is not None
    ]


def _moved(one: Reminder, starts_at: datetime, at: datetime) -> Reminder:
    due_at = quiet.nearest_allowed(one.due_at, not_before=at)
    if due_at > starts_at - LEAST_BEFORE:
        return replace(one, falls=Why.QUIET_TIME)
    return replace(one, due_at=due_at, not_after=_limit(due_at, one.not_after, starts_at), gives_way=True)


def is_too_close(due_at: datetime, others: Iterable[datetime]) -> bool:
    """Does another go within 12 hours of it?"""
    return any(abs(due_at - other) < LEAST_APART for other in others)


def later(*, now: datetime, starts_at: datetime, not_after: datetime) -> Moment | None:
    """Where a reminder goes that is found unsent: the next allowed minute, if it still helps there.

    None: it falls, less than 30 minutes before the start.
    """
    due_at = quiet.next_allowed(now)
    if due_at > starts_at - LEAST_BEFORE:
        return None
    return Moment(due_at, _limit(due_at, not_after, starts_at))


def _limit(due_at: datetime, not_after: datetime, starts_at: datetime) -> datetime:
    """Moved later, it may have passed the limit it had where it stood; half an hour before the start still helps."""
    return max(not_after, min(due_at + LEAST_BEFORE, starts_at))
