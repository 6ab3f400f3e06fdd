"""Which addresses a person may be sent on to after logging in: our own, and nothing else."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500


def front() -> str:
    """The first page of the surface."""
    return "/my/" if settings.SURFACE == "citizen" else "/"


def local(address: str | None) -> str:
    """The address if it is a path of ours, else the front page. Never a way back into logging in or out."""
    if not address or len(address) > LONGEST or not address.startswith("/") or not address.isprintable():
        return front()
    if "\\" in address or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return front()
    return front() if address.startswith(("/login", "/logout", "/logged-out", "/internal", "/api")) else address


def login(next_address: str, *, level: str = "") -> str:
    """The address that logs in and comes back."""
    asked = {"next": next_address, "level": level}
    return "/login/?" + urlencode({name: value for name, value in asked.items() if value})


def whole(request: HttpRequest, path: str) -> str:
    """The path with scheme and host, as this process is reached (the host was checked against ALLOWED_HOSTS)."""
    return request.build_absolute_uri(path)
