"""When somebody is to be written to in another language."""

from datetime import datetime

from invitations.messages import no_longer, texts, wake
from invitations.models import Message, MessageState, Why
from meetings.models import Participant, Task


def write_in(participant: Participant, at: datetime) -> None:
    """All that is planned is said in the language that holds now.

    What failed as there were no words in the one before is planned after all, while it still helps: nobody need ring
    about it. Inside a change; four queries at most.
    """
    theirs = Message.objects.filter(participant=participant)
    theirs.filter(state=MessageState.PLANNED).update(language=participant.language)
    if participant.language not in texts.LANGUAGES:
        return
    unsaid = list(theirs.filter(state=MessageState.FAILED, why=Why.NO_WORDS, sent_at=None, not_after__gt=at))
    if not unsaid:
        return
    Message.objects.filter(pk__in=[one.pk for one in unsaid], state=MessageState.FAILED).update(
        state=MessageState.PLANNED, why=Why.NONE, settled_at=None, language=participant.language
    )
    no_longer.not_reached([one.pk for one in unsaid], unsaid[0], Task.Ended.OVERTAKEN, at)
    wake.on_commit()
