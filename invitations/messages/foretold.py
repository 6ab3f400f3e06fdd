"""What is to come, as a caseworker reads it before it leaves: when, through what, and Min side's own reminder.

SMS and e-mail to a citizen are Min side's to send, when a notification asks for them: SMS first, e-mail to who has no
mobile in the contact register. In quiet time most of them wait for the morning because we ask for it (put_off.py). What
else is shown outside the hours in which its SMS surely leave is on Ditt NAV first too: its SMS may wait (contracts of
tms-ekstern-varsling), and no more is promised of it than that.
"""

from datetime import datetime, timedelta
from typing import Final

from invitations.messages import known_by, put_off, reminders, texts
from invitations.messages.occasions import ABOUT_WHAT_WAS, TASKS
from invitations.messages.own import own
from invitations.messages.told import Picture
from invitations.models import Channel, Message, Occasion, Step, Why
from meetings.times import OSLO
from navmeet.look import dates

# Min side's own rule for an oppgave that is still active.
REMINDED_AFTER: Final = timedelta(days=7)
AT_ONCE: Final = "med en gang"
# Of what is kept, and leaves within seconds.
NOW: Final = "nå"


def when_and_how(
    message: Message,
    at: datetime,
    *,
    by_sms: bool,
    was: Picture | None = None,
    at_once: str = AT_ONCE,
    goes_anyway: bool = False,
) -> str:
    """ "med en gang på Min side, med SMS eller e-post (SMS senest tirsdag 24. november kl. 09.00)", read at `at`.

    `by_sms`: it asks Min side for SMS or e-mail too. `was`: as they know the meeting, where it is another now.
    `goes_anyway`: no oppgave stands that Min side could remind of in its place, as where they have answered.
    """
    is_far = texts.needs_year(message.due_at, at)
    when = at_once if message.due_at <= at else texts.when(message.due_at, "nb", with_year=is_far)
    if message.channel == Channel.EMAIL:
        return f"{when} på e-post"
    if message.channel == Channel.SMS:
        return f"{when} på SMS"
    if not by_sms:
        return f"{when} på Min side, uten SMS eller e-post"
    if waits_until := sms_at(message, at, by_sms=True, was=was):
        return f"{when} på Min side, SMS eller e-post {texts.when(waits_until, 'nb')}"
    # Else Min side itself reminds of the invitation: look_again.py.
    person = message.participant.person
    is_reminded_by_min_side = message.step == Step.DAYS_7 and not (person and person.is_strictly_protected)
    condition = ", hvis innbyggeren har svart" if is_reminded_by_min_side and not goes_anyway else ""
    return f"{when} på Min side, med SMS eller e-post{_sms_by(message, at, was)}{condition}"


def moved_from(message: Message) -> datetime | None:
    """When a reminder would be due by itself, where quiet time has moved it. Nobody moves what a person sends again."""
    if message.occasion != Occasion.REMINDER or message.again_by is not None:
        return None
    by_itself = reminders.ordinary(message.step, own(message.participant, message.meeting).starts_at)
    return by_itself if by_itself != message.due_at else None


def is_sms_too_late(message: Message, at: datetime, *, by_sms: bool, was: Picture | None = None) -> bool:
    """May the SMS come when it helps nobody: when the meeting, as it is or as they know it, has begun?"""
    shown_at = max(message.due_at, at)
    sms_by = known_by.next_sending(shown_at)
    if message.channel != Channel.DITT_NAV or not by_sms or sms_by <= shown_at:
        return False
    if sms_at(message, at, by_sms=True, was=was):
        return False
    if sms_by > message.not_after or message.occasion in ABOUT_WHAT_WAS:
        return sms_by > message.not_after
    starts = [own(message.participant, message.meeting).starts_at] + ([was.start] if was else [])
    return sms_by >= min(starts)


def sms_at(message: Message, at: datetime, *, by_sms: bool, was: Picture | None = None) -> datetime | None:
    """When SMS and e-mail of one that has not left go, if they wait."""
    return put_off.until(message, max(message.due_at, at), was) if by_sms else None


def min_side_reminds_at(message: Message, *, by_sms: bool, was: Picture | None = None) -> datetime | None:
    """When Min side itself reminds of an oppgave: once, if it is there and not answered a week after its SMS was sent.

    It sends again what it sent: nothing of what stands on Ditt NAV alone. None where it never does.
    """
    if message.channel != Channel.DITT_NAV or message.occasion not in TASKS or not by_sms:
        return None
    if message.why == Why.TAKEN_AWAY:
        return None
    sent_at = message.sms_at if message.sent_at else put_off.until(message, message.due_at, was)
    reminds_at = (sent_at or message.sent_at or message.due_at) + REMINDED_AFTER
    return reminds_at if message.active_until is None or reminds_at < message.active_until else None


def _sms_by(message: Message, at: datetime, was: Picture | None) -> str:
    shown_at = max(message.due_at, at)
    sms_by = known_by.next_sending(shown_at)
    if sms_by <= shown_at:
        return ""
    if is_sms_too_late(message, at, by_sms=True, was=was):
        return " (SMS kan komme for sent)"
    is_same_day = sms_by.astimezone(OSLO).date() == shown_at.astimezone(OSLO).date()
    return f" (SMS senest {dates.clock(sms_by, 'nb') if is_same_day else texts.when(sms_by, 'nb')})"
