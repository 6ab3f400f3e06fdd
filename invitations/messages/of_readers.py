"""What all messages of a meeting together say of each participant, for those that are still to come."""

from collections.abc import Iterable
from uuid import UUID

from invitations.messages.occasions import NOT_SENT, TASKS
from invitations.models import NOT_DIGITALLY, Message, MessageState, Retraction, Step

_STANDS = NOT_SENT | {MessageState.SENT, MessageState.DELIVERED}


def not_reached_last(messages: Iterable[Message]) -> set[UUID]:
    """Who, when something was to leave the last time, could not be told digitally."""
    words = [one for one in messages if one.step != Step.PLAIN]
    tried = [one for one in words if one.sent_at is not None or one.why in NOT_DIGITALLY]
    last = {one.participant_id: one for one in sorted(tried, key=lambda one: one.settled_at or one.planned_at)}
    return {participant_id for participant_id, one in last.items() if one.sent_at is None}


def whom_min_side_does_not_remind(messages: Iterable[Message]) -> set[UUID]:
    """Whose oppgave was answered, or taken away by somebody else, where no other stands: as look_again.py asks it."""
    asking = [one for one in messages if one.occasion in TASKS]
    standing = {one.participant_id for one in asking if one.state in _STANDS and _is_there(one)}
    return {one.participant_id for one in asking} - standing


def _is_there(message: Message) -> bool:
    """Is it neither taken back nor about to be? Of plain words Min side reminds nobody."""
    retraction: Retraction | None = getattr(message, "retraction", None)
    is_left = retraction is None or retraction.state == Retraction.State.NOT_NEEDED
    return is_left and message.step != Step.PLAIN
