"""The pages of the staff surface."""

from django.urls import include, path

from navmeet.pages.staff import (
    advising,
    booking,
    calendar,
    changing,
    formats,
    meeting,
    more_changes,
    outcome,
    own_entry,
    panel,
    partners,
    recording,
    telling,
    week,
    wishes,
)

urlpatterns = [
    path("", week.week, name="week"),
    path("day/<str:on>/", week.day, name="day"),
    path("tasks/<uuid:task_id>/done/", week.task_done, name="task-done"),
    path("advising/", advising.find, name="advising"),
    path("advising/people/<uuid:person_id>/", advising.person, name="advising-person"),
    path("advising/<uuid:invitation_id>/", advising.meeting, name="advising-meeting"),
    path("invitations/<uuid:invitation_id>/answer/", recording.answer, name="record-answer"),
    path("invitations/<uuid:invitation_id>/choice/", recording.choice, name="record-choice"),
    path("invitations/<uuid:invitation_id>/send-again/", recording.send_again, name="send-again"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/absences/<uuid:absence_id>/", calendar.absence_meetings, name="absence-meetings"),
    path("calendar/closing-days/<uuid:closing_id>/", calendar.closing_meetings, name="closing-meetings"),
    path("meetings/new/", booking.find, name="find-citizen"),
    path("meetings/new/details/", booking.details, name="book-meeting"),
    path("meetings/<uuid:meeting_id>/", meeting.meeting, name="meeting"),
    path("meetings/<uuid:meeting_id>/calendar/", own_entry.download, name="meeting-calendar"),
    path("meetings/<uuid:meeting_id>/enter/", meeting.enter, name="enter-meeting"),
    path("meetings/<uuid:meeting_id>/tell-now/", telling.now, name="tell-now"),
    path("meetings/<uuid:meeting_id>/door/", panel.panel, name="door"),
    path("meetings/<uuid:meeting_id>/door/part/", panel.part, name="door-part"),
    path("meetings/<uuid:meeting_id>/door/visits/<uuid:visit_id>/", panel.visit, name="door-visit"),
    path("meetings/<uuid:meeting_id>/door/identity/<uuid:participant_id>/", panel.check, name="door-identity"),
    path("meetings/<uuid:meeting_id>/door/end/", panel.end, name="door-end"),
    path("meetings/<uuid:meeting_id>/door/phone/", panel.phone, name="door-phone"),
    path("meetings/<uuid:meeting_id>/outcome/", outcome.say, name="outcome"),
    path("meetings/<uuid:meeting_id>/answer/", recording.of_meeting, name="record-of-meeting"),
    path("meetings/<uuid:meeting_id>/wishes/<uuid:wish_id>/", wishes.settle, name="settle-wish"),
    path("meetings/<uuid:meeting_id>/move/", changing.move, name="move-meeting"),
    path("meetings/<uuid:meeting_id>/cancel/", changing.cancel, name="cancel-meeting"),
    path("meetings/<uuid:meeting_id>/format/", formats.change_format, name="change-format"),
    path("meetings/<uuid:meeting_id>/details/", more_changes.change_details, name="change-details"),
    path("meetings/<uuid:meeting_id>/staff/new/", more_changes.add_staff, name="add-staff"),
    path(
        "meetings/<uuid:meeting_id>/staff/<uuid:participant_id>/remove/", more_changes.remove_staff, name="remove-staff"
    ),
    path("meetings/<uuid:meeting_id>/hand-over/", more_changes.hand_over, name="hand-over"),
    path("meetings/<uuid:meeting_id>/reinstate/", more_changes.reinstate, name="reinstate-meeting"),
    path("meetings/<uuid:meeting_id>/partners/new/", partners.add, name="add-partner"),
    path("meetings/<uuid:meeting_id>/partners/<uuid:participant_id>/", partners.change, name="change-partner"),
    path("meetings/<uuid:meeting_id>/partners/<uuid:participant_id>/remove/", partners.remove, name="remove-partner"),
    path(
        "meetings/<uuid:meeting_id>/partners/<uuid:participant_id>/release/", partners.release, name="partner-release"
    ),
    path(
        "meetings/<uuid:meeting_id>/partners/<uuid:participant_id>/way-in/",
        formats.change_way_in,
        name="partner-way-in",
    ),
    path("", include("minutes.urls_staff")),
]
