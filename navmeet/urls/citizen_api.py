"""The API of the citizen surface, under /api/v1/."""

from django.urls import include, path

from invitations import api_urls

urlpatterns = [
    path("", include(api_urls.CITIZEN)),
    path("", include("minutes.api_urls_citizen")),
]
