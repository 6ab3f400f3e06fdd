"""Every template compiles, keeps the strict CSP, and every error page says what happened and what to do."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

from navmeet.accounts.lost import Refilled
from navmeet.dev import assets
from navmeet.look import icons

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "navmeet", ROOT / "meetings", ROOT / "invitations", ROOT / "minutes"]
PAGES = sorted(path for folder in FOLDERS for path in folder.rglob("templates/**/*.html"))
SCRIPTS = sorted((ROOT / "navmeet" / "static").rglob("*.js"))
CODES = ("400", "401", "403", "404", "409", "412", "422", "429", "503")
OURS = ROOT / "navmeet" / "templates"

# What a strict CSP refuses, or what would fetch from somebody else's address.
FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*="),
    "an inline handler": re.compile(r"<[^>{]*\son[a-z]+\s*="),
    "a script of text": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")"),
    "a script without a nonce": re.compile(r"<script\b(?![^>]*\bnonce=)(?![^>]*type=\"application/json\")"),
    "htmx that needs eval": re.compile(r"\bhx-on\b|\bhx-vals=['\"]js:|\bjs:"),
    "a script address": re.compile(r"javascript:"),
    "another host": re.compile(r"(?:src|href)=[\"'](?:https?:)?//(?!\{)[^\"']*\.(?:js|css|woff2?|png|svg)"),
}


@pytest.fixture(autouse=True)
def _without_the_pages_layer(settings: Settings) -> None:
    """The look stands below the pages: it renders without what they add to every context."""
    [engine] = settings.TEMPLATES
    kept = [name for name in engine["OPTIONS"]["context_processors"] if name.startswith("django.")]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "context_processors": kept}}]


def breaches(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_keeps_the_csp(path: Path) -> None:
    assert breaches(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">', "<style>p{}</style>", '<button onclick="x()">', "<script>x()</script>",
        '<script src="/a.js"></script>', '<div hx-on:click="x">', '<a href="javascript:x()">',
        '<link href="https://cdn.example.org/a.css">',
    ],
)  # fmt: skip
def test_the_search_finds_what_a_strict_csp_refuses(text: str) -> None:
    assert breaches(text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_compiles(path: Path) -> None:
    assert get_template(path.relative_to(next(p for p in path.parents if p.name == "templates")).as_posix())


def test_our_scripts_need_no_eval_and_keep_nothing_in_the_browser() -> None:
    assert SCRIPTS
    for path in SCRIPTS:
        assert not re.search(
            r"\beval\(|new Function|innerHTML|localStorage|sessionStorage|document\.write", path.read_text()
        )


def error_page(code: str, surface: str, language: str, **more: object) -> str:
    context = {"problem": {"title": "", "detail": "", "code": ""}, "surface": surface, **more}
    with translation.override(language):
        return get_template(f"errors/{code}.html").render(context, RequestFactory().get("/"))


@pytest.mark.parametrize("code", [*CODES, "session_lost"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_citizens_error_page_has_a_heading_a_way_on_and_the_number_to_ring(code: str, language: str) -> None:
    page = error_page(code, "citizen", language)
    main = page.split("<main")[1].split("</main>")[0]
    assert re.search(r"<h1>[^<]{8,}</h1>", main)
    assert "55 55 33 33" in main
    assert page.count("55 55 33 33") == 1, "in the footer too, it is read twice"
    assert "aksel-button" in main
    assert f'<html lang="{language}">' in page
    if language != "nb":
        assert not re.search(r"\b(ikke|noe|siden din|hvis|møtene)\b", main)


@pytest.mark.parametrize("code", CODES)
def test_an_error_page_for_staff_wears_the_staff_look_and_shows_the_detail(code: str) -> None:
    page = error_page(code, "staff", "nb", problem={"detail": "Rommet <er> opptatt."})
    assert "nm-staff-header" in page
    assert "Rommet &lt;er&gt; opptatt." in page


def test_an_error_that_says_whom_to_ring_does_not_say_it_again() -> None:
    told = {"detail": "Møtet har startet. Ring oss på 55 55 33 33 hvis du ikke kan komme."}
    assert error_page("409", "citizen", "nb", problem=told).count("55 55 33 33") == 1


def test_an_unknown_surface_gets_the_page_with_the_number() -> None:
    assert "55 55 33 33" in error_page("404", "", "nb")


def test_a_lost_session_gives_every_field_back_escaped() -> None:
    fields = [Refilled("version", "3"), Refilled("text", '</textarea><script>"', "Merknad")]
    page = error_page("session_lost", "citizen", "nb", fields=fields, action="/my/remark/")
    assert '<input type="hidden" name="version" value="3">' in page
    assert "&lt;/textarea&gt;&lt;script&gt;&quot;</textarea>" in page
    assert 'action="/my/remark/"' in page
    assert "csrfmiddlewaretoken" in page
    assert "Logg inn i en ny fane, og trykk så på knappen igjen" in page


def test_the_page_for_our_own_fault_needs_no_template_engine() -> None:
    page = (OURS / "errors" / "500.html").read_text(encoding="utf-8")
    assert "{%" not in page
    assert "{{" not in page
    assert "55 55 33 33" in page


def test_the_base_pages_have_landmarks_a_skip_link_and_a_language_switcher() -> None:
    page = error_page("404", "citizen", "nn")
    for part in ('href="#main"', '<main id="main"', "<header", "<footer", 'action="/language/"', 'lang="en"'):
        assert part in page


def test_who_is_logged_in_stands_on_the_staff_page_with_a_form_to_log_out() -> None:
    request = RequestFactory().get("/")
    request.actor_name = "Ingrid <Solberg>"  # type: ignore[attr-defined]
    page = get_template("base_staff.html").render({}, request)
    assert "Ingrid &lt;Solberg&gt;" in page
    assert '<form method="post" action="/logout/">' in page
    assert re.search(r'href="/" aria-current="page">Uken', page)


def test_every_icon_is_drawn_and_hidden_from_screen_readers() -> None:
    for name in {*icons.SOLID, *icons.LINES}:
        assert 'aria-hidden="true"' in icons.icon(name)
    with pytest.raises(KeyError):
        icons.icon("no-such-icon")


@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    folder = ROOT / "navmeet" / "look" / "locale" / language / "LC_MESSAGES"
    written = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (folder / "django.po").read_text("utf-8"), re.M))
    with (folder / "django.mo").open("rb") as compiled:
        catalogue = GNUTranslations(compiled)
    assert written
    assert {text: catalogue.gettext(text) for text in written} == written


def test_every_text_of_the_look_is_translated() -> None:
    frame = [*OURS.glob("base*.html"), *(OURS / "components").glob("*.html"), *(OURS / "errors").glob("*.html")]
    sources = [*frame, *(OURS / "django").rglob("*.html"), ROOT / "navmeet" / "look" / "wording.py"]
    texts = {found for path in sources for found in re.findall(r'(?:translate |_\()"([^"]+)"', path.read_text("utf-8"))}
    for language in ("nn", "en"):
        written = (ROOT / "navmeet" / "look" / "locale" / language / "LC_MESSAGES" / "django.po").read_text("utf-8")
        assert {text for text in texts if f'msgid "{text}"' not in written} == set()


def test_the_styles_ask_nobody_outside() -> None:
    for path in (ROOT / "navmeet" / "static").rglob("*.css"):
        assert not assets.OUTSIDE.search(path.read_text(encoding="utf-8"))
    css, files = assets.fonts()
    assert not assets.OUTSIDE.search(assets.aksel() + css)
    assert len(files) == css.count("@font-face")


def test_missing_packages_are_named_with_the_command_that_brings_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "PACKAGES", tmp_path / "node_modules")
    with pytest.raises(assets.MissingPackage, match="npm ci"):
        assets.aksel()


def test_the_lock_file_names_no_address() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "://" not in re.sub(r'"url": "[^"]*"', "", lock)
