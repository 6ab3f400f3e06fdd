"""What the platform asks; see navmeet.internal."""

from django.urls import URLPattern, URLResolver, path

from navmeet.internal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("isAlive", views.is_alive, name="is-alive"),
    path("isReady", views.is_ready, name="is-ready"),
    path("metrics", views.metrics, name="metrics"),
]
