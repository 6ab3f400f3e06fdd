"""When somebody is to be written to in another language."""

from datetime import datetime

from django.db.models import QuerySet

from invitations.messages import apart, no_longer, overtake, plain, texts, wake
from invitations.messages.occasions import OF_MINUTES
from invitations.models import Message, MessageState, Step, Why
from meetings.models import Participant, Task


def write_in(participant: Participant, at: datetime) -> None:
    """All that is planned is said in the language that holds now.

    What failed as there were no words in the one before is planned after all, while it still helps: nobody need ring
    about it. The last of the meeting takes the place of the plain words that stood for it. Inside a change.
    """
    theirs = Message.objects.filter(participant=participant)
    theirs.filter(state=MessageState.PLANNED).update(language=participant.language)
    if participant.language not in texts.LANGUAGES:
        return
    unsaid = list(theirs.filter(state=MessageState.FAILED, why=Why.NO_WORDS, sent_at=None, not_after__gt=at))
    if not unsaid:
        return
    failed = Message.objects.filter(pk__in=[one.pk for one in unsaid], state=MessageState.FAILED)
    failed.filter(pk__in=apart.giving_way(unsaid)).update(state=MessageState.SKIPPED, why=Why.TOO_CLOSE, settled_at=at)
    failed.update(state=MessageState.PLANNED, why=Why.NONE, settled_at=None, language=participant.language)
    of_meeting = [one for one in unsaid if one.occasion in plain.OCCASIONS - OF_MINUTES]
    if of_meeting and not participant.is_partner:
        _void_plain(theirs, at)
        last = Message.objects.get(pk=max(of_meeting, key=lambda one: (one.planned_at, one.pk)).pk)
        overtake.replace_all(participant.meeting, last, at)
    no_longer.not_reached([one.pk for one in unsaid], unsaid[0], Task.Ended.OVERTAKEN, at)
    wake.on_commit()


def _void_plain(theirs: QuerySet[Message], at: datetime) -> None:
    """The plain words that have not left need not: the words themselves do. What has left they take the place of."""
    unsent = theirs.filter(step=Step.PLAIN, state=MessageState.PLANNED, attempts=0).exclude(occasion__in=OF_MINUTES)
    unsent.update(state=MessageState.VOID, why=Why.TOGETHER, settled_at=at)
