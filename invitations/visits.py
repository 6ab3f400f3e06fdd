"""A visit: one attempt to come in. Its ways from state to state, its name, and how it is loaded for a change."""

import secrets
import unicodedata
from uuid import UUID

from django.db.models import QuerySet

from invitations.models import Invitation, Visit
from meetings.models import Meeting
from meetings.states import WrongState
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.api.text import clean
from navmeet.exceptions import Invalid, NotFound

State = Visit.State

TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.ADMITTED, State.TURNED_AWAY, State.LEFT}),
    State.ADMITTED: frozenset({State.TURNED_AWAY, State.LEFT}),
    State.TURNED_AWAY: frozenset(),
    State.LEFT: frozenset(),
}
OPEN_STATES = (State.WAITING, State.ADMITTED)

NAME = 60
# One that is seen may be made of several: a letter and its accents, an emoji and its skin.
_NAME_IN_ALL = 240
_UNSEEN = frozenset({"Mn", "Me", "Cf"})

_SENTENCES = {
    State.WAITING: "Du er ikke sluppet inn ennå.",
    State.ADMITTED: "Deltakeren er allerede sluppet inn.",
    State.TURNED_AWAY: "Deltakeren ble ikke sluppet inn.",
    State.LEFT: "Deltakeren har forlatt venterommet.",
}


def given_name(text: str) -> str:
    """The first name as it will be shown. Raises Invalid at `name`: none, too long, or not writable."""
    name = clean(text, field="name", longest=len(text))
    seen = sum(unicodedata.category(character) not in _UNSEEN for character in name)
    if not seen:
        raise Invalid("Skriv fornavnet ditt.", code="name_missing", field="name")
    if seen > NAME or len(name) > _NAME_IN_ALL:
        raise Invalid("Navnet kan ha høyst 60 tegn.", code="max_length", field="name")
    return name


def new_alias() -> str:
    """A name for the video platform that says nothing: 128 bits, in lower case."""
    return f"d-{secrets.token_hex(16)}"


def assurance_of(by: Actor) -> Level:
    """How sure it is who they are: the level of the login, a one-time code, or nothing but the link."""
    if by.kind == ActorKind.CITIZEN:
        return by.level
    return Level.CODE if by.kind == ActorKind.PARTNER else Level.NONE


def check_can_become(visit: Visit, to: State) -> None:
    """Raises WrongState unless the table allows it."""
    if to not in TRANSITIONS[State(visit.state)]:
        raise WrongState(_SENTENCES[State(visit.state)])


def own(by: Actor) -> QuerySet[Visit]:
    """The visits of those whom `by` may speak for: themselves."""
    if by.is_staff:
        return Visit.objects.none()
    return Visit.objects.filter(invitation__in=Invitation.objects.visible_to(by))


def of_meetings(by: Actor) -> QuerySet[Visit]:
    """The visits to meetings that an employee may know of."""
    if not by.is_staff:
        return Visit.objects.none()
    return Visit.objects.filter(invitation__participant__meeting__in=Meeting.objects.visible_to(by))


def lock(visit_id: UUID, among: QuerySet[Visit]) -> tuple[Visit, Meeting]:
    """The visit and its meeting, both locked: the meeting first, as all who change a meeting do. Raises NotFound."""
    meeting_id = among.filter(pk=visit_id).values_list("invitation__participant__meeting_id", flat=True).first()
    if meeting_id is None:
        raise NotFound("Vi finner ikke besøket. Prøv igjen fra lenken din.", code="visit_not_found")
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    visit = (
        Visit.objects.select_for_update(of=("self",)).select_related("invitation__participant__person").get(pk=visit_id)
    )
    visit.invitation.participant.meeting = meeting
    return visit, meeting
