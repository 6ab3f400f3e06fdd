"""E-mails that may have gone out more than once: counted before they leave, and listed.

SMTP knows no key. So that nothing is lost, what a dead sender left unwritten goes again; so that nobody has to guess,
each attempt is written down before it begins, and crossed out once its end is known. What stays, nobody knows of.
"""

from django.db.models import F, QuerySet
from django.db.models.functions import Now

from invitations.messages.claim import Claim
from invitations.messages.emails import goes_without_key
from invitations.messages.outcomes import Sent, Unavailable
from invitations.models import Message, MessageState


def begin(message: Message, held: Claim) -> bool:
    """Write down that it is about to leave. Is it still in hand? Else it stays here."""
    ours = Message.objects.filter(pk=message.pk, claim=held.id, state=MessageState.CLAIMED, claimed_until__gt=Now())
    return ours.update(unsure_attempts=F("unsure_attempts") + 1) == 1


def end(message: Message, outcome: Sent) -> None:
    """Cross it out, if its end is known. After all else: who dies before this is listed, and did no harm."""
    if goes_without_key(message) and not (isinstance(outcome, Unavailable) and outcome.may_be_taken):
        Message.objects.filter(pk=message.pk).update(unsure_attempts=F("unsure_attempts") - 1)


def sent() -> QuerySet[Message]:
    """Those that surely went out, and perhaps before that too; the newest first."""
    return Message.objects.filter(unsure_attempts__gt=0, sent_at__isnull=False).order_by("-sent_at")
