"""What people are told when they log in, in each language of theirs."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "navmeet" / "accounts" / "locale"
SOURCES = [
    *(ROOT / "navmeet" / "accounts").glob("*.py"),
    *(ROOT / "navmeet" / "templates" / "accounts").glob("*.html"),
    ROOT / "navmeet" / "errors.py",
]


def catalogue(path: Path) -> dict[str, str]:
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', path.read_text("utf-8"), re.M))


@pytest.mark.parametrize("language", ["nn", "en"])
def test_every_text_is_translated_and_compiled_as_written(language: str) -> None:
    texts = {text for path in SOURCES for text in re.findall(r'(?:translate |\b_\()"([^"]+)"', path.read_text("utf-8"))}
    folder = CATALOGUES / language / "LC_MESSAGES"
    written = catalogue(folder / "django.po")
    look = catalogue(ROOT / "navmeet" / "look" / "locale" / language / "LC_MESSAGES" / "django.po")
    assert len(texts) > 15
    assert texts - set(written) - set(look) == set()
    with (folder / "django.mo").open("rb") as compiled:
        translations = GNUTranslations(compiled)
    assert {text: translations.gettext(text) for text in written} == written
