"""A task is ticked off by whoever did it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from meetings import permissions
from meetings.models import Meeting, Task
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import NotFound


def settle(meeting: Meeting, kinds: Iterable[str], *, by: Actor, at: datetime) -> None:
    """What the change has answered is nobody's task any more. Inside a change."""
    Task.objects.filter(meeting=meeting, kind__in=list(kinds), done_at=None).update(done_at=at, done_by=by.id)


@change
def finish(*, task_id: UUID, by: Actor, at: datetime) -> Task:
    """Done. Doing it twice is doing it once. Raises NotFound, NotPermitted."""
    task = (
        Task.objects.filter(pk=task_id, meeting__in=Meeting.objects.visible_to(by))
        .select_related("meeting")
        .select_for_update(of=("self",))
        .first()
    )
    if task is None:
        raise NotFound("Vi finner ikke oppgaven.", code="task_not_found")
    permissions.check_can_change(by, task.meeting)
    if task.done_at is None:
        task.done_at, task.done_by = at, by.id
        task.save(update_fields=["done_at", "done_by"])
        record("task.done", by=by, at=at, subject=task, meeting_id=task.meeting_id, kind=task.kind)
    return task
