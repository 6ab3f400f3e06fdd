"""Should this message really go out, now? The world may have changed since it was planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from invitations import bases, still_true
from invitations.messages import apart, partner_sms, quiet, reminders
from invitations.messages.occasions import CALLS_OFF, TASKS, TELL_OF_MEETING
from invitations.messages.own import own
from invitations.messages.registers_now import Known, NobodyThere
from invitations.messages.reminders import Moment
from invitations.models import TO_PARTNERS, Answer, Invitation, Message, MessageState, Occasion, Retraction, Step, Why
from meetings.models import Participant, Revision, Role, Status
from navmeet.people.models import STRICT, Person

# Reach people whatever the contact register says: nothing is sent by SMS or e-mail with them.
ON_THE_PAGE_ONLY = frozenset({Occasion.ANSWERED})
OF_A_REVISION = TELL_OF_MEETING | {Occasion.ANSWERED, Occasion.REMINDER}
Revisions = Mapping[tuple[UUID, int], Revision]
_NOT_TO_COME: Mapping[str, Why] = {
    Status.PROPOSED: Why.NOT_AGREED,
    Status.CANCELLED: Why.CANCELLED,
    Status.HELD: Why.TOO_LATE,
    Status.NOT_HELD: Why.TOO_LATE,
}


@dataclass(frozen=True)
class Verdict:
    """`state` is what becomes of the row if it does not go out. `instead`: it goes out then, and not now."""

    why: Why
    state: MessageState = MessageState.SKIPPED
    instead: Moment | None = None


def by_our_own(message: Message, *, at: datetime, unanswered: bool, revisions: Revisions) -> Verdict | None:
    """What our own tables say against it; None when nothing does."""
    if message.channel in TO_PARTNERS:
        closed = _against_partner(message)
        if closed is not None:
            return closed
    elif message.participant.removed_at is not None:
        return Verdict(Why.CANCELLED)
    if message.occasion == Occasion.CANCELLED and message.meeting.status != Status.CANCELLED:
        return Verdict(Why.MOVED)
    if message.occasion in OF_A_REVISION and message.meeting.status != Status.SCHEDULED:
        return Verdict(_NOT_TO_COME[message.meeting.status])
    if message.occasion in OF_A_REVISION and _is_of_before(message, revisions):
        return Verdict(Why.MOVED)
    if at > message.not_after or partner_sms.is_too_late(message, at):
        # What was tried, and never got away, has failed: that is nobody's choice.
        return Verdict(Why.BROKER, MessageState.FAILED) if message.hangs_on else Verdict(Why.TOO_LATE)
    if message.step == Step.DAYS_7 and unanswered:
        return Verdict(Why.MIN_SIDE_REMINDS)
    return None


def is_disturbing(message: Message, at: datetime) -> bool:
    """Is it a reminder, and quiet time?"""
    return message.occasion == Occasion.REMINDER and quiet.is_quiet(at)


def by_the_hour(message: Message, *, at: datetime) -> Verdict:
    """What becomes of a reminder that would disturb (its sender was away). Locks whom it is for.

    Asked last, in a transaction that the verdict is written in: of two that would move to the same minute, one goes.
    """
    Participant.objects.select_for_update(no_key=True).get(pk=message.participant_id)
    starts_at = own(message.participant, message.meeting).starts_at
    instead = reminders.later(now=at, starts_at=starts_at, not_after=message.not_after)
    if instead is not None and reminders.is_too_close(instead.due_at, apart.others(message)):
        return Verdict(Why.TOO_CLOSE)
    return Verdict(Why.QUIET_TIME, instead=instead)


def _against_partner(message: Message) -> Verdict | None:
    """A partner is told on a basis only, while their access is open; or that they are to come no more, once it is not.

    Where the citizen has become strictly protected, nothing, until those who may have decided.
    """
    partner = message.participant
    is_closed = partner.removed_at is not None or partner.invitation.closed_at is not None
    if message.occasion == Occasion.REMOVED:
        return None if is_closed else Verdict(Why.MOVED)
    if is_closed or not bases.has_basis(partner):
        return Verdict(Why.NO_BASIS)
    if not Invitation.objects.open().filter(pk=partner.invitation.pk).exists():
        return Verdict(Why.PROTECTED)
    return None


def _is_of_before(message: Message, revisions: Revisions) -> bool:
    """Does it speak of a time or a way in that holds no more? Whom a change did not concern, that is still true for."""
    if message.about_number == message.meeting.revision_number:
        return False
    then = revisions.get((message.meeting_id, message.about_number))
    now = revisions.get((message.meeting_id, message.meeting.revision_number))
    if message.channel not in TO_PARTNERS or then is None or now is None:
        return True
    return own(message.participant, then) != own(message.participant, now)


def by_registers(message: Message, known: Known | NobodyThere) -> Verdict | None:
    """What the registers say against it, of the citizen the meeting is about; None when nothing does."""
    if isinstance(known, NobodyThere):
        return Verdict(Why.NOT_DELIVERED, MessageState.FAILED)
    # That there is no meeting for them, and nothing of why, a partner hears also when the citizen has died.
    if message.channel in TO_PARTNERS and (not known.is_deceased or message.occasion in CALLS_OFF):
        return None
    if known.is_deceased:
        return Verdict(Why.DECEASED, MessageState.VOID)
    is_on_page_only = message.occasion in ON_THE_PAGE_ONLY or message.step == Step.PLAIN
    if not known.can_be_told and not is_on_page_only:
        return Verdict(Why.RESERVED if known.is_reserved else Why.CANNOT_BE_TOLD)
    return None


def unanswered(messages: list[Message]) -> set[UUID]:
    """Which of the participants have an open oppgave on Ditt NAV: not answered, and nothing has taken its place."""
    participants = {message.participant_id for message in messages if message.step == Step.DAYS_7}
    if not participants:
        return set()
    given = Answer.objects.filter(invitation__participant__in=participants, is_known=True)
    given = given.select_related("invitation__participant__meeting")
    holding = still_true.of_now(given)
    answered = {one.invitation.participant_id for one in given if one.pk in holding}
    there = Message.objects.filter(
        participant__in=participants,
        occasion__in=TASKS,
        state__in=[MessageState.SENT, MessageState.DELIVERED],
    ).filter(Q(retraction__isnull=True) | Q(retraction__state=Retraction.State.NOT_NEEDED))
    # Of what is on the page alone Min side reminds nobody: plain words, and all that goes to the strictly protected.
    there = there.exclude(step=Step.PLAIN).exclude(participant__person__protection__in=STRICT)
    return set(there.values_list("participant_id", flat=True)) - answered


def people_of(messages: list[Message]) -> dict[UUID, Person]:
    """By message: the person who is told, or for a partner the citizen whom the meeting is about. One query."""
    about = {message.meeting_id for message in messages if message.channel in TO_PARTNERS}
    citizens = Participant.objects.filter(meeting__in=about, role=Role.CITIZEN).select_related("person")
    by_meeting = {citizen.meeting_id: citizen.person for citizen in citizens}
    found = {}
    for message in messages:
        person = message.participant.person or by_meeting.get(message.meeting_id)
        if person is not None:
            found[message.pk] = person
    return found


def revisions_of(messages: list[Message]) -> Revisions:
    """By meeting and number: those the messages speak of, and those before, to say what changed."""
    found = Revision.objects.filter(meeting__in={message.meeting_id for message in messages})
    return {(revision.meeting_id, revision.number): revision for revision in found}
