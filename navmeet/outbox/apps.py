from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "navmeet.outbox"
