"""The lobby, from the side of those who come: they say their name, wait, say what is wrong, go again."""

from datetime import datetime, timedelta
from uuid import UUID

from invitations import door, visits
from invitations.models import Invitation, Visit
from meetings.models import Meeting, Task
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid, NotFound
from navmeet.protect.columns import new_id

State = Visit.State
# Waiting pages ask each two seconds; without JavaScript each ten.
SEEN_STEP = timedelta(seconds=4)
AWAY_AFTER = timedelta(seconds=30)
GONE_AFTER = timedelta(minutes=10)
# Of one link. More is somebody playing, and would hide those who wait.
MOST_WAITING = 10


@change
def arrive(*, invitation_id: UUID, name: str, by: Actor, at: datetime, visit_id: UUID | None = None) -> Visit:
    """Come to the lobby and wait. `visit_id` is the one this browser has already: while it is open it is that visit.

    Another browser with the same link is another visit, and is seen as such. Raises NotFound, DoorClosed, Invalid at
    `name`, Conflict when too many wait with this link.
    """
    invitation, meeting = _load(invitation_id, by)
    door.check_open(invitation, at)
    given = visits.given_name(name)
    before = _open_visit(invitation, visit_id)
    if before is not None:
        _again(before, given, at)
        return before
    _tidy(invitation, at)

    visit = Visit(
        id=new_id(),
        invitation=invitation,
        assurance=visits.assurance_of(by),
        alias=visits.new_alias(),
        arrived_at=at,
        seen_at=at,
    )
    visit.name = given
    visit.save(force_insert=True)

    record("door.arrived", by=by, at=at, subject=visit, meeting_id=meeting.pk, assurance=visit.assurance)
    return visit


@change
def want(*, visit_id: UUID, wants: Visit.Wants, by: Actor, at: datetime) -> Task:
    """Say that one cannot get in, or would rather be called. Those who keep the door see it at once.

    Saying it twice is saying it once. Raises NotFound, DoorClosed, WrongState, Invalid.
    """
    visit, meeting = visits.lock(visit_id, visits.own(by))
    door.check_open(visit.invitation, at)
    if visit.state not in visits.OPEN_STATES:
        visits.check_can_become(visit, State.LEFT)
    if wants not in {Visit.Wants.CANNOT_GET_IN, Visit.Wants.CALL_INSTEAD}:
        raise Invalid("Velg hva du trenger.", code="wants_unknown", field="wants")
    task, _ = Task.objects.get_or_create(
        meeting=meeting,
        kind=Task.Kind.CALL_INSTEAD,
        about=f"visit:{visit.pk.hex}",
        defaults={"made_at": at, "due_at": at},
    )
    if visit.wants == wants:
        return task
    visit.wants, visit.wants_at = wants, at
    visit.save(update_fields=["wants", "wants_at"])

    record("door.asked_for_help", by=by, at=at, subject=visit, meeting_id=meeting.pk, wants=wants)
    return task


@change
def leave(*, visit_id: UUID, by: Actor, at: datetime) -> Visit:
    """Go from the lobby. Going twice is going once. Raises NotFound, WrongState."""
    visit, meeting = visits.lock(visit_id, visits.own(by))
    if visit.state == State.LEFT:
        return visit
    visits.check_can_become(visit, State.LEFT)
    visit.state, visit.left_at = State.LEFT, at
    visit.save(update_fields=["state", "left_at"])

    record("door.left", by=by, at=at, subject=visit, meeting_id=meeting.pk)
    return visit


def seen(visit: Visit, at: datetime) -> None:
    """The waiting page is open. One statement, and only where the last one is some seconds old."""
    if visit.state in visits.OPEN_STATES and at - visit.seen_at >= SEEN_STEP:
        Visit.objects.filter(pk=visit.pk, seen_at__lt=at).update(seen_at=at)


def _load(invitation_id: UUID, by: Actor) -> tuple[Invitation, Meeting]:
    if by.is_staff:
        raise NotFound("Lenken virker ikke.", code="link_unknown")
    found = Invitation.objects.visible_to(by).select_related("participant").filter(pk=invitation_id).first()
    if found is None:
        raise NotFound("Lenken virker ikke.", code="link_unknown")
    meeting = Meeting.objects.select_for_update().get(pk=found.participant.meeting_id)
    # Again, now that nothing can change it: access may have been closed while we waited for the lock.
    invitation = Invitation.objects.select_related("participant").get(pk=found.pk)
    invitation.participant.meeting = meeting
    return invitation, meeting


def _open_visit(invitation: Invitation, visit_id: UUID | None) -> Visit | None:
    if visit_id is None:
        return None
    return invitation.visits.filter(pk=visit_id, state__in=visits.OPEN_STATES).first()


def _again(visit: Visit, name: str, at: datetime) -> None:
    """Until they are let in they may mend what they wrote; after that the host knows them by it."""
    visit.seen_at = at
    if visit.state == State.WAITING:
        visit.name = name
    visit.save(update_fields=["seen_at", "name"])


def _tidy(invitation: Invitation, at: datetime) -> None:
    """Those with this link who went without a word have left. Raises Conflict when too many are still there."""
    waiting = invitation.visits.filter(state=State.WAITING)
    waiting.filter(seen_at__lt=at - GONE_AFTER).update(state=State.LEFT, left_at=at)
    if waiting.count() >= MOST_WAITING:
        raise Conflict(
            "Mange venter allerede med denne lenken. Ring oss på 55 55 33 33 hvis du ikke kommer inn.",
            code="lobby_full",
        )
