from django.urls import URLPattern, URLResolver, path

from navmeet.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="login"),
    path("login/callback/", views.callback, name="login-callback"),
    path("logout/", views.logout, name="logout"),
    path("logged-out/", views.logged_out, name="logged-out"),
    path("language/", views.language, name="language"),
]
