"""The addresses of the staff surface."""

from django.urls import include, path

urlpatterns = [
    path("internal/", include("navmeet.urls.internal")),
    path("api/v1/", include("navmeet.urls.staff_api")),
    path("", include("navmeet.accounts.urls_staff")),
    path("", include("navmeet.pages.urls_staff")),
]
