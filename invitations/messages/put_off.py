"""SMS and e-mail of what is told in quiet time: they wait for the morning, and the notification does not.

Min side shows it at once and sends later, when we ask it to (`utsettSendingTil`); taken back before that, nothing is
sent. So what is answered, moved or cancelled overnight disturbs nobody. Asked when a message leaves, and by the plan.

| occasion                                            | SMS and e-mail                                                |
|-----------------------------------------------------|---------------------------------------------------------------|
| it is off, for all or for them                      | at once, at any hour                                          |
| it is held after all                                | the same: who heard that it is off holds something false      |
| a reminder                                          | at once: never due in quiet time (reminders.py)               |
| of a meeting to come                                | at once where it is within two days, as it is or as they know |
|                                                     | it, or nine o'clock comes less than a day before it           |
| of that, else; and of what was (minutes and so on)  | at nine on the first day that is not quiet                    |
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from invitations.messages import known_by, quiet
from invitations.messages.occasions import ABOUT_WHAT_WAS, CALLS_OFF
from invitations.messages.own import own
from invitations.messages.told import Picture
from invitations.models import Channel, Message, Occasion, Step
from meetings.times import OSLO

# A change of a meeting so near knows no quiet hours.
NEAR_DAYS: Final = 2
LEFT_DAYS: Final = 1
_NEVER: Final = CALLS_OFF | {Occasion.REINSTATED, Occasion.REMINDER, Occasion.ANSWERED}


def until(message: Message, at: datetime, was: Picture | None = None) -> datetime | None:
    """When SMS and e-mail of a notification that leaves at `at` are to go, in UTC; None for at once, or for none.

    `was`: as they know the meeting, where it is another now.
    """
    is_one_that_waits = message.occasion not in _NEVER and message.step != Step.PLAIN
    if message.channel != Channel.DITT_NAV or not is_one_that_waits or not quiet.is_quiet(at):
        return None
    morning = _morning(at)
    if morning >= message.not_after:
        return None
    if message.occasion in ABOUT_WHAT_WAS:
        return morning
    starts_at = min([own(message.participant, message.meeting).starts_at] + ([was.start] if was else []))
    is_far = at <= quiet.days_before(starts_at, NEAR_DAYS) and morning <= quiet.days_before(starts_at, LEFT_DAYS)
    return morning if is_far else None


def _morning(at: datetime) -> datetime:
    """The first nine o'clock in Oslo after it that is not quiet."""
    here = at.astimezone(OSLO).date()
    days = (here + timedelta(days=number) for number in range(quiet.SEARCHED_DAYS))
    mornings = (datetime.combine(day, known_by.SMS_FROM, tzinfo=OSLO).astimezone(UTC) for day in days)
    return next(morning for morning in mornings if morning > at and not quiet.is_quiet(morning))
