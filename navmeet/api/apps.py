from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "navmeet.api"

    def ready(self) -> None:
        # Registers itself with drf-spectacular, whose own deploy check reads it too.
        import_module("navmeet.api.schema")
