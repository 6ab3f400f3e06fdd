"""The API of minutes for staff."""

from django.urls import path

from minutes import api

urlpatterns = [
    path("meetings/<uuid:meeting_id>/minutes/", api.MeetingMinutes.as_view(), name="api-minutes"),
    path("meetings/<uuid:meeting_id>/minutes/draft/", api.MeetingDraft.as_view(), name="api-minutes-draft"),
    path("meetings/<uuid:meeting_id>/minutes/share/", api.ShareMinutes.as_view(), name="api-minutes-share"),
]
