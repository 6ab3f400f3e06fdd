"""A wish for another time or another format: open until it is met, answered with a sentence, or withdrawn.

It is an answer like any other, and moves nothing: until it is settled the meeting stands.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from invitations import permissions
from invitations.answers import ASKS, about, check_open, latest, load_for_change
from invitations.messages import plan_wishes
from invitations.messages.own import own
from invitations.messages.standing import WISHES as WISHES
from invitations.models import Answer, Invitation, Reply
from meetings.changes import load_for_change as load_meeting
from meetings.events import Aspect, Changed, MeetingReinstated, MeetingRevised, PartnerChanged
from meetings.models import Meeting, Revision, Status, Task
from meetings.states import WrongState
from meetings.texts import SENTENCE
from navmeet.accounts.actor import Actor
from navmeet.api.text import clean
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid, NotFound
from navmeet.outbox.publish import Consequences, gather
from navmeet.people.clearance import Clearance

TASKS: Final = (Task.Kind.OTHER_TIME, Task.Kind.OTHER_FORMAT)
# What of the meeting meets which wish.
_MET: Final = {
    Aspect.TIME: (Answer.Kind.OTHER_TIME, Reply.Kind.MOVED),
    Aspect.FORMAT: (Answer.Kind.OTHER_FORMAT, Reply.Kind.FORMAT_CHANGED),
}


def open_wish(invitation: Invitation, meeting: Meeting, at: datetime) -> Answer | None:
    """What they have asked for and not heard about, while the meeting is to come. Two queries."""
    if meeting.status != Status.SCHEDULED or at >= meeting.starts_at:
        return None
    last = latest(invitation)
    is_open = last is not None and last.kind in WISHES and reply_to(last) is None
    return last if is_open else None


def reply_to(answer: Answer) -> Reply | None:
    """What became of it; None while it is open."""
    return Reply.objects.filter(answer=answer).first()


def open_in(meeting: Meeting, at: datetime) -> list[Answer]:
    """The open wishes of all who take part, the oldest first."""
    found = [open_wish(one, meeting, at) for one in _invitations(meeting.pk)]
    return sorted((one for one in found if one is not None), key=lambda one: one.given_at)


@change
def withdraw(*, invitation_id: UUID, by: Actor, at: datetime) -> Answer:
    """Take one's wish back: what one answered before it counts again. Raises NotFound, NotPermitted, WrongState.

    Withdrawing what is withdrawn is withdrawing once.
    """
    invitation, meeting = load_for_change(invitation_id, by=by)
    permissions.check_can_answer(by, invitation)
    check_open(meeting, at)
    wish = open_wish(invitation, meeting, at)
    if wish is None:
        raise WrongState("Du har ikke bedt om noe som ikke er besvart.", code="no_open_wish")

    _reply(wish, Reply.Kind.WITHDRAWN, "", by, at)
    _settle_task(invitation, by, at)

    record("wish.withdrawn", by=by, at=at, subject=wish, meeting_id=meeting.pk, answer=wish.kind)
    return wish


@change
def stands(
    *, answer_id: UUID, sentence: str, can_be_told: bool, by: Actor, clearance: Clearance, at: datetime
) -> Reply:
    """Answer that the meeting stands, with why, to the one who asked and to nobody else.

    Raises NotFound, NotPermitted, Unavailable, WrongState, Invalid at `sentence`, Conflict for a wish that is settled.
    """
    wish, meeting = load_wish(answer_id, by=by, clearance=clearance, at=at)
    check_open(meeting, at)
    kept = clean(sentence, field="sentence", longest=SENTENCE, lines=True)
    if not kept:
        raise Invalid("Skriv hvorfor møtet gjelder som det er.", code="sentence_missing", field="sentence")
    if open_wish(wish.invitation, meeting, at) != wish:
        raise Conflict("Ønsket er allerede besvart, trukket eller erstattet av et nytt svar.", code="wish_settled")

    given = _reply(wish, Reply.Kind.STANDS, kept, by, at)
    _settle_task(wish.invitation, by, at)

    record("wish.answered", by=by, at=at, subject=given, meeting_id=meeting.pk, answer=wish.kind)
    gather(plan_wishes.plan_settled(wish.invitation, given, can_be_told=can_be_told, at=at))
    return given


def load_wish(answer_id: UUID, *, by: Actor, clearance: Clearance, at: datetime) -> tuple[Answer, Meeting]:
    """The wish and its meeting, locked, for who may change that. Raises NotFound, NotPermitted, Unavailable."""
    wish = find(answer_id, by=by)
    meeting_id = wish.invitation.participant.meeting_id
    meeting = load_meeting(meeting_id, version=None, by=by, clearance=clearance, at=at)
    return wish, meeting


def find(answer_id: UUID, *, by: Actor) -> Answer:
    """A wish whose giver was known, in a meeting that `by` may know of. Raises NotFound."""
    asked = Answer.objects.filter(pk=answer_id, is_known=True, kind__in=WISHES)
    asked = asked.filter(invitation__participant__meeting__in=Meeting.objects.visible_to(by))
    wish = asked.select_related("invitation__participant__person").first()
    if wish is None:
        raise NotFound("Vi finner ikke ønsket.", code="wish_not_found")
    return wish


def on_revised(event: MeetingRevised) -> Consequences:
    """Who asked for what has been done is answered with it: the change itself is what they are told.

    Where the meeting is put back to how it was when they asked, they ask for it still.
    """
    met = dict(_MET[aspect] for aspect in event.what if aspect in _MET)
    for invitation in _invitations(event.meeting_id) if met else ():
        wish = latest(invitation)
        if wish is None or wish.kind not in met:
            continue
        reply = reply_to(wish)
        if reply is None:
            _reply(wish, met[Answer.Kind(wish.kind)], "", None, event.at)
        elif reply.kind in met.values() and _is_put_back(wish, event.number):
            _ask_anew(wish, event.number, event.at)
    return Consequences()


def on_reinstated(event: MeetingReinstated) -> Consequences:
    """Who had asked and not heard when it was cancelled waits again: somebody has it to do."""
    for wish in open_in(Meeting.objects.get(pk=event.meeting_id), event.at):
        _is_to_do_again(wish)
    return Consequences()


def on_partner_changed(event: PartnerChanged) -> Consequences:
    """A partner who asked for another way in and has got one is answered with it."""
    invitation = _invitations(event.meeting_id).filter(participant=event.participant_id).first()
    wish = latest(invitation) if invitation is not None and Changed.WAY_IN in event.what else None
    if wish is not None and wish.kind == Answer.Kind.OTHER_FORMAT and reply_to(wish) is None:
        _reply(wish, Reply.Kind.FORMAT_CHANGED, "", None, event.at)
        _settle_task(wish.invitation, None, event.at)
    return Consequences()


def _invitations(meeting_id: UUID) -> QuerySet[Invitation]:
    present = Invitation.objects.filter(participant__meeting=meeting_id, participant__removed_at=None, closed_at=None)
    return present.select_related("participant")


def _reply(wish: Answer, kind: Reply.Kind, sentence: str, by: Actor | None, at: datetime) -> Reply:
    reply = Reply(answer=wish, kind=kind, at=at, by=by.id if by else None)
    reply.sentence = sentence or None
    reply.save(force_insert=True)
    return reply


def _is_put_back(wish: Answer, number: int) -> bool:
    """Is what they asked to have changed as it was again, for them?"""
    participant = wish.invitation.participant
    numbers = {wish.revision_number, number}
    revisions = Revision.objects.filter(meeting=participant.meeting_id, number__in=numbers)
    own_then_and_now = [own(participant, revision) for revision in revisions]
    if wish.kind == Answer.Kind.OTHER_FORMAT:
        return len({one.held for one in own_then_and_now}) == 1
    return len({(one.starts_at, one.ends_at) for one in own_then_and_now}) == 1


def _ask_anew(wish: Answer, number: int, at: datetime) -> None:
    """The same wish in the same words, to the meeting as it is now; somebody has it to do again."""
    invitation = wish.invitation
    Answer.objects.create(
        invitation=invitation,
        revision_number=number,
        kind=wish.kind,
        words=wish.words,
        suggests=wish.suggests,
        wants=wish.wants,
        is_known=True,
        given=wish.given,
        given_office=wish.given_office,
        given_at=at,
        given_by=wish.given_by,
    )
    _is_to_do_again(wish)


def _is_to_do_again(wish: Answer) -> None:
    invitation = wish.invitation
    theirs = Task.objects.filter(meeting=invitation.participant.meeting_id, about=about(invitation))
    theirs.filter(kind=ASKS[Answer.Kind(wish.kind)]).update(done_at=None, done_by=None)


def _settle_task(invitation: Invitation, by: Actor | None, at: datetime) -> None:
    theirs = Task.objects.filter(meeting=invitation.participant.meeting_id, about=about(invitation))
    theirs.filter(kind__in=TASKS, done_at=None).update(done_at=at, done_by=by.id if by else None)
