"""`check --deploy`: production has all it needs, and nothing of the laptop's."""

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from navmeet.protect.keys import KeysWrong, index_key, sealing_keys

# Whom we call or send people to. Their defaults are the stand-ins of the laptop.
ENCRYPTED = ("PUBLIC_BASE_URL", "VIDEO_BASE_URL")
ELSEWHERE = ("KRR_URL", "PDL_URL", "NORG2_URL", "ACCESS_URL", "REDIS_URL", "AUDIT_SYSLOG", "KAFKA_BROKERS")
OF_SURFACE = {
    "staff": ("AZURE_APP_WELL_KNOWN_URL", "AZURE_APP_CLIENT_SECRET"),
    "citizen": ("IDPORTEN_WELL_KNOWN_URL", "IDPORTEN_CLIENT_SECRET"),
    "policy": ("VIDEO_BASE_URL", "POLICY_PASSWORD"),
}


@register(Tags.security, deploy=True)
def production_is_complete(**_: Any) -> list[CheckMessage]:
    """One error for each setting that would let production start and not work, or work unsafely."""
    return [Error(sentence, id=f"navmeet.{number:03}") for number, sentence in _lacks()]


def _lacks() -> Iterator[tuple[int, str]]:
    if not settings.IS_PRODUCTION:
        yield 1, "NAVMEET_MODE is not production."
    if "navmeet.dev" in settings.INSTALLED_APPS:
        yield 2, "navmeet.dev is installed: it must never be in production."
    try:
        sealing_keys()
        index_key()
    except KeysWrong as error:
        yield 3, str(error)
    if "*" in settings.ALLOWED_HOSTS:
        yield 4, "ALLOWED_HOSTS lets in every name."
    for name in ENCRYPTED:
        if urlsplit(getattr(settings, name)).scheme != "https":
            yield 5, f"{name} is not https."
    well_known, secret = OF_SURFACE[settings.SURFACE]
    for name in (*ENCRYPTED, *ELSEWHERE, well_known):
        if _is_this_machine(getattr(settings, name)):
            yield 6, f"{name} leads to this machine: it was not set."
    if not getattr(settings, secret):
        yield 7, f"{secret} is empty."


def _is_this_machine(address: str) -> bool:
    first = address.split(",")[0]
    host = urlsplit(first if "//" in first else f"//{first}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"", "localhost"}
