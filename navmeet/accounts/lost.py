"""A form whose session, or whose proof of coming from us, was lost: the same form again, filled in, nothing stored.

Why pressing again works: logging in in another tab gives this browser a new session and leaves the CSRF cookie as it
is (see views.callback), so the token in this page stays good. Logging out takes the CSRF cookie away; then the first
press comes back here, with a token that belongs to the new cookie.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from navmeet.accounts import addresses

NOT_REFILLED = frozenset({"csrfmiddlewaretoken"})


def labels_of(form: type[forms.BaseForm]) -> dict[str, str]:
    """The labels that a form's fields have on the page."""
    fields = getattr(form, "base_fields", {})
    hidden = {name for name, field in fields.items() if field.widget.is_hidden}
    return {
        name: str(field.label or name.replace("_", " ").capitalize())
        for name, field in fields.items()
        if name not in hidden
    }


def form_again(
    request: HttpRequest,
    *,
    labels: dict[str, str] | None = None,
    level: str = "",
    status: int = 401,
    login_url: str = "",
) -> HttpResponse:
    """The form that was sent, in a page that says how to go on. `labels` tell which fields a person wrote.

    `login_url` is where one gets in again, where that is not the login.
    """
    names = labels or {}
    fields = [
        (name, value.replace("\x00", ""), names.get(name, ""))
        for name, values in request.POST.lists()
        if name not in NOT_REFILLED
        for value in values
        if isinstance(value, str)
    ]
    context = {
        "action": request.get_full_path(),
        "fields": fields,
        "login_url": login_url or addresses.login(addresses.front(), level=level),
        "problem": None,
    }
    return render(request, "errors/session_lost.html", context, status=status)


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
