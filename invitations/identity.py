"""How the host made sure who somebody is. Of a document only its kind is noted."""

from datetime import datetime
from uuid import UUID

from invitations import door
from invitations.models import IdentityCheck, Visit
from meetings.models import FROM_NAV, Meeting, Participant, Role
from meetings.states import WrongState, check_is_scheduled
from meetings.texts import SENTENCE
from navmeet.accounts.actor import Actor, Level
from navmeet.api.text import clean
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Invalid, NotFound

How, Document = IdentityCheck.How, IdentityCheck.Document


@change
def check_identity(
    *, participant_id: UUID, how: IdentityCheck.How | str, document: str, words: str, by: Actor, at: datetime
) -> IdentityCheck:
    """Note it, once the door is open. The last note counts; the same again is the same.

    A document's kind goes with ID_SHOWN and with nothing else, words with OTHERWISE. Raises NotFound, NotPermitted,
    WrongState, Invalid at `how`, `document` or `words`.
    """
    participant, meeting = _load(participant_id, by)
    check_is_scheduled(meeting)
    if at < meeting.starts_at - door.OPENS_BEFORE:
        raise WrongState("Du kan notere legitimasjon fra 15 minutter før møtet starter.")
    noted = _noted(how, document, words)
    last = latest(participant)
    if last is not None and (last.how, last.document, last.words or "", last.by) == (*noted, by.known_id):
        return last

    check = IdentityCheck(participant=participant, how=noted[0], document=noted[1], at=at, by=by.known_id)
    check.words = noted[2] or None
    check.save(force_insert=True)

    record("door.identity_checked", by=by, at=at, subject=check, meeting_id=meeting.pk, how=check.how)
    return check


def latest(participant: Participant) -> IdentityCheck | None:
    """The note that counts."""
    return participant.identity_checks.order_by("-at", "-id").first()


def is_demanded(meeting: Meeting, visit: Visit) -> bool:
    """The meeting asks who the citizen is, and the login has not answered it: level high needs no further check."""
    is_citizen = visit.invitation.participant.role == Role.CITIZEN
    return meeting.check_identity and is_citizen and visit.assurance != Level.HIGH


def _load(participant_id: UUID, by: Actor) -> tuple[Participant, Meeting]:
    present = Participant.objects.filter(
        pk=participant_id, removed_at=None, meeting__in=Meeting.objects.visible_to(by)
    ).exclude(role__in=FROM_NAV)
    participant = present.first()
    if participant is None:
        raise NotFound("Vi finner ikke deltakeren.", code="participant_not_found")
    meeting = Meeting.objects.select_for_update().get(pk=participant.meeting_id)
    door.check_can_keep_door(by, meeting)
    return participant, meeting


def _noted(how: str, document: str, words: str) -> tuple[str, str, str]:
    if how not in How.values:
        raise Invalid("Velg hvordan du vet hvem det er.", code="how_unknown", field="how")
    kind = document if how == How.ID_SHOWN else ""
    if how == How.ID_SHOWN and (kind not in Document.values or not kind):
        raise Invalid("Velg hva slags legitimasjon du så.", code="document_missing", field="document")
    kept = clean(words, field="words", longest=SENTENCE) if how == How.OTHERWISE else ""
    if how == How.OTHERWISE and not kept:
        raise Invalid("Skriv hvordan du forsikret deg om hvem det er.", code="words_missing", field="words")
    return how, kind, kept
