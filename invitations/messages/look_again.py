"""Should this message really go out, now? The world may have changed since it was planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invitations.messages.registers_now import Known, NobodyThere
from invitations.models import Answer, Message, MessageState, Occasion, Step, Why
from meetings.models import Revision, Status

# Reach people whatever the contact register says: nothing is sent by SMS or e-mail with them.
ON_THE_PAGE_ONLY = frozenset({Occasion.ANSWERED})
OF_A_REVISION = frozenset({Occasion.INVITED, Occasion.MOVED, Occasion.ANSWERED, Occasion.REMINDER})


@dataclass(frozen=True)
class Verdict:
    """`state` is what becomes of the row if it does not go out."""

    why: Why
    state: MessageState = MessageState.SKIPPED


def by_our_own(message: Message, *, at: datetime, unanswered: bool) -> Verdict | None:
    """What our own tables say against it; None when nothing does."""
    if message.participant.removed_at is not None:
        return Verdict(Why.CANCELLED)
    if message.occasion == Occasion.CANCELLED and message.meeting.status != Status.CANCELLED:
        return Verdict(Why.MOVED)
    if message.occasion in OF_A_REVISION and message.meeting.status != Status.SCHEDULED:
        return Verdict(Why.CANCELLED)
    if message.occasion in OF_A_REVISION and message.about_number != message.meeting.revision_number:
        return Verdict(Why.MOVED)
    if at > message.not_after:
        return Verdict(Why.TOO_LATE)
    if message.step == Step.DAYS_7 and unanswered:
        return Verdict(Why.MIN_SIDE_REMINDS)
    return None


def by_registers(message: Message, known: Known | NobodyThere) -> Verdict | None:
    """What the registers say against it; None when nothing does."""
    if isinstance(known, NobodyThere):
        return Verdict(Why.NOT_DELIVERED, MessageState.FAILED)
    if known.is_deceased:
        return Verdict(Why.DECEASED, MessageState.VOID)
    if not known.can_be_told and message.occasion not in ON_THE_PAGE_ONLY:
        return Verdict(Why.CANNOT_BE_TOLD)
    return None


def unanswered(messages: list[Message]) -> set[UUID]:
    """Which of the participants have an open oppgave on Ditt NAV: told of this revision, and not answered yet."""
    participants = {message.participant_id for message in messages if message.step == Step.DAYS_7}
    if not participants:
        return set()
    answered = set(
        Answer.objects.filter(invitation__participant__in=participants, is_known=True).values_list(
            "invitation__participant_id", "revision_number"
        )
    )
    told = Message.objects.filter(
        participant__in=participants,
        occasion__in=[Occasion.INVITED, Occasion.MOVED],
        state__in=[MessageState.SENT, MessageState.DELIVERED],
    ).values_list("participant_id", "about_number")
    current = {message.participant_id: message.meeting.revision_number for message in messages}
    return {who for who, number in told if number == current[who] and (who, number) not in answered}


def revisions_of(messages: list[Message]) -> Mapping[tuple[UUID, int], Revision]:
    """By meeting and number: those the messages speak of, and those before, to say what changed."""
    found = Revision.objects.filter(meeting__in={message.meeting_id for message in messages})
    return {(revision.meeting_id, revision.number): revision for revision in found}
