"""The addresses of the citizen surface."""

from django.urls import include, path

urlpatterns = [
    path("internal/", include("navmeet.urls.internal")),
    path("api/v1/", include("navmeet.urls.citizen_api")),
    path("", include("navmeet.accounts.urls_citizen")),
    path("", include("navmeet.pages.urls_citizen")),
]

handler400 = "navmeet.errors.bad_request"
handler403 = "navmeet.errors.forbidden"
handler404 = "navmeet.errors.not_found"
handler500 = "navmeet.errors.failed"
