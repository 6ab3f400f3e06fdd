"""Sending again: what the citizen should have been told last of their meeting, under a new key; or it says why not."""

from datetime import datetime, timedelta
from typing import Final

from invitations import still_true
from invitations.messages import overtake, rows, wake
from invitations.messages.plan import CANNOT_BE_TOLD
from invitations.messages.rows import About, Told
from invitations.models import Answer, Invitation, Message, MessageState, Occasion
from meetings.models import Meeting, Status
from meetings.states import WrongState
from navmeet.exceptions import Conflict, NotFound
from navmeet.outbox.publish import Consequences

# Who has not seen what was shown a moment ago has not looked yet.
JUST_NOW: Final = timedelta(minutes=10)
_OF_NOW: Final = overtake.TASKS | {Occasion.ANSWERED}


def send_again(
    invitation: Invitation, meeting: Meeting, last_answer: Answer | None, *, can_be_told: bool, at: datetime
) -> Consequences:
    """Plan it, due now, in place of what is on Ditt NAV. Inside a change.

    To one who has answered: the notice with their meeting, which sends no SMS. To one who cannot be told digitally: a
    letter is asked for. Raises WrongState, Conflict, NotFound where nothing was ever to be told.
    """
    participant = invitation.participant
    if meeting.status != Status.SCHEDULED or at >= meeting.ends_at:
        raise WrongState("Møtet er avlyst eller over. Det er ingenting å sende på nytt.")
    if participant.person is not None and participant.person.deceased_known_at is not None:
        raise WrongState("Personen er registrert død. Ingenting sendes.")
    last = _last(invitation)
    if last.state in overtake.NOT_SENT:
        raise Conflict("Et varsel er allerede på vei. Vent noen minutter, og se om det kom fram.", code="on_its_way")
    if last.sent_at is not None and at - last.sent_at < JUST_NOW:
        raise Conflict("Et varsel ble sendt for mindre enn ti minutter siden. Vent litt.", code="just_sent")
    has_answered = last_answer is not None and still_true.holds(last_answer)
    occasion = Occasion.ANSWERED if has_answered else _asking(invitation)
    told = Told(meeting, participant, can_be_told, at)
    message, planned = rows.plan(told, occasion, _about(meeting), rows.until_end(meeting, at), again=True)
    if can_be_told:
        overtake.replace(meeting, message, at)
    wake.on_commit()
    return Consequences(messages=[planned], lacks=[] if can_be_told else [CANNOT_BE_TOLD])


def _last(invitation: Invitation) -> Message:
    told = Message.objects.filter(participant=invitation.participant_id, occasion__in=_OF_NOW)
    last = told.exclude(state=MessageState.VOID).order_by("-planned_at", "-pk").first()
    if last is None:
        raise NotFound("Innbyggeren har ikke fått noe varsel om møtet ennå.", code="nothing_told")
    return last


def _asking(invitation: Invitation) -> Occasion:
    """What asked for the answer that is still not there."""
    asked = Message.objects.filter(participant=invitation.participant_id, occasion__in=overtake.TASKS)
    last = asked.exclude(state=MessageState.VOID).order_by("-planned_at", "-pk").first()
    return Occasion(last.occasion) if last is not None else Occasion.INVITED


def _about(meeting: Meeting) -> About:
    revision = meeting.revisions.get(number=meeting.revision_number)
    return About(revision.pk, revision.number)
