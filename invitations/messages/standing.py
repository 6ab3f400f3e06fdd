"""Who waits for an answer to a wish: a reminder says to them that the meeting stands meanwhile."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from invitations.models import Answer, Message, Occasion, Reply

WISHES: Final = frozenset({Answer.Kind.OTHER_TIME, Answer.Kind.OTHER_FORMAT})


def waiting(messages: Collection[Message]) -> frozenset[UUID]:
    """The participants among those reminded whose last answer is a wish nobody has settled. One query, or none."""
    reminded = {one.participant_id for one in messages if one.occasion == Occasion.REMINDER}
    if not reminded:
        return frozenset()
    known = Answer.objects.filter(invitation__participant__in=reminded, is_known=True)
    known = known.exclude(reply__kind=Reply.Kind.WITHDRAWN).order_by("id")
    rows = known.values_list("invitation__participant", "kind", "reply")
    last = {participant: kind in WISHES and reply is None for participant, kind, reply in rows}
    return frozenset(participant for participant, is_open in last.items() if is_open)
