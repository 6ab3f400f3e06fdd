"""The API of the staff surface, under /api/v1/."""

from django.urls import include, path

from invitations import api_urls

urlpatterns = [
    path("", include("meetings.api_urls")),
    path("", include(api_urls.STAFF)),
    path("", include("minutes.api_urls_staff")),
]
