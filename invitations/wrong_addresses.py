"""Partners whose address turns away what is sent there: whoever rings them has told them, and not put that right."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from invitations.messages import causes
from invitations.models import Channel, Message, MessageState


def of(partners: Collection[UUID]) -> frozenset[UUID]:
    """Of these participants, those to whom the next e-mail will not come either, until the address is corrected.

    By the last that was sent to it as it is kept now, and of which something is known. Two queries; none for nobody.
    """
    if not partners:
        return frozenset()
    known = Q(state__in=[MessageState.FAILED, MessageState.DELIVERED]) | Q(state=MessageState.SENT, known_by=None)
    told = Message.objects.filter(known, participant__in=partners, channel=Channel.EMAIL)
    told = told.alias(went_at=Coalesce("sent_at", "settled_at"))
    there = told.filter(went_at__gte=F("participant__contact__changed_at"))
    last = there.order_by("participant", "-went_at", "-due_at", "-pk").distinct("participant")
    found = last.defer("text_sent").prefetch_related("receipts")
    return frozenset(one.participant_id for one in found if _is_refused(one))


def _is_refused(message: Message) -> bool:
    return message.state == MessageState.FAILED and causes.is_wrong_address(message)
