"""Who a page is for. Every page carries exactly one of these, and a test walks the addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast, overload
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect

from navmeet.accounts import addresses, lost
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.claims import is_enough
from navmeet.exceptions import NotFound

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
Form = type[forms.BaseForm] | None
SAFE = frozenset({"GET", "HEAD"})
EMPLOYEES = frozenset({ActorKind.CASEWORKER, ActorKind.ADVISER})


class PageRequest(HttpRequest):
    """What a page behind a login is given: somebody is there. These classes are for annotations only."""

    actor: Actor
    actor_name: str
    request_id: str


class StaffRequest(PageRequest):
    """An employee is there."""


class CitizenRequest(PageRequest):
    """A citizen is there."""


class PartnerRequest(PageRequest):
    """A partner is there, who typed the code for the invitation that the address names."""


@overload
def staff_page(view: V) -> V: ...
@overload
def staff_page(*, form: Form = None) -> Callable[[V], V]: ...
def staff_page(view: Any = None, *, form: Form = None) -> Any:
    """For employees, at the staff surface. `form` names the fields that stand on the page if a session is lost."""
    door = _door("staff", EMPLOYEES, Level.NONE, form)
    return door if view is None else door(view)


@overload
def citizen_page(view: V) -> V: ...
@overload
def citizen_page(*, level: Level = Level.SUBSTANTIAL, form: Form = None) -> Callable[[V], V]: ...
def citizen_page(view: Any = None, *, level: Level = Level.SUBSTANTIAL, form: Form = None) -> Any:
    """For people logged in with ID-porten at `level` or higher, at the citizen surface; lower leads to a step up."""
    door = _door("citizen", frozenset({ActorKind.CITIZEN}), level, form)
    return door if view is None else door(view)


def partner_page(*, names: Callable[[str], UUID], form: Form = None) -> Callable[[V], V]:
    """For a partner who typed a code, at the citizen surface, for the invitation that the address's token names.

    `names` reads the token, and raises NotFound. Without the code, or with one for another invitation, one is led to
    the link itself, which shows the least and offers a code.
    """
    asked = lost.asked_by(form) if form is not None else {}

    def guard(view: V) -> V:
        @wraps(view)
        def run(request: HttpRequest, token: str) -> HttpResponseBase:
            if settings.SURFACE != "citizen":
                raise Http404
            actor: Actor | None = getattr(request, "actor", None)
            is_there = actor is not None and actor.kind == ActorKind.PARTNER and actor.level == Level.CODE
            if is_there and actor is not None and actor.id == _named(names, token):
                return view(request, token)
            link = f"/i/{token}/"
            if request.method not in SAFE:
                return lost.form_again(request, asked=asked, login_url=link)
            return HttpResponseRedirect(link)

        run.callers = "partner"  # type: ignore[attr-defined]
        run.asked = asked  # type: ignore[attr-defined]
        return cast(V, run)

    return guard


def _named(names: Callable[[str], UUID], token: str) -> UUID | None:
    try:
        return names(token)
    except NotFound:
        return None


def open_page(view: V) -> V:
    """For everybody, logged in or not. The view itself must show nothing about anybody."""

    @wraps(view)
    def run(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    run.callers = "open"  # type: ignore[attr-defined]
    return cast(V, run)


def _door(surface: str, kinds: frozenset[ActorKind], level: Level, form: Form) -> Callable[[V], V]:
    asked = lost.asked_by(form) if form is not None else {}

    def guard(view: V) -> V:
        @wraps(view)
        def run(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if surface != settings.SURFACE:
                raise Http404
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None or actor.kind not in kinds:
                return _knock(request, asked, "")
            if not is_enough(actor.level, level):
                return _knock(request, asked, "high" if level == Level.HIGH else "")
            return view(request, *args, **kwargs)

        run.callers = f"{surface} at level high" if level == Level.HIGH else surface  # type: ignore[attr-defined]
        run.asked = asked  # type: ignore[attr-defined]
        return cast(V, run)

    return guard


def _knock(request: HttpRequest, asked: dict[str, lost.Asked], level: str) -> HttpResponseBase:
    """Off to log in; but what was typed, and the page that asks for a part of itself, stay where they are."""
    if request.headers.get("HX-Request"):
        return lost.fragment_again(level)
    if request.method not in SAFE:
        return lost.form_again(request, asked=asked, level=level)
    return HttpResponseRedirect(addresses.login(addresses.local(request.get_full_path()), level=level))
