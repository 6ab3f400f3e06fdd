"""A form whose session, or whose proof of coming from us, was lost: the same form again, filled in, nothing stored.

Why pressing again works: logging in in another tab gives this browser a new session and leaves the CSRF cookie as it
is (see views.callback), so the token in this page stays good. Logging out takes the CSRF cookie away; then the first
press comes back here, with a token that belongs to the new cookie.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from navmeet.accounts import addresses

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NOT_REFILLED = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Asked:
    """A field as its page asks for it. `called` is the one of several that it belongs to: "Deltaker".

    `only_with`: the field and the value of it without which the page does not show this one.
    """

    label: "str | _StrPromise"
    choices: Iterable[tuple[object, object]] = ()
    is_tick: bool = False
    called: str = ""
    only_with: tuple[str, str] | None = None


@dataclass(frozen=True)
class Refilled:
    """A field of a lost form: hidden where nobody wrote it, else with the words that its page has for it."""

    name: str
    value: str
    label: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_tick: bool = False


def asked_by(form: type[forms.BaseForm]) -> dict[str, Asked]:
    """What a form asks a person for, by the fields' names.

    A form with several of another says so: `several = {"partners": ("Deltaker", PartnerForm)}`. The field "name" of
    the second is called "partners-2-name" when it is sent, and stands here as "partners-*-name". What its page shows
    with another choice alone stands in `only_with = {"phone": ("format", "PHONE")}`.
    """
    asked = _asked(form, "", "")
    for prefix, (called, one) in getattr(form, "several", {}).items():
        asked |= _asked(one, f"{prefix}-*-", called)
    return asked


def _asked(form: type[forms.BaseForm], prefix: str, called: str) -> dict[str, Asked]:
    return {
        f"{prefix}{name}": Asked(
            label=field.label or name.replace("_", " ").capitalize(),
            choices=getattr(field, "choices", ()),
            is_tick=isinstance(field, forms.BooleanField),
            called=called,
            only_with=getattr(form, "only_with", {}).get(name),
        )
        for name, field in getattr(form, "base_fields", {}).items()
        if not field.widget.is_hidden
    }


def form_again(
    request: HttpRequest,
    *,
    asked: Mapping[str, Asked] | None = None,
    level: str = "",
    status: int = 401,
    login_url: str = "",
) -> HttpResponse:
    """The form that was sent, in a page that says how to go on. `asked` tells which fields a person wrote.

    `login_url` is where one gets in again, where that is not the login.
    """
    context = {
        "action": request.get_full_path(),
        "fields": list(_refilled(request, asked or {})),
        "login_url": login_url or addresses.login(addresses.front(), level=level),
        "problem": None,
    }
    return render(request, "errors/session_lost.html", context, status=status)


def _refilled(request: HttpRequest, asked: Mapping[str, Asked]) -> Iterator[Refilled]:
    for name, values in request.POST.lists():
        if name in NOT_REFILLED:
            continue
        number = re.search(r"-(\d{1,3})-", name)
        about = asked.get(name) or (asked.get(name.replace(number[0], "-*-", 1)) if number else None)
        if about and about.only_with and request.POST.get(about.only_with[0]) != about.only_with[1]:
            about = None
        for value in values:
            if isinstance(value, str):
                yield _one(name, value.replace("\x00", ""), about, number[1] if number else "")


def _one(name: str, value: str, asked: Asked | None, number: str) -> Refilled:
    """What was left blank is sent along unseen: there is nothing to read or copy."""
    if asked is None or not value:
        return Refilled(name, value)
    label = f"{asked.called} {number}: {asked.label}" if asked.called else str(asked.label)
    choices = tuple((str(code), str(words)) for code, words in asked.choices)
    if choices and value not in dict(choices):
        choices = (*choices, (value, value))
    return Refilled(name, value, label, choices, asked.is_tick)


def fragment_again(level: str = "") -> HttpResponse:
    """The same for a part of a page that htmx asks for: a sentence with the way on, where the part would stand."""
    return HttpResponse(
        format_html(
            '<p role="alert">{} <a href="{}" target="_blank" rel="noopener">{}</a></p>',
            _("Du er logget ut."),
            addresses.login(addresses.front(), level=level),
            _("Logg inn (åpnes i en ny fane)"),
        ),
        status=401,
    )
