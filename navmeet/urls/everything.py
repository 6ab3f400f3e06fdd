"""Both surfaces' API side by side: for the described schema only, never served."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("navmeet.urls.staff_api")),
    path("api/v1/", include("navmeet.urls.citizen_api")),
]
