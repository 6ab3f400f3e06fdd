"""All texts, in all cases: none unfinished, none that its receiver would drop, none that tells too much."""

import string
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from invitations.messages import altinn_rules, ditt_nav, min_side_rules, texts
from invitations.messages.log import message_log
from invitations.messages.occasions import OF_MINUTES, TASKS
from invitations.messages.texts.render import HOW, MEETING, PARTNER_WORDS, STANDS, WORDS
from invitations.messages.texts.words import PLAIN, TO_CITIZENS, TO_PARTNERS, Kind
from invitations.models import Occasion, Step
from meetings.models import Format
from navmeet.dev import ditt_nav_rules
from navmeet.dev.altinn import checks
from tests import make
from tests.invitations.messages.texts_of_all import Case, cases

# Raise VERSION with every change of a sentence: what was sent says by it which sentences were in force.
VERSION_AND_DIGEST = ("11", "b08d30b949dc7726")


def _event(case: Case) -> dict[str, Any]:
    said = {one: case.rendered(one) for one in texts.LANGUAGES}
    own = said[case.language]
    shown = ditt_nav.Notification(
        key=UUID(int=1),
        kind="oppgave" if case.occasion in TASKS else "beskjed",
        ident="12838410047",
        sensitivity="high" if case.occasion in OF_MINUTES else "substantial",
        link="https://navmeet.nav.no/i/x/",
        texts=tuple(ditt_nav.Text(one, words.ditt_nav, one == case.language) for one, words in said.items()),
        external=None if own.is_quiet else ditt_nav.External(own.sms, own.title, own.body),
        active_until=case.facts.starts_at + timedelta(hours=2),
    )
    return ditt_nav.opprett(shown, ditt_nav.Producer("dev", "navmeet", "navmeet"), case.facts.starts_at)


def test_every_text_to_a_citizen_is_whole_and_taken_by_min_side() -> None:
    said: set[texts.Rendered] = set()
    for case in cases(to_partner=False):
        words = case.rendered()
        said.add(words)
        assert words.ditt_nav.strip(), case
        assert bool(words.sms) == bool(words.title) == bool(words.body), case
        assert not any(sign in text for text in words.as_dict().values() for sign in "{}"), case
        event = _event(case)
        assert min_side_rules.problems_with(event) == [], case
        assert ditt_nav_rules.refusals(event) == [], case
    # Every sentence was looked at: none is written for a case that cannot come.
    assert {kind for kind in TO_CITIZENS if not any(_is_of(one, kind) for one in said)} == set()


def _is_of(words: texts.Rendered, kind: Kind) -> bool:
    beginning = WORDS["nb"][kind].ditt_nav.partition("{")[0]
    return words.ditt_nav.startswith(beginning)


def test_every_email_to_a_partner_is_whole_and_taken_by_altinn() -> None:
    for case in cases(to_partner=True):
        words = case.rendered()
        assert (words.ditt_nav, words.sms) == ("", "")
        assert words.title.strip(), case
        link = f"{settings.PUBLIC_BASE_URL}/i/abc/"
        body = words.body.replace(texts.LINK_PLACEHOLDER, link)
        assert not any(sign in words.title + body for sign in "{}"), case
        assert altinn_rules.problems_with_email("lege@eksempel.no", words.title, body) == [], case
        order = {
            "idempotencyId": "1",
            "recipientEmail": {
                "emailAddress": "lege@eksempel.no",
                "emailSettings": {"subject": words.title, "body": body, "contentType": "Plain"},
            },
        }
        assert checks.email(order) == {}, case


def test_an_email_to_a_partner_carries_the_link_and_the_number_to_ring_and_nothing_else() -> None:
    for case in cases(to_partner=True):
        words = case.rendered()
        left = words.body.replace("55 55 33 33", "").replace(case.facts.when(case.language), "")
        assert not any(character.isdigit() for character in left + words.title), "a number of somebody or something"
        for told in ("syke", "sjuk", "sick", "dialog", "oppfølg", "legen", "lege ", "arbeidsgiver", "doctor", "employ"):
            assert told not in f"{words.title} {left}".lower()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_kind_has_words_with_placeholders_that_are_known(language: str) -> None:
    assert set(WORDS[language]) == TO_CITIZENS
    for words in WORDS[language].values():
        for text in (words.ditt_nav, words.sms, words.title, words.body):
            assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= {"when", "meeting", "how"}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_email_ends_with_the_number_to_ring(language: str) -> None:
    assert all("55 55 33 33" in words.body for words in WORDS[language].values() if words.body)


def test_only_the_answer_and_plain_words_are_quiet() -> None:
    for language in texts.LANGUAGES:
        assert {kind for kind, words in WORDS[language].items() if not words.sms} == {Kind.ANSWERED, *PLAIN}


def test_plain_words_can_always_be_said() -> None:
    """Nothing is filled in: no value can break them."""
    assert not any("{" in WORDS[language][kind].ditt_nav for language in texts.LANGUAGES for kind in PLAIN)


def test_what_arrives_in_the_open_says_nothing_of_the_matter() -> None:
    for language in texts.LANGUAGES:
        for words in WORDS[language].values():
            outside = f"{words.sms} {words.title} {words.body}".lower()
            for told in ("referat", "minutes", "syke", "dagpenger", "tiltak", "oppfølging", "samtale"):
                assert told not in outside


def test_a_language_without_texts_is_never_replaced_silently() -> None:
    with pytest.raises(texts.NoWords):
        texts.render(Occasion.INVITED, Step.ONCE, "se", texts.Facts(datetime(2027, 1, 1, tzinfo=UTC), Format.VIDEO))


def test_no_sentence_is_another_without_a_new_version() -> None:
    sentences = [
        repr(sorted((language, kind, words) for kind, words in of.items()))
        for table in (WORDS, PARTNER_WORDS)
        for language, of in sorted(table.items())
    ]
    parts = [repr(sorted(table.items())) for table in (STANDS, HOW, MEETING)]
    digest = sha256("".join([*sentences, *parts]).encode()).hexdigest()
    assert (texts.VERSION, digest[:16]) == VERSION_AND_DIGEST


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


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (Format.IN_PERSON, "Møtestedet for møtet ditt med Nav tirsdag 24. november kl. 10.00 er endret. "),
        (Format.PHONE, "Noe er endret ved telefonmøtet ditt med Nav tirsdag 24. november kl. 10.00. "),
        (Format.VIDEO, "Møtet ditt med Nav tirsdag 24. november kl. 10.00 er endret. "),
    ],
)
def test_another_place_is_said_as_one_takes_part(held: Format, said: str) -> None:
    facts = texts.Facts(datetime(2026, 11, 24, 9, tzinfo=UTC), held, time_changed=False, place_changed=True)
    assert texts.render(Occasion.MOVED, Step.ONCE, "nb", facts).ditt_nav.startswith(said)


@pytest.mark.django_db
def test_a_day_that_another_of_its_name_comes_before_is_told_with_its_year() -> None:
    far, near = make.meeting(day=date(2028, 1, 13)), make.meeting(day=date(2027, 10, 14))
    told = [
        {line.occasion: line.text["sms"] for line in message_log(one, make.NOW) if line.text} for one in (far, near)
    ]
    assert "torsdag 13. januar 2028 kl. 10.00" in told[0]["INVITED"]
    assert "torsdag 14. oktober kl. 10.00" in told[1]["INVITED"]
    assert "torsdag 13. januar kl. 10.00" in told[0]["REMINDER"], "a week before, nobody asks which"


def test_in_english_a_day_is_told_with_on_and_nothing_is_word_for_word_norwegian() -> None:
    for words in [*WORDS["en"].values(), *PARTNER_WORDS["en"].values()]:
        for text in (words.ditt_nav, words.sms, words.title, words.body):
            before = text.split("{when}")[:-1]
            assert all(part.endswith((" on ", " moved to ")) for part in before), text
            assert not any(stiff in text for stiff in ("You find the", "what is true", "are not to"))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_partner_has_words_for_all_they_are_told_and_no_link_when_it_leads_nowhere(language: str) -> None:
    assert set(PARTNER_WORDS[language]) == TO_PARTNERS
    for kind, words in PARTNER_WORDS[language].items():
        assert ("{link}" in words.body) == (kind not in {Kind.CANCELLED, Kind.REMOVED})
        assert "55 55 33 33" in words.body


@pytest.mark.django_db
def test_the_reminder_of_an_hour_before_says_soon_only_when_it_is() -> None:
    sunday, weekday = (
        make.meeting(day=day, clock=time(10), at=datetime(2027, 1, 16, 12, tzinfo=UTC))
        for day in (date(2027, 1, 17), date(2027, 1, 19))
    )
    told = {
        meeting.pk: next(line for line in message_log(meeting, make.NOW) if line.step == Step.HOUR_1)
        for meeting in (sunday, weekday)
    }
    evening_before, hour_before = told[sunday.pk], told[weekday.pk]
    assert sunday.starts_at - evening_before.due_at > timedelta(hours=12)
    assert evening_before.text["title"] == "Påminnelse om møte med Nav"
    assert "søndag 17. januar kl. 10.00" in evening_before.text["sms"]
    assert hour_before.text["title"] == "Møtet ditt med Nav starter snart"


def test_a_change_to_a_meeting_in_person_reads_as_people_say_it() -> None:
    facts = texts.Facts(datetime(2026, 11, 24, 9, tzinfo=UTC), Format.IN_PERSON)
    said = {one: texts.render(Occasion.FORMAT_CHANGED, Step.ONCE, one, facts).ditt_nav for one in texts.LANGUAGES}
    assert "blir et fysisk møte." in said["nb"]
    assert "blir eit fysisk møte." in said["nn"]
    assert "will be held in person." in said["en"]
