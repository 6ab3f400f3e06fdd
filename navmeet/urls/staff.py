"""The addresses of the staff surface."""

from django.urls import include, path

urlpatterns = [
    path("internal/", include("navmeet.urls.internal")),
    path("api/v1/", include("navmeet.urls.staff_api")),
    path("", include("navmeet.accounts.urls_staff")),
    path("", include("navmeet.pages.urls_staff")),
]

handler400 = "navmeet.errors.bad_request"
handler403 = "navmeet.errors.forbidden"
handler404 = "navmeet.errors.not_found"
handler500 = "navmeet.errors.failed"
