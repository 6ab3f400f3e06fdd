"""The addresses of the citizen surface."""

from django.urls import include, path

urlpatterns = [
    path("internal/", include("navmeet.urls.internal")),
    path("api/v1/", include("navmeet.urls.citizen_api")),
    path("", include("navmeet.accounts.urls_citizen")),
    path("", include("navmeet.pages.urls_citizen")),
]
