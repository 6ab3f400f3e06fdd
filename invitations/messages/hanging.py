"""What does not get away: what is tried again and when, and when a person is asked to ring meanwhile.

| the attempt came to nothing because         | then                                                                  |
|---------------------------------------------|-----------------------------------------------------------------------|
| its receiver will never take it             | the next channel, or a task, at once; never again                      |
| nobody answered clearly                     | the same key after 10 s, doubled up to five minutes                    |
| we ask too much                             | not before they said                                                   |
| we are not let in, or a register is away    | no attempt: the longer it has waited, the less often                   |

Each wait is spread by the message's key, so that not all come back at once. Nobody gives up because others are away:
a message is tried until its own time is over, and has then failed. Whose meeting is near is not left waiting for that:
after three hours, or a quarter of what was left before the start, somebody is asked to ring, while the machine goes on.
An e-mail or SMS to a partner goes to the next channel after about a day: what nobody takes for so long is not away, it
is wrong.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from invitations.messages import ladder, letters, quiet
from invitations.messages.known_by import PART_OF_THE_REST
from invitations.messages.occasions import ABOUT_WHAT_WAS
from invitations.models import TO_PARTNERS, Message, MessageState
from meetings.models import Task

# What Kafka says of a message that it will never take, however often it is sent.
NEVER_TAKEN: Final = frozenset({"MSG_SIZE_TOO_LARGE", "_MSG_SIZE_TOO_LARGE", "INVALID_MSG", "INVALID_RECORD"})
MOST_TO_A_PARTNER: Final = 300
LONG: Final = timedelta(hours=3)
NEAR_WORKING_DAYS: Final = 2


def is_enough(message: Message) -> bool:
    """Is it to be tried no more, though its time is not over?"""
    return message.channel in TO_PARTNERS and message.attempts >= MOST_TO_A_PARTNER


def ask_persons(messages: Sequence[Message], at: datetime) -> int:
    """Somebody is to ring those of the messages' receivers who are not left waiting; once each. How many now."""
    urgent = {letters.about(message.pk): message for message in messages if is_urgent(message, at)}
    if not urgent:
        return 0
    asked = Task.objects.filter(kind=Task.Kind.NOT_REACHED, about__in=urgent).values_list("about", flat=True)
    waiting = [urgent[about] for about in urgent.keys() - set(asked)]
    return sum(_ask(message, at) for message in waiting)


def is_urgent(message: Message, at: datetime) -> bool:
    """Has it waited long, and is the meeting near? Only of what somebody would ring about."""
    meeting = message.meeting
    # Who is to ring needs most of what is left before the start.
    patience = min(LONG, max(timedelta(0), meeting.starts_at - message.due_at) / PART_OF_THE_REST)
    if message.occasion not in letters.WORTH_A_LETTER - ABOUT_WHAT_WAS or at - message.due_at < patience:
        return False
    is_worth_it = letters.is_worth_a_call(message.occasion, meeting.starts_at, meeting.ends_at, at)
    return is_worth_it and quiet.working_days_between(at, meeting.starts_at) < NEAR_WORKING_DAYS


@transaction.atomic
def _ask(message: Message, at: datetime) -> bool:
    rows = Message.objects.select_related("meeting", "participant__person").select_for_update(of=("self",))
    row = rows.filter(pk=message.pk, state=MessageState.PLANNED).first()
    if row is not None:
        ladder.ask_a_person(row, at)
    return row is not None
