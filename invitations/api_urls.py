"""The API's addresses for invitations, by surface."""

from django.urls import path

from invitations import api, release_api

STAFF = [
    path("meetings/<uuid:meeting_id>/messages/", api.Messages.as_view(), name="api-messages"),
    path("meetings/<uuid:meeting_id>/releases/", release_api.Releases.as_view(), name="api-releases"),
    path(
        "meetings/<uuid:meeting_id>/partners/<uuid:participant_id>/release/",
        release_api.RecordedRelease.as_view(),
        name="api-record-release",
    ),
]

CITIZEN = [
    path("my/invitations/", api.OwnInvitations.as_view(), name="api-own-invitations"),
    path("my/invitations/<uuid:invitation_id>/", api.OwnInvitation.as_view(), name="api-own-invitation"),
    path("my/invitations/<uuid:invitation_id>/answers/", api.Answers.as_view(), name="api-answers"),
    path("my/invitations/<uuid:invitation_id>/format-choice/", api.VideoChoice.as_view(), name="api-format-choice"),
    path("my/invitations/<uuid:invitation_id>/calendar/", api.CalendarEntry.as_view(), name="api-calendar"),
    path("my/invitations/<uuid:invitation_id>/partners/", release_api.OwnPartners.as_view(), name="api-own-partners"),
    path(
        "my/invitations/<uuid:invitation_id>/partners/<uuid:participant_id>/release/",
        release_api.OwnRelease.as_view(),
        name="api-own-release",
    ),
    path(
        "my/invitations/<uuid:invitation_id>/partners/<uuid:participant_id>/ask/",
        release_api.OwnQuestion.as_view(),
        name="api-ask-about-partner",
    ),
]
