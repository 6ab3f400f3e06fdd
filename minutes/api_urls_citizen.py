"""The API of minutes for citizens."""

from django.urls import path

from minutes import api

urlpatterns = [
    path("my/invitations/<uuid:invitation_id>/minutes/", api.OwnMinutes.as_view(), name="api-own-minutes"),
    path(
        "my/invitations/<uuid:invitation_id>/minutes/<int:number>/",
        api.OwnMinutesVersion.as_view(),
        name="api-own-minutes-version",
    ),
]
