"""A task is ticked off by whoever did it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from meetings import permissions
from meetings.models import Meeting, Status, Task
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, NotFound


def settle(meeting: Meeting, kinds: Iterable[str], *, by: Actor, at: datetime) -> None:
    """What the change has answered is nobody's task any more. Inside a change."""
    Task.objects.filter(meeting=meeting, kind__in=list(kinds), done_at=None).update(done_at=at, done_by=by.id)


def late_wishes(by: Actor, *, at: datetime) -> QuerySet[Task]:
    """The office's list: what somebody was promised an answer to, and has not got. Everybody's, not the host's alone.

    A wish enters by its due time having passed, with no sweep in between.
    """
    asked_for = Q(about__startswith=Task.BY_SOMEBODY_KNOWN[0]) | Q(about__startswith=Task.BY_SOMEBODY_KNOWN[1])
    ours = Meeting.objects.visible_to(by).filter(office_id=by.known_office, status=Status.SCHEDULED, starts_at__gt=at)
    return Task.objects.filter(asked_for, kind__in=Task.WISHES, done_at=None, due_at__lt=at, meeting__in=ours)


@change
def finish(*, task_id: UUID, by: Actor, at: datetime) -> Task:
    """Done. Doing it twice is doing it once.

    Raises NotFound, NotPermitted, Conflict for a wish that is open: who asked is to have an answer.
    """
    task = (
        Task.objects.filter(pk=task_id, meeting__in=Meeting.objects.visible_to(by))
        .select_related("meeting")
        .select_for_update(of=("self",))
        .first()
    )
    if task is None:
        raise NotFound("Vi finner ikke oppgaven.", code="task_not_found")
    permissions.check_can_change(by, task.meeting)
    if task.done_at is None and task.is_a_wish and at < task.meeting.starts_at:
        raise Conflict("Noen venter på svar. Åpne møtet, og svar på ønsket der.", code="wish_is_open")
    if task.done_at is None:
        task.done_at, task.done_by = at, by.id
        task.save(update_fields=["done_at", "done_by"])
        record("task.done", by=by, at=at, subject=task, meeting_id=task.meeting_id, kind=task.kind)
    return task
