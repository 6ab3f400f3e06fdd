"""What a person may write, one rule for pages and API."""

import unicodedata

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from navmeet.api.text import clean
from navmeet.exceptions import Invalid


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.text(st.characters(codec=None), max_size=40), st.booleans())
def test_what_comes_through_can_be_stored_and_shown_and_comes_through_again(text: str, lines: bool) -> None:
    try:
        kept = clean(text, field="theme", longest=30, lines=lines)
    except Invalid:
        event("refused")
        return
    assert len(kept) <= 30
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert lines or "\n" not in kept
    assert clean(kept, field="theme", longest=30, lines=lines) == kept


def test_letters_written_in_two_ways_are_kept_in_one() -> None:
    apart = unicodedata.normalize("NFD", "Åse Sørbø")
    assert clean(apart, field=None, longest=9) == "Åse Sørbø"


@pytest.mark.parametrize(
    "text", ["Ærlig talt – «ja»!", "Čáhci", "日本語", "👩‍👩‍👧 familie", "🫩 newer than this Python", "e-post: a@b.no"]
)
def test_what_people_do_write_is_let_through(text: str) -> None:
    assert clean(text, field=None, longest=100) == text


def test_a_text_as_long_as_it_may_be_is_let_through_and_one_more_is_not() -> None:
    assert clean(" " + "å" * 100 + "\n", field=None, longest=100) == "å" * 100
    with pytest.raises(Invalid, match="høyst 100 tegn"):
        clean("å" * 101, field=None, longest=100)
