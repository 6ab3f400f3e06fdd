"""What a citizen said by phone, at the counter or in a letter, kept by the employee who heard it.

It counts as the citizen's own. They see what was kept, by whom, how and when, and their next word takes its place.
Releases: releases.py.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from invitations import advising, answers, consents, permissions
from invitations.answers import Said
from invitations.messages import plan
from invitations.models import Answer, Consent, Given, Invitation
from meetings.models import Meeting, Participant, Role
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Invalid, NotFound
from navmeet.outbox.publish import gather
from navmeet.people.clearance import Clearance

HOW: Final = frozenset({Given.PHONE, Given.COUNTER, Given.LETTER})


@change
def record_answer(
    *, invitation_id: UUID, said: Said, how: Given, by: Actor, clearance: Clearance, at: datetime
) -> Answer:
    """The citizen's answer, with what they would rather. `said.revision_number` is what they were told of.

    Raises NotFound, NotPermitted, Unavailable, WrongState, Stale, Invalid.
    """
    invitation, meeting = _load(invitation_id, by=by, clearance=clearance, at=at)
    given = answers.keep(invitation, meeting, said, _heard(how, by), by=by, at=at)
    record("invitation.answer_recorded", by=by, at=at, subject=given, meeting_id=meeting.pk, answer=given.kind, how=how)
    gather(plan.plan_answered(invitation, at))
    return given


@change
def record_choice(
    *, invitation_id: UUID, said_yes: bool, how: Given, by: Actor, clearance: Clearance, at: datetime
) -> Consent:
    """The citizen's yes or no to video, to the question in their language.

    Raises NotFound, NotPermitted, Unavailable, WrongState, Invalid.
    """
    invitation, meeting = _load(invitation_id, by=by, clearance=clearance, at=at)
    heard = _heard(how, by)
    kept = consents.keep(
        invitation, meeting, said_yes=said_yes, language=invitation.participant.language, how=heard, by=by, at=at
    )
    record("choice.video_recorded", by=by, at=at, subject=kept, meeting_id=meeting.pk, said_yes=said_yes, how=how)
    return kept


def person_of(invitation_id: UUID, *, by: Actor) -> UUID:
    """Whose invitation it is, to ask the access machine about. Raises NotFound."""
    invitation = (
        _seen(by).filter(pk=invitation_id, participant__role=Role.CITIZEN).select_related("participant").first()
    )
    if invitation is None or invitation.participant.person_id is None:
        raise NotFound("Vi finner ikke invitasjonen.", code="invitation_not_found")
    found: UUID = invitation.participant.person_id
    return found


def _load(invitation_id: UUID, *, by: Actor, clearance: Clearance, at: datetime) -> tuple[Invitation, Meeting]:
    """Locked: the meeting of a citizen whom `by` may open now. Raises NotFound, NotPermitted, Unavailable."""
    invitation = _known(invitation_id, by)
    participant = invitation.participant if invitation else None
    if invitation is None or participant is None or participant.person_id is None:
        raise NotFound("Vi finner ikke invitasjonen.", code="invitation_not_found")
    meeting = Meeting.objects.select_for_update().get(pk=participant.meeting_id)
    permissions.check_can_record(by, meeting)
    clearance.check_covers(person_id=participant.person_id, by=by, at=at)
    return invitation, meeting


def _known(invitation_id: UUID, by: Actor) -> Invitation | None:
    present = Participant.objects.filter(role=Role.CITIZEN, removed_at=None)
    found = _seen(by).filter(pk=invitation_id, participant__in=present).select_for_update(of=("self",))
    return found.select_related("participant__person").first()


def _seen(by: Actor) -> QuerySet[Invitation]:
    return advising.invitations(by) if by.kind == ActorKind.ADVISER else Invitation.objects.visible_to(by)


def _heard(how: str, by: Actor) -> dict[str, str]:
    if how not in HOW:
        raise Invalid("Velg hvordan innbyggeren sa det.", code="how_missing", field="how")
    return {"given": Given(how), "given_office": by.known_office}
