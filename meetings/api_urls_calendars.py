"""The staff API's addresses for hours, absence, rooms and free times."""

from django.urls import path

from meetings.api import free_times, hours, offices

urlpatterns = [
    path("free-times/", free_times.FreeTimes.as_view(), name="api-free-times"),
    path("hours/", hours.OwnHours.as_view(), name="api-hours"),
    path("hours/dates/", hours.OwnDate.as_view(), name="api-hours-date"),
    path("hours/dates/clear/", hours.OwnDateCleared.as_view(), name="api-hours-date-clear"),
    path("absences/", hours.Absences.as_view(), name="api-absences"),
    path("absences/<uuid:absence_id>/remove/", hours.AbsenceRemoved.as_view(), name="api-absence-remove"),
    path("absences/<uuid:absence_id>/meetings/", hours.AbsenceOverlaid.as_view(), name="api-absence-meetings"),
    path("office/hours/", hours.OfficeHours.as_view(), name="api-office-hours"),
    path("office/hours/dates/", hours.OfficeDate.as_view(), name="api-office-date"),
    path("office/hours/dates/clear/", hours.OfficeDateCleared.as_view(), name="api-office-date-clear"),
    path("office/closing-days/", offices.ClosingDays.as_view(), name="api-closing-days"),
    path(
        "office/closing-days/<uuid:closing_id>/remove/",
        offices.ClosingDayRemoved.as_view(),
        name="api-closing-day-remove",
    ),
    path("office/rules/", offices.Rules.as_view(), name="api-office-rules"),
    path("office/colleagues/", offices.Colleagues.as_view(), name="api-colleagues"),
    path("rooms/", offices.Rooms.as_view(), name="api-rooms"),
    path("rooms/<uuid:room_id>/change/", offices.RoomChanged.as_view(), name="api-room-change"),
]
