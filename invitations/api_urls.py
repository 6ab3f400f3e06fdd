"""The API's addresses for invitations, by surface."""

from django.urls import path

from invitations import api

STAFF = [path("meetings/<uuid:meeting_id>/messages/", api.Messages.as_view(), name="api-messages")]

CITIZEN = [
    path("my/invitations/", api.OwnInvitations.as_view(), name="api-own-invitations"),
    path("my/invitations/<uuid:invitation_id>/", api.OwnInvitation.as_view(), name="api-own-invitation"),
    path("my/invitations/<uuid:invitation_id>/answers/", api.Answers.as_view(), name="api-answers"),
    path("my/invitations/<uuid:invitation_id>/format-choice/", api.VideoChoice.as_view(), name="api-format-choice"),
    path("my/invitations/<uuid:invitation_id>/calendar/", api.CalendarEntry.as_view(), name="api-calendar"),
]
