"""Everything a citizen can read on a page exists in nynorsk and English, and is compiled as it is written."""

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = [
    *(ROOT / "navmeet" / "pages" / "templates" / "pages" / "citizen").glob("*.html"),
    *(ROOT / "navmeet" / "pages" / "templates" / "pages" / "partner").glob("*.html"),
    *(ROOT / "navmeet" / "templates" / "accounts").glob("*.html"),
    *(ROOT / "navmeet" / "templates" / "errors").glob("*.html"),
    *(ROOT / "navmeet" / "templates" / "components").glob("*.html"),
    ROOT / "navmeet" / "templates" / "base.html",
    ROOT / "navmeet" / "templates" / "base_citizen.html",
    *(ROOT / "minutes" / "templates" / "minutes").glob("citizen_*.html"),
    ROOT / "minutes" / "templates" / "minutes" / "as_read.html",
]
SPOKEN = [
    *(ROOT / "navmeet" / "pages" / "citizen").glob("*.py"),
    *(ROOT / "navmeet" / "pages" / "partner").glob("*.py"),
    *(ROOT / "navmeet" / "accounts").glob("*.py"),
]
# Modules whose errors a citizen can meet; their sentences are translated where they are shown.
DOMAIN = [
    *(
        ROOT / "invitations" / f"{name}.py"
        for name in (
            "answers",
            "suggesting",
            "wishes",
            "what_happened",
            "codes",
            "consents",
            "partners",
            "releases",
            "entering",
            "links",
            "reading",
            "door",
            "lobby",
            "visits",
            "waiting",
        )
    ),
    ROOT / "invitations" / "permissions.py",
    ROOT / "meetings" / "states.py",
    ROOT / "minutes" / "reading.py",
    ROOT / "navmeet" / "errors.py",
]
RAISED = {"NotFound", "NotPermitted", "Conflict", "WrongState", "Invalid", "Stale", "Unavailable", "_told"}
CATALOGUES = [
    ROOT / "navmeet" / "locale",
    ROOT / "navmeet" / "pages" / "locale",
    ROOT / "invitations" / "locale",
    ROOT / "navmeet" / "look" / "locale",
    ROOT / "minutes" / "locale",
]


def in_templates() -> Iterator[str]:
    for path in TEMPLATES:
        for found in re.findall(
            r"""gettext\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\)""", templatize(path.read_text())
        ):
            yield ast.literal_eval(found)
        yield from re.findall(r'_\("([^"]+)"\)', path.read_text(encoding="utf-8"))


def in_code() -> Iterator[str]:
    for path in SPOKEN:
        for call in _calls(path):
            if getattr(call.func, "id", "") == "_":
                yield from _sentences(call.args[0])


def in_errors() -> Iterator[str]:
    for path in DOMAIN:
        for call in _calls(path):
            if getattr(call.func, "id", "") in RAISED:
                for argument in call.args:
                    yield from _sentences(argument)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {
                "_SENTENCES",
                "SENTENCES",
                "NOT_LET_IN",
            }:
                yield from _sentences(node.value)


def _calls(path: Path) -> Iterator[ast.Call]:
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return (node for node in found if isinstance(node, ast.Call) and node.args)


def _sentences(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def written(folder: Path, language: str) -> dict[str, str]:
    text = (folder / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.MULTILINE)
    assert len(pairs) == text.count("\nmsgid ")
    return dict(pairs)


@pytest.mark.parametrize("language", ["nn", "en"])
def test_no_text_that_a_citizen_can_read_lacks_a_language(language: str) -> None:
    texts = {*in_templates(), *in_code(), *in_errors()}
    assert len(texts) > 150
    have = {text for folder in CATALOGUES for text in written(folder, language)}
    assert texts - have == set()


@pytest.mark.parametrize("folder", CATALOGUES[:2], ids=lambda folder: folder.parent.name)
@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_compiled_catalogue_of_the_pages_is_the_written_one(language: str, folder: Path) -> None:
    kept = written(folder, language)
    with (folder / language / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        catalogue = GNUTranslations(compiled)
    assert {text: catalogue.gettext(text) for text in kept} == kept


def test_a_translation_holds_what_is_filled_in_and_no_english_text_is_norwegian() -> None:
    fill = re.compile(r"%\(\w+\)s")
    both = {language: written(CATALOGUES[0], language) | written(CATALOGUES[1], language) for language in ("nn", "en")}
    for texts in both.values():
        for text, translated in texts.items():
            assert fill.findall(text) == fill.findall(translated), text
    for text, translated in both["en"].items():
        assert not re.search(r"[æøåÆØÅ]|\b(ikke|ikkje|eller|møte)\b", translated), text
    for text, translated in both["nn"].items():
        assert not re.search(r"\b(ikke|jeg|hva|hvem|noe|fra|hvordan|siden?n|nå|ble)\b", translated), text


def test_django_itself_finds_the_catalogues() -> None:
    with translation.override("nn"):
        assert translation.gettext("Jeg kan ikke komme") == "Eg kan ikkje kome"
    with translation.override("en"):
        assert translation.gettext("Møtet er allerede avlyst.") == "The meeting is already cancelled."
