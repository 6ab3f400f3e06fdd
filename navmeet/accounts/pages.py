"""Who a page is for. Every page carries exactly one of these, and a test walks the addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect

from navmeet.accounts import addresses, lost
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.claims import is_enough

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Form = type[forms.BaseForm] | None
SAFE = frozenset({"GET", "HEAD"})


class StaffRequest(HttpRequest):
    """What a page for staff is given: somebody is logged in."""

    actor: Actor
    actor_name: str


class CitizenRequest(HttpRequest):
    """What a page for citizens is given: somebody is logged in."""

    actor: Actor
    actor_name: str


def staff_page(view: Any = None, *, form: Form = None) -> Any:
    """For employees, at the staff surface. `form` names the fields that stand on the page if a session is lost."""
    kinds = frozenset({ActorKind.CASEWORKER, ActorKind.ADVISER})
    return _door("staff", kinds, Level.NONE, form, view)


def citizen_page(view: Any = None, *, level: Level = Level.SUBSTANTIAL, form: Form = None) -> Any:
    """For people logged in with ID-porten at `level` or higher, at the citizen surface; lower leads to a step up."""
    return _door("citizen", frozenset({ActorKind.CITIZEN}), level, form, view)


def open_page(view: Any = None) -> Any:
    """For everybody, logged in or not. The view itself must show nothing about anybody."""

    def guard(inner: View[P]) -> View[P]:
        @wraps(inner)
        def run(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return inner(request, *args, **kwargs)

        return _marked(run, "open")

    return guard if view is None else guard(view)


def _door(surface: str, kinds: frozenset[ActorKind], level: Level, form: Form, view: Any) -> Any:
    labels = lost.labels_of(form) if form is not None else {}

    def guard(inner: View[P]) -> View[P]:
        @wraps(inner)
        def run(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if surface != settings.SURFACE:
                raise Http404
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None or actor.kind not in kinds:
                return _knock(request, labels, "")
            if level != Level.NONE and not is_enough(actor.level, level):
                return _knock(request, labels, "high")
            return inner(request, *args, **kwargs)

        return _marked(run, surface if level != Level.HIGH else "citizen at level high")

    return guard if view is None else guard(view)


def _knock(request: HttpRequest, labels: dict[str, str], level: str) -> HttpResponseBase:
    """Off to log in; but what was typed, and the page that asks for a part of itself, stay where they are."""
    if request.headers.get("HX-Request"):
        return lost.fragment_again(level)
    if request.method not in SAFE:
        return lost.form_again(request, labels=labels, level=level)
    return HttpResponseRedirect(addresses.login(addresses.local(request.get_full_path()), level=level))


def _marked(view: View[P], callers: str) -> View[P]:
    view.callers = callers  # type: ignore[attr-defined]
    return view
