"""Those whom nobody opens, books or sends to for days: the population register is asked about them anyway.

And about those whose SMS has waited for the morning (put_off.py), in the last half hour before it goes: the dead and
the strictly protected are told nothing by it. Where the register does not answer by then, it goes.

Woken every half minute; who is due stands in the database. One batch a time, by one worker however many are woken, with
no transaction open. A register that does not answer costs time only.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, QuerySet

from invitations import deaths, protection
from invitations.models import Message, MessageState, Pulse
from meetings.models import Participant, Role, Status
from navmeet.exceptions import Unavailable
from navmeet.people import looking
from navmeet.people.models import Person

BATCH: Final = 200
BEFORE_SMS: Final = timedelta(minutes=30)
EVERY: Final = timedelta(seconds=20)
PULSE: Final = "register_look"
NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


def people_with_meetings_to_come(at: datetime) -> QuerySet[Person]:
    """Citizens of meetings that are not over and will be held, as far as is known."""
    theirs = Participant.objects.filter(
        role=Role.CITIZEN,
        removed_at=None,
        meeting__status__in=[Status.PROPOSED, Status.SCHEDULED],
        meeting__ends_at__gt=at,
        meeting__ended_at=None,
    )
    return Person.objects.filter(pk__in=theirs.values("person"))


def people_with_sms_to_come(at: datetime) -> QuerySet[Person]:
    """Those whose SMS goes within half an hour, and who were not asked about in it."""
    goes = Message.objects.filter(sms_at__gt=at, sms_at__lte=at + BEFORE_SMS, state=MessageState.SENT)
    goes = goes.filter(participant__person__registers_asked_at__lt=F("sms_at") - BEFORE_SMS)
    return Person.objects.filter(pk__in=goes.values("participant__person"))


def look_again(at: datetime) -> int:
    """Ask about those whose SMS goes soon, then about those who were asked about longest ago; how many that was.

    What is learned is seen to.
    """
    if not _is_mine(at):
        return 0
    before = at - settings.REGISTER_LOOK_AFTER
    batch = list(people_with_sms_to_come(at).order_by("registers_asked_at", "pk")[:BATCH])
    due = people_with_meetings_to_come(at).filter(registers_asked_at__lte=before)
    due = due.exclude(pk__in=[one.pk for one in batch])
    batch += due.order_by("registers_asked_at", "pk")[: BATCH - len(batch)]
    if not batch:
        return 0
    try:
        looking.look(batch, at=at)
    except Unavailable:
        # Said in the log where it was asked; they are as due in half a minute.
        return 0
    protection.catch_up(at)
    protection.catch_up_reminders([one.pk for one in batch], at)
    deaths.catch_up(at)
    return len(batch)


def _is_mine(at: datetime) -> bool:
    """One statement decides which of many senders looks now."""
    Pulse.objects.bulk_create([Pulse(name=PULSE, at=NEVER)], ignore_conflicts=True)
    return Pulse.objects.filter(name=PULSE, at__lte=at - EVERY).update(at=at) == 1
