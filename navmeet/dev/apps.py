from django.apps import AppConfig


class DevConfig(AppConfig):
    name = "navmeet.dev"
