"""The addresses that the video platform's nodes ask, and tell. They follow no redirect: no slash at the end."""

from django.urls import include, path

from invitations.video import views

urlpatterns = [
    path("internal/", include("navmeet.urls.internal")),
    path("policy/v1/service/configuration", views.configuration, name="policy-configuration"),
    path("policy/v1/participant/properties", views.properties, name="policy-properties"),
    path("events/v1/video", views.happened, name="video-events"),
]

handler400 = "invitations.video.views.not_found"
handler403 = "invitations.video.views.not_found"
handler404 = "invitations.video.views.not_found"
handler500 = "invitations.video.views.failed"
