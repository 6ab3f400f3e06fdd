"""A living page of everything that pages are built from, and a server for it: `python -m tests.look.living 8090`.

Stands on the product's own settings for templates, static files and CSP, without a database and without login.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from wsgiref.simple_server import make_server

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from navmeet.look.dates import OSLO

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=OSLO)


class SampleForm(forms.Form):
    citizen_number = forms.CharField(
        label="Fødselsnummer",
        help_text="11 siffer, uten mellomrom.",
        min_length=11,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    meeting_type = forms.ChoiceField(
        label="Hva slags møte",
        choices=[("", "Velg type"), ("FOLLOW_UP", "Oppfølgingssamtale"), ("DIALOGUE", "Dialogmøte")],
    )
    format = forms.ChoiceField(
        label="Møteform",
        help_text="Innbyggeren kan be om å møte på en annen måte.",
        choices=[("VIDEO", "Videomøte"), ("PHONE", "Telefonmøte"), ("IN_PERSON", "Fysisk møte")],
        widget=forms.RadioSelect,
    )
    date = forms.DateField(label="Dato")
    start = forms.TimeField(label="Fra klokken")
    end = forms.TimeField(label="Til klokken")
    theme = forms.CharField(label="Hva møtet handler om", max_length=100, required=False)
    purpose = forms.CharField(
        label="Slik forbereder du deg",
        help_text="Bare innbyggeren leser dette.",
        max_length=500,
        widget=forms.Textarea,
        required=False,
    )
    adjustments = forms.MultipleChoiceField(
        label="Tilrettelegging",
        choices=[("STEP_FREE", "Trinnfritt"), ("LOOP", "Teleslynge"), ("SIGN", "Tegnspråktolk")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    identity = forms.BooleanField(
        label="Innbyggeren må vise legitimasjon", help_text="For eksempel pass, førerkort eller nasjonalt ID-kort."
    )


def _meeting(day: int, hour: int, title: str, **more: object) -> dict[str, object]:
    start = MONDAY + timedelta(days=day, hours=hour)
    return {"start": start, "end": start + timedelta(minutes=45), "title": title, "url": "/", **more}


def _days() -> list[dict[str, object]]:
    meetings: list[list[dict[str, object]]] = [
        [
            _meeting(
                0, 9, "Oppfølgingssamtale", how="Telefonmøte", icon="phone", tags=[("success", "Møtte")], is_over=True
            )
        ],
        [
            _meeting(
                1,
                10,
                "Dialogmøte",
                how="Videomøte",
                icon="video",
                tags=[("success", "Kommer")],
                **{"with": "4 deltakere"},
            ),
            _meeting(
                1,
                13,
                "Oppfølgingssamtale med et ganske langt navn på møtet",
                how="Fysisk møte",
                icon="place",
                tags=[("warning", "Ikke svart"), ("danger", "SMS kom ikke fram")],
            ),
        ],
        [],
        [_meeting(3, 12, "Samarbeidsmøte", how="Videomøte", icon="video", tags=[("info", "Vil ha annet tidspunkt")])],
        [],
    ]
    return [
        {"date": MONDAY + timedelta(days=i), "is_today": i == 1, "meetings": list(found), "note": ""}
        for i, found in enumerate(meetings)
    ]


def _act(request: HttpRequest) -> None:
    request.actor_name = "Ingrid Solberg-Test"  # type: ignore[attr-defined]
    request.actor_office = "Nav Fjordvik"  # type: ignore[attr-defined]


def week(request: HttpRequest) -> HttpResponse:
    _act(request)
    return render(request, "living/week.html", {"days": _days()})


def booking(request: HttpRequest) -> HttpResponse:
    _act(request)
    form = SampleForm(request.POST or None)
    return render(request, "living/booking.html", {"form": form})


def wrong(request: HttpRequest) -> HttpResponse:
    _act(request)
    given = {"citizen_number": "123", "purpose": "x" * 520, "date": "2026-11-24", "start": "10:00"}
    return render(request, "living/booking.html", {"form": SampleForm(given)})


def invitation(request: HttpRequest) -> HttpResponse:
    start = MONDAY + timedelta(days=1, hours=10)
    return render(request, "living/invitation.html", {"start": start, "end": start + timedelta(minutes=45)})


def editor(request: HttpRequest) -> HttpResponse:
    _act(request)
    return render(request, "living/editor.html", {})


def autosave(request: HttpRequest) -> HttpResponse:
    """Answers as the first word of the text asks: a status code, or 200."""
    asked = request.POST.get("agreed", "").split(" ")[0]
    status = int(asked) if asked.isdigit() else 200
    return JsonResponse({"version": int(request.POST.get("version", "0")) + 1}, status=status)


def error(request: HttpRequest, code: str, surface: str = "citizen") -> HttpResponse:
    fields = [
        {"name": "text", "value": "Det jeg skrev", "label": "Merknad"},
        {"name": "how", "value": "PHONE", "label": "Møteform", "choices": [("VIDEO", "Video"), ("PHONE", "Telefon")]},
        {"name": "sure", "value": "on", "label": "Legitimasjon", "is_tick": True},
        {"name": "version", "value": "3"},
    ]
    context = {"problem": {}, "surface": surface, "fields": fields}
    return render(request, f"errors/{code}.html", context)


urlpatterns = [
    path("", week),
    path("meetings/new/", booking),
    path("wrong/", wrong),
    path("my/", invitation),
    path("editor/", editor),
    path("autosave/", autosave),
    path("error/<str:code>/", error),
    path("error/<str:code>/<str:surface>/", error),
]


def main() -> None:
    """Serve the living page on the port given."""
    os.environ["NAVMEET_MODE"] = "test"
    import django
    from django.conf import settings

    from navmeet import settings as ours

    engine = cast(list[dict[str, Any]], ours.TEMPLATES)[0]
    own = {
        "DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"],
        "OPTIONS": {**engine["OPTIONS"], "context_processors": engine["OPTIONS"]["context_processors"][:2]},
    }
    settings.configure(
        SECRET_KEY=ours.SECRET_KEY, ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, TEMPLATES=[{**engine, **own}],
        DEBUG=True,
        INSTALLED_APPS=["django.contrib.staticfiles", "django.forms", "csp", "navmeet.look"],
        MIDDLEWARE=[
            "whitenoise.middleware.WhiteNoiseMiddleware", "csp.middleware.CSPMiddleware",
            "django.middleware.locale.LocaleMiddleware",
        ],
        FORM_RENDERER=ours.FORM_RENDERER, CONTENT_SECURITY_POLICY=ours.CONTENT_SECURITY_POLICY,
        LANGUAGE_CODE="nb", LANGUAGES=ours.LANGUAGES, LOCALE_PATHS=ours.LOCALE_PATHS,
        USE_TZ=True, TIME_ZONE=ours.TIME_ZONE,
        STATIC_URL=ours.STATIC_URL, STATICFILES_DIRS=ours.STATICFILES_DIRS, WHITENOISE_USE_FINDERS=True,
    )  # fmt: skip
    django.setup()
    from django.core.wsgi import get_wsgi_application

    make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application()).serve_forever()


if __name__ == "__main__":
    main()
