"""Every address says who it is for, and is closed to everybody else."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, clear_url_caches, get_resolver
from pytest_django import Settings

from navmeet.accounts import permissions
from navmeet.api.views import Endpoint

# Everybody may open these; each shows nothing about anybody. Whoever adds one writes it here.
OPEN = {
    "staff": {"is-alive", "is-ready", "metrics", "login", "login-callback", "logout", "logged-out"},
    "citizen": {
        *("is-alive", "is-ready", "metrics", "login", "login-callback", "logout", "logged-out", "language"),
        *("home", "guidance", "link", "link-enter", "link-wait", "link-wait-part"),
        *("partner-code", "partner-code-check"),
    },
    "policy": {"is-alive", "is-ready", "metrics"},
}
CALLERS = {
    "policy": {"policy"},
    "staff": {"staff"},
    "citizen": {"citizen", "citizen at level high", "partner"},
}
SAMPLES: dict[str, Any] = {
    "UUIDConverter": UUID("01890000-0000-7000-8000-000000000001"),
    "IntConverter": 1,
    "StringConverter": "x",
    "SlugConverter": "x",
}
SURFACES = ("staff", "citizen")
# The video platform's: it has no pages, no API and no sessions, and the same doors are tried on it.
ALL_SURFACES = (*SURFACES, "policy")


def addresses(surface: str) -> Iterator[tuple[str, URLPattern]]:
    """Each address with sample values in it, and its pattern."""
    yield from _walk(get_resolver(f"navmeet.urls.{surface}"), "/")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + _filled(entry)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        else:
            yield path, entry


def _filled(entry: Any) -> str:
    text = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__
        for spelled in (f"<uuid:{name}>", f"<int:{name}>", f"<str:{name}>", f"<slug:{name}>", f"<{name}>"):
            text = text.replace(spelled, str(SAMPLES[kind]))
    return text


FOUND = [(surface, path, pattern) for surface in ALL_SURFACES for path, pattern in addresses(surface)]
ALL = [pytest.param(*one, id=f"{one[0]}:{one[2].name or one[1]}") for one in FOUND]
CLOSED = [pytest.param(*one, id=f"{one[0]}:{one[2].name}") for one in FOUND if one[2].name not in OPEN[one[0]]]


@pytest.fixture
def on_surface(settings: Settings) -> Iterator[Any]:
    def switch(surface: str) -> Client:
        settings.SURFACE = surface
        settings.ROOT_URLCONF = f"navmeet.urls.{surface}"
        clear_url_caches()
        return Client()

    yield switch
    clear_url_caches()


def test_there_are_addresses_to_look_at() -> None:
    assert len(CLOSED) >= 25


@pytest.mark.parametrize(("surface", "path", "pattern"), ALL)
def test_an_address_has_a_name_and_says_who_it_is_for(surface: str, path: str, pattern: URLPattern) -> None:
    assert pattern.name, path
    view: Any = pattern.callback
    endpoint = getattr(view, "cls", None)
    if endpoint is not None:
        assert issubclass(endpoint, Endpoint)
        assert len(endpoint.permission_classes) == 1, "exactly one"
        allowed = endpoint.permission_classes[0]
        assert allowed.__module__ == permissions.__name__
        assert allowed is not permissions.Nobody
        assert allowed.surface == surface
        return
    callers = getattr(view, "callers", None)
    assert callers is not None, "no door: a page is staff_page, citizen_page or open_page"
    if callers == "open":
        assert pattern.name in OPEN[surface], "open to everybody, and not on the list"
    else:
        assert callers in CALLERS[surface]
        assert pattern.name not in OPEN[surface]


def test_no_open_address_is_listed_that_is_not_there() -> None:
    for surface in SURFACES:
        assert OPEN[surface] <= {pattern.name for _, pattern in addresses(surface)}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize(("surface", "path", "pattern"), CLOSED)
def test_nobody_in_particular_gets_in(
    on_surface: Any, surface: str, path: str, pattern: URLPattern, method: str
) -> None:
    response = getattr(on_surface(surface), method)(path, secure=True)
    assert response.status_code in {401, 302, 403}, (path, response.status_code)
    if response.status_code == 302:
        # A partner has no login: the way in is their own link.
        assert response["Location"].startswith("/i/" if path.startswith("/i/") else "/login/")


@pytest.mark.django_db
def test_an_open_page_is_let_through_by_the_same_test(on_surface: Any) -> None:
    """Negative control: what is open does answer 200, so a closed door is not merely a broken one."""
    assert on_surface("citizen").get("/guidance/", secure=True).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("path", ["/nothing/", "/api/v1/nothing/", "/admin/", "/internal/nothing"])
def test_an_address_that_is_not_there_is_a_404_in_its_own_shape(on_surface: Any, surface: str, path: str) -> None:
    response = on_surface(surface).get(path, secure=True)
    assert response.status_code == 404
    is_problem = response["Content-Type"] == "application/problem+json"
    assert is_problem == path.startswith("/api/")


def test_no_address_is_served_at_both_surfaces_but_the_same_few() -> None:
    names = [{pattern.name for _, pattern in addresses(surface)} for surface in SURFACES]
    assert names[0] & names[1] <= {
        *("is-alive", "is-ready", "metrics", "login", "login-callback", "logout", "logged-out", "home"),
    }
