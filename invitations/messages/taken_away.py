"""What asks for an answer, and somebody other than we took away from Ditt NAV: nobody has the link any more.

Any producer may inactivate any varselId, and Min side's own people may; a citizen cannot put an oppgave away. So where
Min side says that one is gone (`inaktivert`, or `kansellert` of its SMS and e-mail), and we neither took it back nor
are about to, it was not answered, and its time was not over, then it has not arrived, whatever came by SMS: that has no
link. The ladder's task, the office's list and "Send på nytt" are as for any failure; Min side reminds of it no more.

A beskjed is the citizen's to put away: they have seen it.
"""

from datetime import datetime

from invitations.messages import ladder
from invitations.messages.occasions import TASKS
from invitations.models import Channel, Message, Retraction


def by_others(message: Message, gone_at: datetime) -> bool:
    """Was it taken away by somebody else, of one that left and is gone since `gone_at`? Two queries, or none.

    Nobody misses it once the meeting is over.
    """
    if message.channel != Channel.DITT_NAV or message.occasion not in TASKS:
        return False
    ends_at = message.meeting.ends_at
    if gone_at >= min(ends_at, message.active_until or ends_at):
        return False
    ours = Retraction.objects.filter(message=message).exclude(state=Retraction.State.NOT_NEEDED)
    return not (ours.exists() or ladder.was_answered(message))
