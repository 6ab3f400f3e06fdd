"""The staff API's addresses for meetings."""

from django.urls import path

from meetings import api

urlpatterns = [
    path("people/find/", api.FindPerson.as_view(), name="api-find-person"),
    path("meetings/", api.Meetings.as_view(), name="api-meetings"),
    path("meetings/<uuid:meeting_id>/", api.OneMeeting.as_view(), name="api-meeting"),
    path("meetings/<uuid:meeting_id>/move/", api.Move.as_view(), name="api-move"),
    path("meetings/<uuid:meeting_id>/cancel/", api.Cancel.as_view(), name="api-cancel"),
    path("meetings/<uuid:meeting_id>/rehearsal/", api.Rehearsal.as_view(), name="api-rehearsal"),
    path("tasks/", api.Tasks.as_view(), name="api-tasks"),
    path("tasks/<uuid:task_id>/done/", api.TaskDone.as_view(), name="api-task-done"),
]
