"""Why the meeting is another than it was: the sentences written to one participant, as they need them now."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from invitations.messages.occasions import CALLS_OFF, TASKS
from invitations.messages.told import TELLS
from invitations.models import NOT_DIGITALLY, Message, MessageState, Occasion, Why
from meetings.models import Participant, ReasonToRecipient

# An answer tells nothing new, and what was told before it stays explained.
EXPLAINED = TELLS - {Occasion.ANSWERED} | CALLS_OFF


def reasons_to(participant: Participant) -> str:
    """All that was written to them of what they are told last, or are about to be: in order, each once, a line each.

    What was changed and changed back before anybody was told is not explained. See docs/adr/0014.
    """
    written = list(ReasonToRecipient.objects.filter(participant=participant).order_by("written_at", "id"))
    if not written:
        return ""
    after, until = _between(participant)
    told = [
        one.sentence
        for one in written
        if (after is None or (one.written_at, one.pk) > after) and (until is None or one.written_at <= until)
    ]
    return "\n".join(dict.fromkeys(told))


def is_held_after_all(participant: Participant) -> bool:
    """Were they told last, or are they about to be, that the meeting is not cancelled after all? One query.

    Not where they never heard that it was.
    """
    told = Message.objects.filter(participant=participant, occasion__in=TASKS | CALLS_OFF).exclude(why=Why.AS_TOLD)
    told = told.filter(~Q(state=MessageState.VOID) | Q(sent_at__isnull=False) | Q(why=Why.ANSWERED))
    return told.order_by("planned_at", "pk").values_list("occasion", flat=True).last() == Occasion.REINSTATED


def _between(participant: Participant) -> tuple[tuple[datetime, UUID] | None, datetime | None]:
    """What waits covers all since the last that was told; what was told covers all since the one before it.

    Of what happened in one instant, ids in order of making say what came first: a sentence is written before the
    message is planned.
    """
    waits, told = False, []
    for one in Message.objects.filter(participant=participant, occasion__in=EXPLAINED):
        waits = waits or one.state in {MessageState.PLANNED, MessageState.CLAIMED}
        if one.sent_at is not None:
            told.append((one.sent_at, one.pk))
        elif one.why in NOT_DIGITALLY:
            told.append((one.planned_at, one.pk))
        elif one.why == Why.ANSWERED and one.settled_at is not None:
            told.append((one.settled_at, one.pk))
    told.sort()
    if waits or not told:
        return (told[-1] if told else None), None
    return (told[-2] if len(told) > 1 else None), told[-1][0]
