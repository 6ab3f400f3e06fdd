from django.apps import AppConfig


class ProtectConfig(AppConfig):
    name = "navmeet.protect"
