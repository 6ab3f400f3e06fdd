"""The staff's pages of minutes."""

from django.urls import path

from minutes import views

urlpatterns = [
    path("meetings/<uuid:meeting_id>/minutes/", views.minutes, name="minutes"),
    path("meetings/<uuid:meeting_id>/minutes/autosave/", views.autosave, name="minutes-autosave"),
    path("meetings/<uuid:meeting_id>/minutes/share/", views.share, name="minutes-share"),
]
