"""The citizen's pages of minutes."""

from django.urls import path

from minutes import views_citizen

urlpatterns = [
    path("my/<uuid:invitation_id>/minutes/", views_citizen.own_minutes, name="own-minutes"),
    path(
        "my/<uuid:invitation_id>/minutes/<int:number>/", views_citizen.own_minutes_version, name="own-minutes-version"
    ),
]
