"""A new order for an e-mail to a partner that its provider could not deliver just then.

Altinn says so after it took the order (`Email_Failed_TransientError`): the same key would send nothing more, a new
order may work. So the same goes again under a new key, a few times and ever later, while there is time; only then the
ladder goes on to SMS, which carries no link.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max, QuerySet

from invitations.messages import causes, wake
from invitations.messages.own import own
from invitations.models import Channel, Message, MessageState

WAITS: Final = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
# What is left to them before the start: the SMS, and whoever rings, need most of it.
PART_OF_THE_REST: Final = 4


def may_follow(email: Message, at: datetime) -> bool:
    """Is another order worth the wait? The e-mail is settled as not delivered; its row is locked."""
    if not causes.is_for_now(email):
        return False
    wait = _wait(email)
    rest = own(email.participant, email.meeting).starts_at - at
    return wait is not None and wait * PART_OF_THE_REST <= rest and at + wait < email.not_after


def follow(email: Message, at: datetime) -> None:
    """Plan it, once. What the sender looks at again before any e-mail it looks at before this too."""
    wait = _wait(email)
    last = _same(email).aggregate(last=Max("repeat"))["last"]
    anew = Message(
        meeting_id=email.meeting_id,
        participant_id=email.participant_id,
        occasion=email.occasion,
        step=email.step,
        about_id=email.about_id,
        about_number=email.about_number,
        channel=Channel.EMAIL,
        repeat=last + 1,
        language=email.language,
        due_at=at + (wait or timedelta(0)),
        not_after=email.not_after,
        planned_at=at,
    )
    Message.objects.bulk_create([anew], ignore_conflicts=True)
    wake.on_commit()


def _wait(email: Message) -> timedelta | None:
    """By how many orders have failed so; None where that is enough."""
    failed = sum(causes.is_for_now(one) for one in _same(email).filter(state=MessageState.FAILED))
    return WAITS[failed - 1] if 0 < failed <= len(WAITS) else None


def _same(email: Message) -> QuerySet[Message]:
    return Message.objects.filter(
        participant=email.participant_id,
        occasion=email.occasion,
        step=email.step,
        about_id=email.about_id,
        about_number=email.about_number,
        channel=Channel.EMAIL,
    )
