"""A citizen who is noted as not having met is asked what happened, and their account stands beside the note.

What was noted, and what they say, goes to no other system.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from invitations import permissions
from invitations.answers import load_for_change
from invitations.messages import no_longer, overtake, plan, quiet
from invitations.models import Account, Invitation, Occasion
from meetings.events import OutcomeSet
from meetings.models import Outcome, Participant, ParticipantOutcome, Role, Task
from meetings.states import WrongState
from navmeet.accounts.actor import Actor
from navmeet.api.text import clean
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Invalid
from navmeet.outbox.publish import Consequences

LONGEST: Final = 1000


@change
def give_account(*, invitation_id: UUID, words: str, by: Actor, at: datetime) -> Account:
    """Say what happened. The last one counts, the earlier are kept; the same words again are the same account.

    Raises NotFound, NotPermitted, WrongState for who is not noted as not having met, Invalid at `words`.
    """
    invitation, meeting = load_for_change(invitation_id, by=by)
    permissions.check_can_choose(by, invitation)
    if not is_asked(invitation):
        raise WrongState("Det er ikke notert at du ikke møtte.")
    kept = clean(words, field="words", longest=LONGEST, lines=True)
    if not kept:
        raise Invalid("Skriv hva som skjedde.", code="words_missing", field="words")
    before = latest(invitation)
    if before is not None and before.words == kept:
        return before

    account = Account(invitation=invitation, given_at=at, given_by=by.known_id)
    account.words = kept
    account.save(force_insert=True)
    Task.objects.update_or_create(
        meeting=meeting,
        kind=Task.Kind.READ_ACCOUNT,
        about=_about(invitation),
        defaults={"done_at": None, "done_by": None, "made_at": at, "due_at": quiet.next_working_day(at)},
    )

    record("invitation.account_given", by=by, at=at, subject=account, meeting_id=meeting.pk)
    return account


def on_outcome_set(event: OutcomeSet) -> Consequences:
    """Who is noted as not having met is asked; where the note is corrected, they are not asked any more."""
    citizen = Participant.objects.select_related("person").get(pk=event.participant_id)
    invitation = Invitation.objects.filter(participant=citizen).first()
    if citizen.role != Role.CITIZEN or invitation is None:
        return Consequences()
    if event.outcome == Outcome.DID_NOT_MEET:
        return plan.plan_what_happened(event.meeting_id, event.at)
    if event.before != Outcome.DID_NOT_MEET:
        return Consequences()
    tasks = Task.objects.filter(meeting=event.meeting_id, kind=Task.Kind.READ_ACCOUNT, about=_about(invitation))
    tasks.filter(done_at=None).update(done_at=event.at)
    # Nobody posts the question either.
    no_longer.end_about(event.meeting_id, {Occasion.WHAT_HAPPENED}, event.at)
    return Consequences(voided=overtake.void_question(citizen, event.at))


def is_asked(invitation: Invitation) -> bool:
    """It stands that they did not meet. One query."""
    return ParticipantOutcome.objects.filter(
        participant=invitation.participant_id, participant__role=Role.CITIZEN, outcome=Outcome.DID_NOT_MEET
    ).exists()


def accounts_of(invitation: Invitation) -> list[Account]:
    """The newest first."""
    return list(invitation.accounts.order_by("-id"))


def latest(invitation: Invitation) -> Account | None:
    """The one that counts."""
    return invitation.accounts.order_by("-id").first()


def _about(invitation: Invitation) -> str:
    return f"account:{invitation.pk.hex}"
