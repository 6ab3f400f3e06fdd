"""What templates say for Aksel's markup, and for days and times. `{% load aksel %}`."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from navmeet.look import dates, icons

register = template.Library()

COLORS = {"success": "success", "warning": "warning", "error": "danger", "info": "info"}
PAGES = {"staff": "base_staff.html", "citizen": "base_citizen.html"}


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """`{% icon "video" %}`: beside a text that says the same."""
    return icons.icon(name, classes)


@register.simple_block_tag
def alert(content: str, variant: str, role: str = "") -> str:
    """`{% alert "warning" %}…{% endalert %}`: success, warning, error or info. An unknown word is shown as info."""
    known = variant if variant in COLORS else "info"
    context = {"content": content, "variant": known, "color": COLORS[known], "role": role}
    return render_to_string("components/alert.html", context)


@register.simple_tag
def tag(color: str, text: str, icon_name: str = "") -> SafeString:
    """`{% tag "success" "Kommer" %}`: neutral, accent, success, warning, danger or info."""
    inside = format_html('<span class="aksel-tag__icon--left">{}</span>', icons.icon(icon_name)) if icon_name else ""
    return format_html(
        '<span class="aksel-tag aksel-tag--small aksel-body-short aksel-body-short--small nm-tag" '
        'data-variant="moderate" data-color="{}">{}{}</span>',
        color,
        inside,
        text,
    )


@register.simple_tag
def button(text: str, *, variant: str = "primary", icon_name: str = "", **attributes: object) -> SafeString:
    """`{% button "Lagre" variant="primary" name="act" value="save" %}`: submits its form unless type= says otherwise.

    `href=` makes it a link that looks like a button; `color="danger"` is for what cannot be undone. An underscore in
    an attribute's name becomes a hyphen (`hx_get`, `data_wait`); None and False leave the attribute out.
    """
    attributes.setdefault("color", None)
    color = attributes.pop("color")
    size = "small" if attributes.pop("small", False) else "medium"
    element = "a" if attributes.get("href") else "button"
    if element == "button":
        attributes.setdefault("type", "submit")
    return format_html(
        '<{} class="aksel-button aksel-button--{}" data-variant="{}"{}{}>{}<span class="aksel-label">{}</span></{}>',
        element,
        size,
        variant,
        format_html(' data-color="{}"', color) if color else "",
        _attributes(attributes.items()),
        format_html('<span class="aksel-button__icon">{}</span>', icons.icon(icon_name)) if icon_name else "",
        text,
        element,
    )


def _attributes(pairs: Iterable[tuple[str, object]]) -> SafeString:
    given = [(name.replace("_", "-"), value) for name, value in pairs if value is not None and value is not False]
    return format_html_join("", ' {}="{}"', [(name, "" if value is True else value) for name, value in given])


@register.simple_tag
def field(bound: BoundField | str) -> str:
    """`{% field form.citizen_number %}`: label, help, input and error. Nothing where the form lacks the field."""
    return bound.as_field_group() if isinstance(bound, BoundField) else ""


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | Iterable[BaseForm] | None) -> dict[str, object]:
    """`{% error_summary form others %}`: every error with a link to its field. Nothing when all is well.

    One of several forms of a kind is named by its `called`: two fields of a page may have the same label.
    """
    problems: list[tuple[str, str]] = []
    for form in _each(forms):
        if not form.is_bound:
            continue
        called = f"{form.called}: " if hasattr(form, "called") else ""
        problems += [("", f"{called}{text}") for text in form.non_field_errors()]
        for bound in form:
            target = "" if bound.is_hidden else getattr(bound, "error_target", bound.id_for_label)
            problems += [(target, f"{called}{text}") for text in bound.errors]
    return {"problems": problems}


def _each(forms: Iterable[BaseForm | Iterable[BaseForm] | None]) -> Iterator[BaseForm]:
    for form in forms:
        if isinstance(form, BaseForm):
            yield form
        else:
            yield from form or ()


@register.filter
def base_page(surface: str | None) -> str:
    """The base page of a surface; the citizen's, which carries the number to ring, when nobody knows."""
    return PAGES.get(surface or "", PAGES["citizen"])


@register.filter
def with_link(text: str) -> str:
    """The text of a message with the place of its link in words."""
    return text.replace("{lenke}", "[lenke til møtet]")


@register.filter
def day(moment: date | None, language: str | None = None) -> str:
    """tirsdag 24. november 2026."""
    return dates.day(moment, language) if moment else ""


@register.filter
def short_day(moment: date | None, language: str | None = None) -> str:
    """tirsdag 24. november."""
    return dates.short_day(moment, language) if moment else ""


@register.filter
def after_weekday(moment: date | None, language: str | None = None) -> str:
    """24. november, directly behind the weekday."""
    return dates.after_weekday(moment, language) if moment else ""


@register.filter
def born(on: date | None) -> str:
    """24.11.1976, of a person."""
    return dates.born(on) if on else ""


@register.filter
def instant(moment: datetime | None) -> str:
    """2026-11-24T10:00:00+01:00, for the datetime attribute."""
    return dates.instant(moment) if moment else ""


@register.filter
def week(moment: date | None) -> str:
    """2026-W48, for an address."""
    return dates.week(moment) if moment else ""


@register.simple_tag
def zone() -> str:
    """norsk tid."""
    return dates.zone()


@register.filter
def weekday(moment: date | None, language: str | None = None) -> str:
    """tirsdag."""
    return dates.weekday(moment, language) if moment else ""


@register.filter
def clock(moment: datetime | None, language: str | None = None) -> str:
    """kl. 10.00."""
    return dates.clock(moment, language) if moment else ""


@register.filter
def hours(start: datetime | None, end: datetime | None) -> str:
    """10.00–10.45."""
    return dates.hours(start, end) if start and end else ""


@register.filter
def span(start: datetime | None, end: datetime | None) -> str:
    """kl. 10.00–10.45."""
    return dates.span(start, end) if start and end else ""


@register.filter(name="when")
def when_filter(start: datetime | None, end: datetime | None = None) -> str:
    """`{{ start|when:end }}`: tirsdag 24. november 2026 kl. 10.00–10.45, in the active language."""
    return dates.when(start, end) if start else ""


@register.simple_tag
def when(start: datetime | None, end: datetime | None = None, language: str | None = None) -> str:
    """`{% when start end "nn" %}`: the same in a language given."""
    return dates.when(start, end, language) if start else ""
