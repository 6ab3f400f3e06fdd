"""What citizens read of minutes is there in nynorsk and English too."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest

import minutes
from minutes.sections import SectionCode

HERE = Path(minutes.__file__).parent
TEMPLATES = HERE / "templates" / "minutes"
SENTENCE = re.compile(r"""(?:translate |_\()"([^"]+)\"""")
BLOCK = re.compile(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", re.DOTALL)


def sentences() -> set[str]:
    found = {str(label) for label in SectionCode.labels}
    for page in ("as_read", "citizen_list", "citizen_one"):
        text = (TEMPLATES / f"{page}.html").read_text("utf-8")
        found |= set(SENTENCE.findall(text))
        found |= {re.sub(r"{{ (\w+) }}", r"%(\1)s", block) for block in BLOCK.findall(text)}
    return found


@pytest.mark.parametrize("language", ["nn", "en"])
def test_every_sentence_is_translated(language: str) -> None:
    with (HERE / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        catalogue: dict[str, str] = GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    assert len(sentences()) == 14
    assert not [sentence for sentence in sentences() if not catalogue.get(sentence)]
