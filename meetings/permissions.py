"""May you do this? Pure functions of an actor and a meeting: `can_` for the button, `check_can_` for the verb."""

from meetings.models import FROM_NAV, Meeting
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.exceptions import NotPermitted


def can_book(by: Actor) -> bool:
    """Caseworkers book, in their own office."""
    return by.kind == ActorKind.CASEWORKER and by.office is not None


def check_can_book(by: Actor) -> None:
    """Raises NotPermitted."""
    if not can_book(by):
        raise NotPermitted("Du kan ikke bestille møter.", code="may_not_book")


def can_change(by: Actor, meeting: Meeting) -> bool:
    """The host, and caseworkers of the meeting's office."""
    return by.kind == ActorKind.CASEWORKER and (meeting.host_id == by.id or meeting.office_id == by.office)


def check_can_change(by: Actor, meeting: Meeting) -> None:
    """Raises NotPermitted."""
    if not can_change(by, meeting):
        raise NotPermitted("Bare veiledere ved enheten som eier møtet, kan endre det.", code="may_not_change")


def is_host(by: Actor, meeting: Meeting) -> bool:
    """The caseworker who leads the meeting."""
    return by.kind == ActorKind.CASEWORKER and meeting.host_id == by.id


def takes_part(by: Actor, meeting: Meeting) -> bool:
    """The host and colleagues on the meeting's list, whatever others may otherwise see. One query."""
    return (
        by.kind == ActorKind.CASEWORKER
        and meeting.participants.filter(user_id=by.known_id, role__in=FROM_NAV, removed_at=None).exists()
    )


def check_is_host(by: Actor, meeting: Meeting) -> None:
    """Raises NotPermitted."""
    if not is_host(by, meeting):
        raise NotPermitted("Bare veilederen som leder møtet, kan gjøre dette.", code="not_host")
