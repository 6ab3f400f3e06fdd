"""The staff API's addresses for meetings."""

from django.urls import include, path

from meetings.api import changes, meetings, people, staff, todo

ONE = "meetings/<uuid:meeting_id>"
PARTNER = f"{ONE}/partners/<uuid:participant_id>"
PARTICIPANT = f"{ONE}/participants/<uuid:participant_id>"

urlpatterns = [
    path("people/find/", people.FindPerson.as_view(), name="api-find-person"),
    path("meetings/", meetings.Meetings.as_view(), name="api-meetings"),
    path("meetings/rehearsal/", meetings.RehearsedBooking.as_view(), name="api-booking-rehearsal"),
    path(f"{ONE}/", meetings.OneMeeting.as_view(), name="api-meeting"),
    path(f"{ONE}/move/", changes.Move.as_view(), name="api-move"),
    path(f"{ONE}/cancel/", changes.Cancel.as_view(), name="api-cancel"),
    path(f"{ONE}/change-format/", changes.ChangeFormat.as_view(), name="api-change-format"),
    path(f"{ONE}/details/", changes.ChangeDetails.as_view(), name="api-change-details"),
    path(f"{ONE}/reinstate/", changes.Reinstate.as_view(), name="api-reinstate"),
    path(f"{ONE}/hand-over/", staff.HandOver.as_view(), name="api-hand-over"),
    path(f"{ONE}/staff/", staff.AddStaff.as_view(), name="api-staff"),
    path(f"{ONE}/staff/<uuid:participant_id>/remove/", staff.RemoveStaff.as_view(), name="api-remove-staff"),
    path(f"{ONE}/partners/", changes.AddPartner.as_view(), name="api-partners"),
    path(f"{PARTNER}/change/", changes.ChangePartner.as_view(), name="api-change-partner"),
    path(f"{PARTNER}/remove/", changes.RemovePartner.as_view(), name="api-remove-partner"),
    path(f"{PARTICIPANT}/change-way-in/", changes.ChangeWayIn.as_view(), name="api-change-way-in"),
    path(f"{PARTICIPANT}/calls/", changes.Called.as_view(), name="api-calls"),
    path(f"{PARTICIPANT}/outcome/", changes.SetOutcome.as_view(), name="api-outcome"),
    path(f"{ONE}/end/", changes.End.as_view(), name="api-end"),
    path(f"{ONE}/conclude/", changes.Conclude.as_view(), name="api-conclude"),
    path(f"{ONE}/correct-conclusion/", changes.CorrectConclusion.as_view(), name="api-correct-conclusion"),
    path(f"{ONE}/rehearsal/", changes.Rehearsal.as_view(), name="api-rehearsal"),
    path("", include("meetings.api_urls_calendars")),
    path("tasks/", todo.Tasks.as_view(), name="api-tasks"),
    path("tasks/late-wishes/", todo.LateWishes.as_view(), name="api-late-wishes"),
    path("tasks/<uuid:task_id>/done/", todo.TaskDone.as_view(), name="api-task-done"),
]
