from importlib import import_module

from django.apps import AppConfig


class ProtectConfig(AppConfig):
    name = "navmeet.protect"

    def ready(self) -> None:
        import_module("navmeet.protect.checks")
