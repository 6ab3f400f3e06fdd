"""`check --deploy` finds what would let production start and not work, or work unsafely."""

import pytest
from pytest_django import Settings

from navmeet.protect.checks import production_is_complete


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.IS_PRODUCTION = True
    settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if name != "navmeet.dev"]
    settings.SURFACE = "staff"
    settings.ALLOWED_HOSTS = ["navmeet.nav.no"]
    for name in ("KRR_URL", "PDL_URL", "NORG2_URL", "ACCESS_URL", "VIDEO_BASE_URL", "AZURE_APP_WELL_KNOWN_URL"):
        setattr(settings, name, "https://system.invalid/path")
    settings.REDIS_URL = "rediss://redis.invalid:6379/0"
    settings.AUDIT_SYSLOG = "audit.invalid:6514"
    settings.KAFKA_BROKERS = "kafka-1.invalid:9092,kafka-2.invalid:9092"
    settings.AZURE_APP_CLIENT_SECRET = "made-up"
    return settings


def _told() -> str:
    return " ".join(error.msg for error in production_is_complete())


def test_production_with_all_it_needs_is_fine(production: Settings) -> None:
    assert _told() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KRR_URL", "http://127.0.0.1:8020/krr"),
        ("PDL_URL", "http://localhost:8020/pdl"),
        ("REDIS_URL", "redis://127.0.0.1:6379/0"),
        ("KAFKA_BROKERS", "127.0.0.1:9092"),
        ("AUDIT_SYSLOG", "127.0.0.1:8032"),
        ("AZURE_APP_WELL_KNOWN_URL", "http://127.0.0.1:8010/x"),
        ("PUBLIC_BASE_URL", "http://navmeet.nav.no"),
        ("VIDEO_BASE_URL", "http://video.invalid"),
        ("AZURE_APP_CLIENT_SECRET", ""),
        ("PROTECT_KEYS", "a:short"),
    ],
)
def test_each_thing_of_the_laptop_is_named(production: Settings, name: str, value: str) -> None:
    setattr(production, name, value)
    assert name in _told()


def test_every_host_and_the_laptops_own_app_are_refused(production: Settings) -> None:
    production.ALLOWED_HOSTS = ["*"]
    production.INSTALLED_APPS = [*production.INSTALLED_APPS, "navmeet.dev"]
    assert "ALLOWED_HOSTS" in _told()
    assert "navmeet.dev" in _told()


def test_another_mode_is_not_production(production: Settings) -> None:
    production.IS_PRODUCTION = False
    assert "NAVMEET_MODE" in _told()
