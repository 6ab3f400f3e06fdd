"""What a caseworker has to do."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import serializers as shapes
from meetings import todo
from meetings.models import Meeting, Task
from navmeet.accounts.permissions import Caseworker
from navmeet.api.pagination import ByCursor
from navmeet.api.views import Endpoint


class ByDue(ByCursor):
    ordering = ["due_at", "id"]


class Tasks(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByDue

    @extend_schema(operation_id="list_tasks", responses={200: shapes.TaskOutput(many=True)})
    def get(self, request: Request) -> Response:
        """What needs me and my office, the most urgent first."""
        open_ones = Task.objects.filter(meeting__in=Meeting.objects.visible_to(self.by), done_at=None)
        return self.page(open_ones, shapes.TaskOutput)


class LateWishes(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByDue

    @extend_schema(operation_id="list_late_wishes", responses={200: shapes.TaskOutput(many=True)})
    def get(self, request: Request) -> Response:
        """My office's list: wishes for another time or format whose deadline has passed without an answer."""
        return self.page(todo.late_wishes(self.by, at=self.at), shapes.TaskOutput)


class TaskDone(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="finish_task", request=None, responses={200: shapes.TaskOutput})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Tick off a task. Twice is once."""
        return Response(shapes.TaskOutput(todo.finish(task_id=task_id, by=self.by, at=self.at)).data)
