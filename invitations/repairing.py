"""Repairing what did not reach somebody: sent again, to a corrected address where that was wrong, or told by phone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from invitations import advising, answers, bases, permissions
from invitations.messages import again, letters, partner_sms, rows
from invitations.messages.again import Again, SentAgain
from invitations.messages.occasions import NOT_SENT
from invitations.messages.rows import Told
from invitations.models import Because, Channel, Invitation, Message, MessageState, Why
from meetings import partners, people
from meetings.contacts import CitizenContact
from meetings.events import Changed, PartnerChanged
from meetings.models import Meeting, Participant, Task
from meetings.permissions import check_can_change
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, NotFound
from navmeet.outbox.publish import gather, publish
from navmeet.people.clearance import Clearance


@dataclass(frozen=True)
class Whom:
    """`person_id` is the citizen's whom the meeting is about, also where the invitation is a partner's."""

    meeting_id: UUID
    person_id: UUID
    is_partner: bool


@change
def send_again(
    *, invitation_id: UUID, because: Because, can_be_told: bool, by: Actor, clearance: Clearance, at: datetime
) -> SentAgain:
    """Tell a citizen or a partner the last they should know of their meeting, once more.

    `can_be_told` is the contact register's word on a citizen, of this moment. Pressed twice it is sent once. Raises
    NotFound, NotPermitted, Unavailable, Conflict with a code and a sentence for each reason why not.
    """
    invitation, meeting = _load(invitation_id, by=by, clearance=clearance, at=at)
    asked = Again(invitation, meeting, can_be_told, by.known_id, because, at)
    sent = again.send_again(asked, answers.latest(invitation))
    gather(sent.consequences())
    if not sent.is_repeat:
        record(
            "messages.sent_again",
            by=by,
            at=at,
            subject=invitation,
            meeting_id=meeting.pk,
            because=because,
            occasion=sent.message.occasion,
        )
    return sent


@change
def correct_and_send_again(
    *,
    invitation_id: UUID,
    email: str,
    phone: str,
    citizen_contact: CitizenContact,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> SentAgain:
    """A partner's address or number was wrong: what is right is kept, and they are told there; both, or neither.

    A new address gets the invitation and the reminders of the meeting; else the last they should know goes out again.
    Pressed twice it is corrected and sent once.
    Raises as `send_again`, InvalidFields at `email` and `phone`, Conflict for one who is in the meeting already.
    """
    invitation, meeting = _load(invitation_id, by=by, clearance=clearance, at=at)
    partner = invitation.participant
    _check_is_ours_to_correct(partner)
    others = partners.contacts_of(meeting, but=partner)
    is_new = people.correct_contact(partner, email=email, phone=phone, others=others, citizen=citizen_contact, at=at)
    if is_new:
        people.count(meeting)
        record("partner.contact_corrected", by=by, at=at, subject=partner, meeting_id=meeting.pk)
        what = frozenset({Changed.CONTACT})
        publish(PartnerChanged(meeting_id=meeting.pk, participant_id=partner.pk, what=what, at=at))
    asked = Again(invitation, meeting, True, by.known_id, Because.CORRECTED, at)
    sent = _invited_there(asked) if is_new else None
    if sent is None:
        sent = again.send_again(asked, None)
        gather(sent.consequences())
    return sent


@change
def called(*, message_id: UUID, by: Actor, clearance: Clearance, at: datetime) -> Task:
    """They were rung and told what a message did not tell them. Twice is once. An SMS that waits in its stead falls.

    Raises NotFound, NotPermitted, Unavailable, Conflict for a message that arrived, or holds no more.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting_of(message_id, by=by).pk)
    check_can_change(by, meeting)
    clearance.check_covers(person_id=meeting.citizen_id(), by=by, at=at)
    message = Message.objects.select_related("participant").select_for_update(of=("self",)).get(pk=message_id)
    if message.state == MessageState.DELIVERED or (message.state == MessageState.SENT and message.known_by is None):
        raise Conflict("Varselet er kommet fram. Du trenger ikke å ringe.", code="arrived")
    if message.state == MessageState.VOID:
        raise Conflict("Varselet gjelder ikke lenger. Se hva som er fortalt etter det.", code="overtaken")
    task, is_new = Task.objects.get_or_create(
        meeting=meeting,
        kind=Task.Kind.CALL,
        about=letters.about(message.pk),
        defaults={"made_at": at, "due_at": at, "done_at": at, "done_by": by.id},
    )
    if is_new or task.done_at is None:
        _settle_tasks(message, by, at)
        _void_sms(message, at)
        task.refresh_from_db()
        record("messages.called", by=by, at=at, subject=message, meeting_id=meeting.pk)
    return task


def whom(invitation_id: UUID, *, by: Actor) -> Whom:
    """Whose invitation it is, to ask the access machine and the registers about. Raises NotFound."""
    invitation = _seen(by).filter(pk=invitation_id).select_related("participant__meeting").first()
    if invitation is None:
        raise _not_there()
    meeting: Meeting = invitation.participant.meeting
    return Whom(meeting.pk, meeting.citizen_id(), invitation.participant.is_partner)


def meeting_of(message_id: UUID, *, by: Actor) -> Meeting:
    """Which meeting a message is about. Raises NotFound."""
    meeting = Meeting.objects.visible_to(by).filter(messages=message_id).first()
    if meeting is None:
        raise NotFound("Vi finner ikke varselet.", code="message_not_found")
    return meeting


def _load(invitation_id: UUID, *, by: Actor, clearance: Clearance, at: datetime) -> tuple[Invitation, Meeting]:
    """Locked: of a meeting whose citizen `by` may open now. Raises NotFound, NotPermitted, Unavailable."""
    found = _seen(by).filter(pk=invitation_id, participant__user=None).select_for_update(of=("self",))
    invitation = found.select_related("participant").first()
    if invitation is None:
        raise _not_there()
    meeting = (
        Meeting.objects.select_for_update(of=("self",)).select_related("type").get(pk=invitation.participant.meeting_id)
    )
    # Read behind the locks: who pressed a moment before may have corrected it.
    people_of = Participant.objects.select_related("person", "contact")
    invitation.participant = people_of.get(pk=invitation.participant_id)
    invitation.participant.meeting = meeting
    permissions.check_can_record(by, meeting)
    clearance.check_covers(person_id=meeting.citizen_id(), by=by, at=at)
    return invitation, meeting


def _seen(by: Actor) -> QuerySet[Invitation]:
    return advising.invitations(by) if by.kind == ActorKind.ADVISER else Invitation.objects.visible_to(by)


def _not_there() -> NotFound:
    return NotFound("Vi finner ikke invitasjonen.", code="invitation_not_found")


def _check_is_ours_to_correct(participant: Participant) -> None:
    """Raises Conflict where the address is not kept here, or is not used any more."""
    if not participant.is_partner:
        raise Conflict(
            "Innbyggeren retter selv e-post og mobilnummer i kontakt- og reservasjonsregisteret.", code="not_ours"
        )
    if bases.contact_of(participant) is None:
        raise Conflict("Adressen til deltakeren er slettet. Det er ikke noe sted å sende varselet.", code="no_address")
    if participant.removed_at is not None:
        raise Conflict("Deltakeren er tatt ut av møtet. Ring i stedet.", code="removed")


def _invited_there(asked: Again) -> SentAgain | None:
    """What the correction itself has planned for them, now."""
    planned = Message.objects.filter(
        participant=asked.participant, state=MessageState.PLANNED, planned_at=asked.at, due_at__lte=asked.at
    )
    message = planned.order_by("-pk").first()
    if message is None:
        return None
    message.again_by, message.again_because = asked.by, asked.because
    message.save(update_fields=["again_by", "again_because"])
    return SentAgain(message, rows.as_planned(message, Told(asked.meeting, asked.participant, True, asked.at)))


def _settle_tasks(message: Message, by: Actor, at: datetime) -> None:
    """Whatever asked somebody to ring or get in touch about this message, or one before it, is done."""
    tasks = Task.objects.filter(meeting=message.meeting_id, done_at=None)
    before = Message.objects.filter(participant=message.participant_id, due_at__lte=message.due_at)
    about = [letters.about(pk) for pk in before.values_list("pk", flat=True)]
    tasks.filter(about__in=about).update(done_at=at, done_by=by.id)
    if not message.participant.is_partner:
        cause = f"{message.occasion}:{message.about_number}"
        calls = tasks.filter(Q(about=cause) | Q(about__startswith=f"{cause}:"), kind=Task.Kind.CALL)
        calls.update(done_at=at, done_by=by.id)


def _void_sms(message: Message, at: datetime) -> None:
    """What was to follow an e-mail to a partner, this one or one before it, is told."""
    waiting = Message.objects.filter(participant=message.participant_id, channel=Channel.SMS, state__in=NOT_SENT)
    for sms in waiting:
        email = partner_sms.first(sms)
        if email.due_at <= message.due_at:
            partner_sms.not_needed(email, Why.RUNG, at)
