"""No page or message says a day but by navmeet.look.dates: Django's filters know no weekday, f-strings no language."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = [ROOT / name for name in ("navmeet", "meetings", "invitations", "minutes")]
TEMPLATES = sorted(path for app in APPS for path in app.rglob("templates/**/*") if path.suffix in {".html", ".txt"})
# What stands in for other people's systems (navmeet/dev) speaks as they do.
CODE = sorted(path for app in APPS for path in app.rglob("*.py") if "dev" not in path.relative_to(ROOT).parts)

IN_TEMPLATES = {
    "Django's own filter": re.compile(r"\|\s*(?:date|time|timesince|timeuntil|naturalday|naturaltime)\b"),
    "the clock of the template": re.compile(r"\{%\s*now\b"),
    "a moment without a filter": re.compile(
        r"\{\{\s*[\w.]*(?:_at|_on|\.start|\.end|monday|sunday|\.born|\.date)\s*\}\}"
    ),
    "a part of a date": re.compile(r"\{\{\s*[\w.]*(?:_at|_on|date|day)\.(?:year|month|day|hour|minute)\b"),
    "a day without its weekday": re.compile(
        r"(?<!\|weekday \}\}</span> <span class=\"nm-day__date\">\{\{ day\.date)\|after_weekday"
    ),
}
# For machines (ISO 8601): no day as people say it. A clock alone is none either.
ISO = "%Y-%m-%d"
IN_CODE = {
    "a format of one's own": re.compile(r"%[aAbBdejmUuVwyYG](?![A-Za-z0-9])(?=[^\n]*[\"'}])"),
    "Django's formats": re.compile(r"\b(?:date_format|time_format|localize|dateformat)\b"),
    "a day without its weekday": re.compile(r"\bafter_weekday\("),
}
# What is read by machines, or typed.
ALLOWED = {
    "navmeet/look/dates.py": "the one place",
    "navmeet/look/templatetags/aksel.py": "the same as filters",
    "navmeet/pages/staff/calendar_forms.py": "what may be typed",
    "navmeet/pages/staff/forms.py": "what may be typed",
    "navmeet/audit/cef.py": "a line of syslog (RFC 3164)",
}


def breaches(text: str, patterns: dict[str, re.Pattern[str]]) -> list[str]:
    return [name for name, pattern in patterns.items() if pattern.search(text.replace(ISO, ""))]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_says_days_and_times_by_our_filters_alone(path: Path) -> None:
    assert breaches(path.read_text(encoding="utf-8"), IN_TEMPLATES) == []


def test_the_code_says_days_and_times_through_the_one_place() -> None:
    found = {
        str(path.relative_to(ROOT)): breaches(path.read_text(encoding="utf-8"), IN_CODE)
        for path in CODE
        if str(path.relative_to(ROOT)) not in ALLOWED
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_what_is_allowed_still_needs_it() -> None:
    needless = [path for path in ALLOWED if not breaches((ROOT / path).read_text(encoding="utf-8"), IN_CODE)]
    assert needless == []


@pytest.mark.parametrize(
    "text",
    [
        '{{ meeting.starts_at|date:"d.m.Y" }}', "{{ at|time }}", '{% now "Y" %}', "{{ meeting.starts_at }}",
        "{{ day.date.day }}", "{{ one.date|after_weekday }}", "{{ at|timesince }}",
    ],
)  # fmt: skip
def test_the_search_finds_what_a_template_may_not(text: str) -> None:
    assert breaches(text, IN_TEMPLATES)


@pytest.mark.parametrize(
    "text",
    ['f"{at:%d.%m.%Y}"', 'at.strftime("%d. %B")', 'f"{at:%A kl. %H.%M}"', "date_format(at)", "dates.after_weekday(x)"],
)
def test_the_search_finds_what_the_code_may_not(text: str) -> None:
    assert breaches(text, IN_CODE)


def test_the_searches_look_at_something() -> None:
    assert len(TEMPLATES) > 60
    assert len(CODE) > 150
