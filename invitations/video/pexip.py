"""Pexip's join addresses, built at the click and never sent to anybody: path and suffix change with the platform.

Form: https://<host>/<path>/m/<alias>@<domain>/<suffix> (contracts/video.md § 2).
"""

from urllib.parse import quote, urlencode

from django.conf import settings


def _address(alias: str, **query: str) -> str:
    name = quote(f"{alias}@{settings.VIDEO_DOMAIN}", safe="@")
    parts = [settings.VIDEO_BASE_URL.rstrip("/"), settings.VIDEO_PATH, "m", name]
    if settings.VIDEO_SUFFIX:
        parts.append(settings.VIDEO_SUFFIX)
    return "/".join(parts) + (f"?{urlencode(query)}" if query else "")


def guest_address(alias: str) -> str:
    """Where a guest goes on to; they type their own first name there."""
    return _address(alias, role="guest")


def host_address(alias: str) -> str:
    """Where the host goes on to."""
    return _address(alias)
