"""All texts, in all languages, for all times and formats: none that Min side would drop, none that tells too much."""

import dataclasses
import os
import string
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from invitations.messages import altinn_rules, ditt_nav, min_side_rules, notification, texts
from invitations.messages.texts.render import PARTNER_WORDS, WORDS
from invitations.messages.texts.words import TO_CITIZENS, TO_PARTNERS, Kind
from invitations.models import Occasion, Step
from meetings.models import Format

CASES = [
    *((occasion, Step.ONCE) for occasion in Occasion if occasion not in {Occasion.REMINDER, Occasion.REMOVED}),
    *((Occasion.REMINDER, step) for step in (Step.DAYS_7, Step.DAY_1, Step.HOUR_1)),
]
FACTS = st.builds(
    texts.Facts,
    starts_at=st.datetimes(
        min_value=datetime(2026, 1, 1),  # noqa: DTZ001
        max_value=datetime(2036, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    held=st.sampled_from(list(Format)),
    time_changed=st.booleans(),
    format_changed=st.booleans(),
)


def _event(occasion: str, step: str, language: str, facts: texts.Facts) -> dict[str, object]:
    said = {one: texts.render(occasion, step, one, facts) for one in texts.LANGUAGES}
    own = said[language]
    shown = ditt_nav.Notification(
        key=UUID(int=1),
        kind="oppgave" if occasion in notification.TASKS else "beskjed",
        ident="12838410047",
        sensitivity="substantial",
        link="https://navmeet.nav.no/i/x/",
        texts=tuple(ditt_nav.Text(one, words.ditt_nav, one == language) for one, words in said.items()),
        external=None if own.is_quiet else ditt_nav.External(own.sms, own.title, own.body),
        active_until=facts.starts_at + timedelta(hours=2),
    )
    return ditt_nav.opprett(shown, ditt_nav.Producer("dev", "navmeet", "navmeet"), facts.starts_at)


@given(case=st.sampled_from(CASES), language=st.sampled_from(texts.LANGUAGES), facts=FACTS)
@settings(max_examples=int(os.environ.get("TEXT_CASES", "2000")), deadline=None)
def test_no_text_is_refused_by_min_side(case: tuple[str, str], language: str, facts: texts.Facts) -> None:
    assert min_side_rules.problems_with(_event(*case, language, facts)) == []


def test_the_longest_time_fits_too() -> None:
    twice = [datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)]
    for starts_at in twice:
        for case in CASES:
            for language in texts.LANGUAGES:
                for other in (True, False):
                    facts = texts.Facts(starts_at=starts_at, held=Format.IN_PERSON, format_changed=other)
                    assert min_side_rules.problems_with(_event(*case, language, facts)) == []
                facts = texts.Facts(starts_at=starts_at, held=Format.PHONE)
                assert min_side_rules.problems_with(_event(*case, language, facts)) == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_kind_has_words_and_no_placeholder_is_left_over(language: str) -> None:
    assert set(WORDS[language]) == TO_CITIZENS
    allowed = {"when", "meeting", "how"}
    for words in WORDS[language].values():
        for text in (words.ditt_nav, words.sms, words.title, words.body):
            assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= allowed
        assert bool(words.sms) == bool(words.title) == bool(words.body)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_email_ends_with_the_number_to_ring(language: str) -> None:
    assert all("55 55 33 33" in words.body for words in WORDS[language].values() if words.body)


def test_only_the_answer_is_quiet() -> None:
    for language in texts.LANGUAGES:
        assert {kind for kind, words in WORDS[language].items() if not words.sms} == {Kind.ANSWERED}


def test_what_arrives_in_the_open_says_nothing_of_the_matter() -> None:
    for language in texts.LANGUAGES:
        for words in WORDS[language].values():
            outside = f"{words.sms} {words.title} {words.body}".lower()
            for told in ("referat", "minutes", "syke", "dagpenger", "tiltak", "oppfølging", "samtale"):
                assert told not in outside


def test_a_language_without_texts_is_never_replaced_silently() -> None:
    with pytest.raises(KeyError):
        texts.render(Occasion.INVITED, Step.ONCE, "se", texts.Facts(datetime(2027, 1, 1, tzinfo=UTC), Format.VIDEO))


def test_the_words_of_the_house_in_three_languages() -> None:
    facts = texts.Facts(datetime(2026, 11, 24, 9, tzinfo=UTC), Format.VIDEO)
    said = {one: texts.render(Occasion.INVITED, Step.ONCE, one, facts).ditt_nav for one in texts.LANGUAGES}
    assert said == {
        "nb": "Du har fått et videomøte med Nav tirsdag 24. november kl. 10.00. Les om møtet, og svar om du kommer.",
        "nn": "Du har fått eit videomøte med Nav tysdag 24. november kl. 10.00. Les om møtet, og svar om du kjem.",
        "en": (
            "You have a video meeting with Nav on Tuesday 24 November at 10:00. "
            "Read about the meeting, and answer whether you can come."
        ),
    }


def test_in_english_a_day_is_told_with_on_and_nothing_is_word_for_word_norwegian() -> None:
    for words in [*WORDS["en"].values(), *PARTNER_WORDS["en"].values()]:
        for text in (words.ditt_nav, words.sms, words.title, words.body):
            before = text.split("{when}")[:-1]
            assert all(part.endswith((" on ", " moved to ")) for part in before), text
            assert not any(stiff in text for stiff in ("You find the", "what is true", "are not to"))


PARTNER_CASES = [
    (Occasion.INVITED, Step.ONCE),
    (Occasion.MOVED, Step.ONCE),
    (Occasion.FORMAT_CHANGED, Step.ONCE),
    (Occasion.CANCELLED, Step.ONCE),
    (Occasion.REMOVED, Step.ONCE),
    (Occasion.REMINDER, Step.DAY_1),
    (Occasion.REMINDER, Step.HOUR_1),
]


@given(case=st.sampled_from(PARTNER_CASES), language=st.sampled_from(texts.LANGUAGES), facts=FACTS)
@settings(max_examples=int(os.environ.get("TEXT_CASES", "500")), deadline=None)
def test_no_email_is_refused_and_it_carries_only_the_link_and_the_number_to_ring(
    case: tuple[str, str], language: str, facts: texts.Facts
) -> None:
    words = texts.render(*case, language, dataclasses.replace(facts, to_partner=True))
    link = f"{django_settings.PUBLIC_BASE_URL}/i/abc/"
    body = words.body.replace(texts.LINK_PLACEHOLDER, link)
    assert altinn_rules.problems_with_email("lege@eksempel.no", words.title, body) == []
    assert (words.ditt_nav, words.sms) == ("", "")
    left = body.replace(link, "").replace("55 55 33 33", "").replace(texts.when(facts.starts_at, language), "")
    assert not any(character.isdigit() for character in left + words.title), "a number of somebody or something"
    for told in ("syke", "sjuk", "sick", "dialog", "oppfølg", "legen", "lege ", "arbeidsgiver", "doctor", "employer"):
        assert told not in f"{words.title} {left}".lower()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_partner_has_words_for_all_they_are_told_and_no_link_when_it_leads_nowhere(language: str) -> None:
    assert set(PARTNER_WORDS[language]) == TO_PARTNERS
    for kind, words in PARTNER_WORDS[language].items():
        assert ("{link}" in words.body) == (kind not in {Kind.CANCELLED, Kind.REMOVED})
        assert "55 55 33 33" in words.body
