"""Which addresses and texts may leave, and the words for those who wrote one that may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from invitations.messages.altinn_rules import problems_with_email, problems_with_sms
from meetings.contacts import email_address, mobile_number
from navmeet.dev.altinn import checks
from navmeet.exceptions import Invalid

PHONE = "+4749000000"
ADDRESS = "lege@legekontor.example"


@pytest.mark.parametrize(
    "written",
    [
        *("49000000", "490 00 000", " 49 00 00 00 ", "+4749000000", "+47 490 00 000", "0047 49000000", "47 490 00 000"),
        *("490-00-000", "(+47) 49.00.00.00", "490\u00a000\u00a0000"),
    ],
)
def test_a_norwegian_mobile_number_is_known_however_it_is_written(written: str) -> None:
    assert mobile_number(written) == PHONE


def test_a_number_abroad_needs_its_country_code() -> None:
    assert mobile_number("+46 70 000 00 00") == "+46700000000"
    assert mobile_number("0046700000000") == "+46700000000"


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "22000000", "+4722000000", "4900000", "490000000", "+47490000000", "+", "+0123456789", "12345"),
        *("noe", "49000000x", "+47 4900 000a", "４９００００００", "+1234567890123456", "tlf: 49000000"),
        *("<script>", "9" * 10_000, "😀49000000", "01890000000", "47"),
    ],
)
def test_what_is_no_mobile_number_is_said_beside_the_field(written: str) -> None:
    with pytest.raises(Invalid, match="Skriv et mobilnummer, fordi vi sender koder") as refused:
        mobile_number(written, field="employer_phone")
    assert (refused.value.code, refused.value.field) == ("phone_not_mobile", "employer_phone")
    assert len(written) < 5 or written not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" lege@legekontor.example ", ADDRESS),
        ("Ola.O'Neil+mote@bedrift.example", "Ola.O'Neil+mote@bedrift.example"),
        ("post@blåbær.example", "post@xn--blbr-roah.example"),
        ("a@b.co", "a@b.co"),
    ],
)
def test_an_email_address_is_taken_as_it_is_written(written: str, address: str) -> None:
    assert email_address(written) == address


@pytest.mark.parametrize(
    "written",
    [
        *("", "lege", "@legekontor.example", "lege@", "lege@kontor", "lege@@kontor.example", "le ge@kontor.example"),
        *("lege@kontor..example", ".lege@kontor.example", "lege.@kontor.example", "lege@-kontor.example"),
        *(
            "lege@kontor.example\nBcc: a@b.example",
            "a@b.example, c@d.example",
            "Lege <a@b.example>",
            "a@b.example;c@d.no",
        ),
        *(
            "lege@127.0.0.1",
            "løge@kontor.example",
            "a" * 65 + "@kontor.example",
            "a@" + "b." * 200 + "no",
            "\x00a@b.example",
        ),
        *("😀@kontor.example", "a@b.example\r\n.\r\n", '"a b"@c.example'),
    ],
)
def test_what_is_no_email_address_is_said_beside_the_field(written: str) -> None:
    with pytest.raises(Invalid, match="Skriv e-postadressen på formen") as refused:
        email_address(written)
    assert (refused.value.code, refused.value.field) == ("email_not_valid", "email")


@given(st.text(max_size=40))
def test_whatever_is_written_there_is_an_answer_and_altinn_would_take_it(written: str) -> None:
    for read, is_fit in ((mobile_number, checks.is_valid_number), (email_address, checks._EMAIL.search)):
        try:
            assert is_fit(read(written))
        except Invalid:
            continue


@given(st.from_regex(r"(\+47|0047|)[ ]?[0-9 ]{8,12}", fullmatch=True))
def test_altinn_takes_every_number_that_we_take(written: str) -> None:
    try:
        assert checks.is_valid_number(mobile_number(written))
    except Invalid:
        return


def sms(phone: str = PHONE, body: str = "Koden din er 123456.", time_to_live: int = 300) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems_with_sms(phone, body, time_to_live)]


def email(address: str = ADDRESS, subject: str = "Et møte med Nav", body: str = "Hei.") -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems_with_email(address, subject, body)]


def test_an_sms_fits_in_one_and_carries_no_address() -> None:
    assert sms() == sms(body="å" * 160) == []
    assert sms(body="å" * 161) == sms(body="😀" * 81) == sms(body=" \n") == [("body", "blank_or_too_long")]
    assert sms(body="Se https://navmeet.nav.no/i/abc/") == sms(body="Se nav.no") == [("body", "link_in_sms")]
    assert sms(body="Hei\x00") == sms(body="Hei\ud800") == [("body", "control_character")]


def test_an_sms_goes_to_a_mobile_number_and_lives_as_long_as_altinn_lets_it() -> None:
    assert sms(phone="49000000") == sms(phone="+4722000000") == [("phone", "not_a_mobile_number")]
    assert sms(time_to_live=60) == sms(time_to_live=172_800) == []
    assert sms(time_to_live=59) == sms(time_to_live=172_801) == [("time_to_live", "life_too_short_or_long")]


def test_the_link_stands_in_an_email_and_leads_to_us_alone(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://navmeet.nav.no"
    assert email(body="Se\nhttps://navmeet.nav.no/i/abc/\nRing 55 55 33 33.") == []
    for other in (
        "https://navmeet.nav.no.example/i/",
        "http://navmeet.nav.no/i/",
        "javascript://x",
        "https://navmeet.nav.no",
    ):
        assert email(body=f"Se {other} her") == [("body", "link_elsewhere")]
    assert email(subject="Se navmeet.nav.no") == [("subject", "link_in_subject")]


@pytest.mark.parametrize("subject", ["a\nBcc: b@c.example", "a\r\nb", "a\tb", "a\x00", "a\u2028b", "a\x85b"])
def test_a_subject_cannot_begin_another_header(subject: str) -> None:
    assert ("subject", "control_character") in email(subject=subject)


def test_an_email_says_something_and_not_too_much() -> None:
    assert email(subject=" ") == email(subject="a" * 101) == [("subject", "blank_or_too_long")]
    assert email(body="") == email(body="a" * 10_001) == [("body", "blank_or_too_long")]
    assert email(body="a\x0bb") == [("body", "control_character")]
    assert email(address="a b@c.example") == [("address", "not_an_address")]
