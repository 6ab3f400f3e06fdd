"""Days and times are read by the clock in Oslo, in three languages, also the nights the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import engines
from django.utils import translation

from navmeet.look import dates
from navmeet.look.dates import OSLO

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
END = START + timedelta(minutes=45)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", "tirsdag 24. november 2026 kl. 10.00–10.45"),
        ("nn", "tysdag 24. november 2026 kl. 10.00–10.45"),
        ("en", "Tuesday 24 November 2026 at 10:00–10:45"),
        ("se", "tirsdag 24. november 2026 kl. 10.00–10.45"),
    ],
)
def test_a_time_is_said_in_the_language_given_and_in_bokmal_where_we_have_no_words(
    language: str, expected: str
) -> None:
    assert dates.when(START, END, language) == expected


def test_the_active_language_is_used_when_none_is_given() -> None:
    with translation.override("nn"):
        assert dates.weekday(date(2026, 11, 28)) == "laurdag"
        assert dates.weekday(date(2026, 11, 29)) == "sundag"


def test_every_day_and_month_has_a_word_in_every_language() -> None:
    for language in ("nb", "nn", "en"):
        said = {dates.day(date(2026, 1, 1) + timedelta(days=n), language) for n in range(365)}
        assert len(said) == 365
        assert len(dates.WEEKDAYS[language]) == 7
        assert len(dates.MONTHS[language]) == 12


@pytest.mark.parametrize(
    ("utc", "nb", "nn", "en"),
    [
        # The clocks go forward on 29 March 2026 at 01.00 UTC: 02.00 to 03.00 does not exist.
        ((3, 29, 0, 59), "kl. 01.59", "kl. 01.59", "at 01:59"),
        ((3, 29, 1, 0), "kl. 03.00", "kl. 03.00", "at 03:00"),
        # They go back on 25 October 2026 at 01.00 UTC: 02.00 to 03.00 exists twice.
        ((10, 25, 0, 30), "kl. 02.30 (sommertid)", "kl. 02.30 (sommartid)", "at 02:30 (summer time)"),
        ((10, 25, 1, 30), "kl. 02.30 (normaltid)", "kl. 02.30 (normaltid)", "at 02:30 (standard time)"),
        ((10, 25, 2, 0), "kl. 03.00", "kl. 03.00", "at 03:00"),
    ],
)
def test_the_clock_is_right_when_the_clocks_change(utc: tuple[int, int, int, int], nb: str, nn: str, en: str) -> None:
    moment = datetime(2026, *utc, tzinfo=UTC)
    assert [dates.clock(moment, language) for language in ("nb", "nn", "en")] == [nb, nn, en]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ((2027, 3, 28, 0, 30), (2027, 3, 28, 2, 30), "kl. 01.30–04.30 (klokka stilles fram)"),
        ((2027, 10, 30, 23, 30), (2027, 10, 31, 2, 30), "kl. 01.30–03.30 (klokka stilles tilbake)"),
        ((2027, 10, 30, 23, 30), (2027, 10, 31, 1, 30), "kl. 01.30–02.30 (normaltid)"),
        ((2027, 3, 28, 1, 0), (2027, 3, 28, 1, 45), "kl. 03.00–03.45"),
    ],
)
def test_a_span_over_a_change_of_the_clock_says_so(start: tuple[int, ...], end: tuple[int, ...], said: str) -> None:
    both = datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC)  # type: ignore[misc, arg-type]
    assert dates.span(*both, "nb") == said
    assert dates.when(*both, "nb").endswith(said)


def test_the_day_is_the_one_in_oslo_and_not_in_utc() -> None:
    assert dates.day(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "nb") == "søndag 29. mars 2026"
    assert dates.day(datetime(2026, 10, 24, 22, 30, tzinfo=UTC), "nb") == "søndag 25. oktober 2026"


def test_a_time_that_ends_another_day_says_both_days() -> None:
    start = datetime(2026, 10, 24, 23, 0, tzinfo=OSLO)
    said = dates.when(start, start + timedelta(hours=2), "nb")
    assert said == "lørdag 24. oktober 2026 kl. 23.00 til søndag 25. oktober 2026 kl. 01.00"


@pytest.mark.parametrize(
    ("language", "span", "hours"),
    [
        ("nb", "kl. 23.30 til onsdag 25. november kl. 00.30", "23.30–00.30 (onsdag)"),
        ("nn", "kl. 23.30 til onsdag 25. november kl. 00.30", "23.30–00.30 (onsdag)"),
        ("en", "at 23:30 to Wednesday 25 November at 00:30", "23:30–00:30 (Wednesday)"),
    ],
)
def test_a_span_into_the_next_day_says_which_day_it_ends(language: str, span: str, hours: str) -> None:
    start = datetime(2026, 11, 24, 23, 30, tzinfo=OSLO)
    assert dates.span(start, start + timedelta(hours=1), language) == span
    assert dates.hours(start, start + timedelta(hours=1), language) == hours


def test_every_day_that_is_said_has_its_weekday_in_every_language() -> None:
    for language in ("nb", "nn", "en"):
        for number in range(7):
            moment = START + timedelta(days=number)
            weekday = dates.WEEKDAYS[language][moment.weekday()]
            for said in (dates.day, dates.short_day, dates.when):
                assert said(moment, language=language).startswith(f"{weekday} ")


def test_the_zone_is_said_in_the_readers_language() -> None:
    assert [dates.zone(one) for one in ("nb", "nn", "en", "se")] == ["norsk tid"] * 2 + ["Norwegian time", "norsk tid"]


def test_a_week_in_an_address_is_that_of_the_day_in_oslo() -> None:
    assert dates.week(datetime(2027, 1, 3, 23, 30, tzinfo=UTC)) == "2027-W01"
    assert dates.week(date(2027, 1, 3)) == "2026-W53"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no instant"):
        dates.clock(datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001 the fault that is looked for


def test_templates_say_the_same_and_nothing_of_a_time_that_is_not_set() -> None:
    text = (
        '{{ s|day }}|{{ s|clock }}|{{ s|when:e }}|{% when s e "nn" %}|{{ s|hours:e }}|{{ s|span:e }}|'
        "{{ s|short_day }}|{{ n|when:n }}|{{ s|weekday }} {{ s|after_weekday }}|{{ s|instant }}|{{ s|week }}|{% zone %}"
    )
    said = engines["django"].from_string(text).render({"s": START, "e": END, "n": None})
    assert said == (
        "tirsdag 24. november 2026|kl. 10.00|tirsdag 24. november 2026 kl. 10.00–10.45"
        "|tysdag 24. november 2026 kl. 10.00–10.45|10.00–10.45|kl. 10.00–10.45|tirsdag 24. november|"
        "|tirsdag 24. november|2026-11-24T10:00:00+01:00|2026-W48|norsk tid"
    )
