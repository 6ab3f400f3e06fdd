"""May you do this with minutes? Pure functions, in pairs: `can_` for the button, `check_can_` for the verb."""

from meetings import permissions
from meetings.models import Meeting
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.exceptions import NotPermitted


def can_open(by: Actor, meeting: Meeting) -> bool:
    """Who may change the meeting may read what was shared of it."""
    return permissions.can_change(by, meeting)


def check_can_open(by: Actor, meeting: Meeting) -> None:
    """Raises NotPermitted."""
    if not can_open(by, meeting):
        raise NotPermitted(
            "Bare veiledere ved enheten som eier møtet, kan åpne referatet.", code="may_not_open_minutes"
        )


def can_write(by: Actor, meeting: Meeting) -> bool:
    """Those from Nav who are in the meeting write, open and share its draft; nobody else reaches one. One query."""
    return can_open(by, meeting) and permissions.takes_part(by, meeting)


def check_can_write(by: Actor, meeting: Meeting) -> None:
    """Raises NotPermitted."""
    if not can_write(by, meeting):
        raise NotPermitted(
            "Referatet er ikke delt ennå. Bare de fra Nav som er med i møtet, kan åpne og skrive utkastet.",
            code="may_not_write_minutes",
        )


def can_read_shared(by: Actor) -> bool:
    """A citizen who has proven at level high who they are. What meetings are theirs, the queryset says."""
    return by.kind == ActorKind.CITIZEN and by.level == Level.HIGH


def check_can_read_shared(by: Actor) -> None:
    """Raises NotPermitted."""
    if not can_read_shared(by):
        raise NotPermitted(
            "Du må logge inn med høyt sikkerhetsnivå, for eksempel BankID, for å lese referatet.",
            code="level_too_low",
        )
