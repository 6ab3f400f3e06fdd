"""What a participant says to an invitation: changeable until the start, the last one counts, and it moves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from invitations import permissions, suggesting
from invitations.messages import ladder, plan
from invitations.messages.own import own
from invitations.models import Answer, Invitation, Reply
from invitations.promised import due_by
from invitations.suggesting import Wish
from meetings.models import Meeting, Task
from meetings.states import WrongState, check_is_scheduled
from meetings.texts import SENTENCE
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.api.text import clean
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Invalid, NotFound, NotPermitted, Stale
from navmeet.outbox.publish import gather

# An answer other than "I am coming" asks somebody at Nav to do something about it.
ASKS = {
    Answer.Kind.NOT_COMING: Task.Kind.CANNOT_COME,
    Answer.Kind.OTHER_TIME: Task.Kind.OTHER_TIME,
    Answer.Kind.OTHER_FORMAT: Task.Kind.OTHER_FORMAT,
}
NOTHING: Final = Wish()
ANSWERED_MEANWHILE: Final = (
    "Du har svart på invitasjonen siden du åpnet denne siden. Send på nytt hvis dette skal gjelde i stedet."
)


@dataclass(frozen=True)
class Said:
    """An answer as it was given: to which revision, what, in which words, and what they would rather.

    `after`: the answer that was read before it, by its id; "" for none, None where that is not known.
    """

    revision_number: int
    kind: str
    words: str = field(default="", repr=False)
    wish: Wish = NOTHING
    after: str | None = None


def load_for_change(invitation_id: UUID, *, by: Actor) -> tuple[Invitation, Meeting]:
    """The invitation and its meeting, both locked, if `by` may know of them. Raises NotFound."""
    invitation = (
        Invitation.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("participant")
        .filter(pk=invitation_id)
        .first()
    )
    if invitation is None:
        raise NotFound("Vi finner ikke invitasjonen.", code="invitation_not_found")
    # The meeting's row is what moves and cancellations lock: an answer is given before or after one, never during.
    meeting = Meeting.objects.select_for_update().get(pk=invitation.participant.meeting_id)
    return invitation, meeting


def check_open(meeting: Meeting, at: datetime) -> None:
    """Raises WrongState once the meeting has started or will not be held."""
    check_is_scheduled(meeting)
    if at >= meeting.starts_at:
        raise WrongState("Møtet har startet. Ring oss på 55 55 33 33 hvis du ikke kan komme.")


@change
def answer(
    *,
    invitation_id: UUID,
    revision_number: int,
    kind: Answer.Kind,
    words: str,
    by: Actor,
    at: datetime,
    wish: Wish = NOTHING,
    after: str | None = None,
) -> Answer:
    """Answer as oneself. `revision_number` is the one that was read; `wish` what one would rather; `after` as in Said.

    Raises NotFound, NotPermitted, WrongState, Invalid, and Stale when the meeting was moved, or answered, after it
    was read.
    """
    invitation, meeting = load_for_change(invitation_id, by=by)
    permissions.check_can_answer(by, invitation)
    given = keep(invitation, meeting, Said(revision_number, kind, words, wish, after), {}, by=by, at=at)

    record("invitation.answered", by=by, at=at, subject=invitation, meeting_id=meeting.pk, answer=given.kind)
    gather(plan.plan_answered(invitation, at))
    return given


def keep(
    invitation: Invitation, meeting: Meeting, said: Said, how: Mapping[str, str], *, by: Actor, at: datetime
) -> Answer:
    """The answer, and the tasks it makes or takes back; `how` is empty for one's own on a page. Inside a change.

    Raises WrongState, Stale, Invalid.
    """
    check_open(meeting, at)
    if said.revision_number != meeting.revision_number:
        raise Stale("Møtet er endret siden du åpnet siden. Les hva som gjelder nå, og svar på nytt.")
    if said.after is not None and said.after != id_of(latest(invitation)):
        raise Stale(ANSWERED_MEANWHILE, code="answered_meanwhile")
    kind = _kind(said.kind)
    kept = clean(said.words, field="words", longest=SENTENCE, lines=True)
    given = Answer.objects.create(
        invitation=invitation,
        revision_number=said.revision_number,
        kind=kind,
        words=kept or None,
        is_known=True,
        given_at=at,
        given_by=by.id,
        **suggesting.checked(said.wish, kind, meeting, held=own(invitation.participant, meeting).held, at=at),
        **how,
    )
    _settle_tasks(invitation, meeting, given, by, at)
    ladder.heard(invitation.participant_id, at)
    return given


@change
def ask_unknown(*, invitation_id: UUID, kind: Answer.Kind, by: Actor, at: datetime) -> Task:
    """Keep what the holder of a bare link asks for, as from somebody not known: the host is told, nothing else happens.

    Asking twice is asking once. Raises NotFound, NotPermitted, WrongState, Invalid.
    """
    invitation, meeting = load_for_change(invitation_id, by=by)
    if by.kind != ActorKind.LINK:
        raise NotPermitted("Logg inn for å svare.", code="may_not_answer")
    check_open(meeting, at)
    if kind not in ASKS:
        raise Invalid("Velg hva du vil be om.", code="answer_unknown", field="kind")
    task, is_new = Task.objects.get_or_create(
        meeting=meeting,
        kind=ASKS[Answer.Kind(kind)],
        about=_about("link", "partner-link", invitation),
        defaults={"made_at": at, "due_at": due_by(meeting, at)},
    )
    if is_new:
        Answer.objects.create(
            invitation=invitation,
            revision_number=meeting.revision_number,
            kind=kind,
            is_known=False,
            given_at=at,
        )

    record("invitation.asked_without_login", by=by, at=at, subject=invitation, meeting_id=meeting.pk, answer=kind)
    return task


def _kind(kind: str) -> Answer.Kind:
    if kind not in Answer.Kind.values:
        raise Invalid("Velg et svar.", code="answer_unknown", field="kind")
    return Answer.Kind(kind)


def _settle_tasks(invitation: Invitation, meeting: Meeting, given: Answer, by: Actor, at: datetime) -> None:
    asked = ASKS.get(Answer.Kind(given.kind))
    cause = about(invitation)
    open_ones = Task.objects.filter(meeting=meeting, about=cause, done_at=None)
    open_ones.exclude(kind=asked or "").update(done_at=at, done_by=by.id)
    if asked is not None:
        Task.objects.update_or_create(
            meeting=meeting,
            kind=asked,
            about=cause,
            defaults={"done_at": None, "done_by": None, "made_at": at, "due_at": due_by(meeting, at)},
        )


def about(invitation: Invitation) -> str:
    """What a task that an answer caused is about. A partner's is not put into the citizen's mouth."""
    return _about("answer", "partner-answer", invitation)


def _about(citizens: str, partners: str, invitation: Invitation) -> str:
    """A partner's says by their role whose it is."""
    participant = invitation.participant
    whose = f"{partners}:{participant.role}" if participant.is_partner else citizens
    return f"{whose}:{invitation.pk.hex}"


def latest(invitation: Invitation) -> Answer | None:
    """The answer that counts: the participant's last one that was not withdrawn."""
    known = invitation.answers.filter(is_known=True).exclude(reply__kind=Reply.Kind.WITHDRAWN)
    return known.order_by("-id").first()


def id_of(answer: Answer | None) -> str:
    """As `after` names it."""
    return str(answer.pk) if answer is not None else ""
